"""What AllenNLP misses in torch 2."""

import inspect
import logging
from types import ModuleType
from typing import Any

logger = logging.getLogger(__name__)


def trust_numpy_numbers(module: ModuleType) -> None:
    """
    Lets `--recover` read checkpoints in which a schedule left numbers of numpy, as `cosine` does: `torch.load` refuses
    what is not on its list. They hold a number, and cannot run code.
    """
    import numpy
    import torch

    kinds = {type(numpy.dtype(code)) for code in "?bhilqBHILQefd"}
    scalar: Any = numpy.float64(0).__reduce__()[0]
    torch.serialization.add_safe_globals([scalar, numpy.dtype, *kinds])


def accept_verbose(module: ModuleType) -> None:
    """Builds `reduce_on_plateau` again: it hands on `verbose`, which torch no longer takes."""
    scheduler = module.ReduceOnPlateauLearningRateScheduler
    build, quiet = scheduler.__init__, module.torch.optim.lr_scheduler.ReduceLROnPlateau
    if "verbose" in inspect.signature(quiet.__init__).parameters:
        return

    def __init__(self: Any, optimizer: Any, *args: Any, **kwargs: Any) -> None:
        given = inspect.signature(build).bind(self, optimizer, *args, **kwargs)
        given.apply_defaults()
        keys = {name: value for name, value in given.arguments.items() if name not in ("self", "verbose")}
        if given.arguments["verbose"]:
            logger.warning("learning_rate_scheduler.verbose: torch tells of changed rates no more. Remove the key.")
        module._PyTorchLearningRateSchedulerWrapper.__init__(self, quiet(**keys))

    # AllenNLP reads the keys of a configuration from it.
    __init__.__signature__ = inspect.signature(build)  # type: ignore[attr-defined]
    scheduler.__init__ = __init__
