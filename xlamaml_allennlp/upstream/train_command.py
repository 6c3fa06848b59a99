"""What `allennlp train` is asked for in vain."""

import functools
import inspect
from types import ModuleType
from typing import Any


def refuse_testing_by_one_worker(module: ModuleType) -> None:
    """
    Refuses `evaluate_on_test` to a run of several workers, before it begins.

    One worker alone evaluates then, after the training. Metrics add up over all workers, so it waits for those that
    have ended, and the finished run ends without an archive.
    """
    train_model = module.train_model

    @functools.wraps(train_model)
    def train(*args: Any, **kwargs: Any) -> Any:
        params = inspect.signature(train_model).bind(*args, **kwargs).arguments["params"]
        keys = ("distributed", "evaluate_on_test", "test_data_path")
        if all(params.get(key) for key in keys):
            from allennlp.common.checks import ConfigurationError

            raise ConfigurationError(
                "evaluate_on_test is true, and `distributed` asks for several workers: only the first of them would "
                "evaluate, and wait for the others without end. Set evaluate_on_test to false, and run `allennlp "
                "evaluate` on the archive."
            )
        return train_model(*args, **kwargs)

    module.train_model = train  # type: ignore[attr-defined]
