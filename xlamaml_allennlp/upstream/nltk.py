"""What NLTK does whenever allennlp_models is imported."""

import functools
import logging
import sys
from types import ModuleType
from typing import Any

logger = logging.getLogger(__name__)


def keep_downloads_quiet(module: ModuleType) -> None:
    """
    Keeps allennlp_models from asking the network for NLTK's data whenever it is imported.

    It does so for its NarrativeQA scorer, prints to standard error, and on a machine without a network fails, again
    and again. With the data missing that scorer still raises NLTK's own error, which tells how to get the data.
    """
    download = module.download

    @functools.wraps(download)
    def unless_imported(*args: Any, **kwargs: Any) -> Any:
        if str(sys._getframe(1).f_globals.get("__name__")).startswith("allennlp_models."):
            logger.debug("not downloading NLTK's %s for allennlp_models", args)
            return False
        return download(*args, **kwargs)

    module.download = unless_imported  # type: ignore[attr-defined]
