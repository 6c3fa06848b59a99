"""
Keeps quiet what other packages print about themselves on every run, each at its source and nothing else.

A filter here names the message and the module it comes from, so that no warning of this package or of a user's code
is lost. The tests do not use the filters of warnings: pyproject.toml has its own list, and everything else is an error.
"""

import functools
import logging
import os
import warnings
from typing import Any

from allennlp.common import logging as allennlp_logging
from allennlp.common import util as allennlp_util
from torch.nn import Module

logger = logging.getLogger(__name__)

# AllenNLP's own: whoever asks for a level sees everything of it.
LEVELS = ("ALLENNLP_DEBUG", "ALLENNLP_LOG_LEVEL")
# Loggers, and the functions that write, of what fills a screen before a run has begun: a line for every key of the
# config (which is in config.json) and its defaults, the tensors of the first batch, the name of every parameter.
LENGTHY: dict[str, tuple[str, ...]] = {
    "allennlp.common.params": (),
    "allennlp.common.plugins": (),
    "allennlp.common.util": ("log_frozen_and_tunable_parameter_names",),
    "allennlp.training.callbacks.console_logger": ("on_batch", "_log_fields"),
}


def warnings_of_other_packages() -> None:
    """Installs the filters. They act from the package's import on, so AllenNLP's own imports come before them."""
    # Once per training step, because every catch_warnings in torch makes Python forget that it has shown it.
    warnings.filterwarnings("ignore", r"`torch\.cuda\.amp\.", FutureWarning, r"allennlp\.training\.")
    # requirements.txt pins a setuptools that says this to developers only; another environment may hold a newer one.
    warnings.filterwarnings("ignore", r"pkg_resources is deprecated as an API", UserWarning, r"rouge\.")


def screens() -> None:
    """
    Keeps what is lengthy from screens, now and when a run sets its logging up. The file out.log of a run has all of it,
    and so has a screen where the environment sets ALLENNLP_LOG_LEVEL or ALLENNLP_DEBUG.
    """
    set_up, name_all = allennlp_logging.prepare_global_logging, allennlp_util.log_frozen_and_tunable_parameter_names

    @functools.wraps(set_up)
    def prepare_global_logging(*args: Any, **kwargs: Any) -> None:
        set_up(*args, **kwargs)
        keep_screens_short()

    @functools.wraps(name_all)
    def log_frozen_and_tunable_parameter_names(model: Module) -> None:
        name_all(model)
        count_parameters(model)

    allennlp_logging.prepare_global_logging = prepare_global_logging
    allennlp_util.log_frozen_and_tunable_parameter_names = log_frozen_and_tunable_parameter_names
    keep_screens_short()


def keep_screens_short() -> None:
    """Gives the filter to the root logger's handlers that write to a screen, and to no file."""
    if any(os.environ.get(name) for name in LEVELS):
        return
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler and is_short not in handler.filters:
            handler.addFilter(is_short)


def is_short(record: logging.LogRecord) -> bool:
    """Whether a record belongs on a screen: every warning, and what is not lengthy."""
    if record.levelno > logging.INFO or record.name not in LENGTHY:
        return True
    functions = LENGTHY[record.name]
    return bool(functions) and record.funcName not in functions


def count_parameters(model: Module) -> None:
    """One line in the place of the names."""
    frozen, tunable = allennlp_util.get_frozen_and_tunable_parameter_names(model)
    logger.info("%d parameters are trained, and %d are frozen.", len(list(tunable)), len(list(frozen)))
