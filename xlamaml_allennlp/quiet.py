"""
Keeps quiet what other packages print about themselves on every run, each at its source and nothing else.

A filter here names the message and the module it comes from, so that no warning of this package or of a user's code
is lost. The tests do not use these filters: pyproject.toml has its own list there, and everything else is an error.
"""

import functools
import logging
import sys
import warnings
from typing import Any

import nltk

logger = logging.getLogger(__name__)


def warnings_of_other_packages() -> None:
    """Installs the filters. They act from the package's import on, so AllenNLP's own imports come before them."""
    # Once per training step, because every catch_warnings in torch makes Python forget that it has shown it.
    warnings.filterwarnings("ignore", r"`torch\.cuda\.amp\.", FutureWarning, r"allennlp\.training\.")
    # requirements.txt pins a setuptools that says this to developers only; another environment may hold a newer one.
    warnings.filterwarnings("ignore", r"pkg_resources is deprecated as an API", UserWarning, r"rouge\.")


def downloads_of_allennlp_models() -> None:
    """
    Keeps allennlp_models from asking the network for NLTK's data whenever it is imported.

    It does so for its NarrativeQA scorer, prints to standard error, and on a machine without a network fails, again
    and again. With the data missing that scorer still raises NLTK's own error, which tells how to get the data.
    """
    download = nltk.download

    @functools.wraps(download)
    def unless_imported(*args: Any, **kwargs: Any) -> Any:
        if str(sys._getframe(1).f_globals.get("__name__")).startswith("allennlp_models."):
            logger.debug("not downloading NLTK's %s for allennlp_models", args)
            return False
        return download(*args, **kwargs)

    nltk.download = unless_imported
