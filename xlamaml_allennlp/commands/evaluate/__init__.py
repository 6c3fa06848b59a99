"""What `allennlp evaluate` is asked for, checked first."""

import functools
import inspect
from typing import Any

from allennlp.commands import evaluate

from xlamaml_allennlp.commands.evaluate.files import check_files

_stock = evaluate.evaluate_from_archive


@functools.wraps(_stock)
def _evaluate_from_archive(*args: Any, **kwargs: Any) -> dict[str, Any]:
    given = inspect.signature(_stock).bind(*args, **kwargs).arguments
    check_files(**{name: given[name] for name in inspect.signature(check_files).parameters if name in given})
    return _stock(*args, **kwargs)


# AllenNLP parses `evaluate` before it imports a plugin, so a subcommand in its place would come too late.
evaluate.evaluate_from_archive = _evaluate_from_archive
