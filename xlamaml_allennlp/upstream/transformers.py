"""What AllenNLP misses in transformers 5."""

import sys
from types import ModuleType
from typing import Any

from xlamaml_allennlp.upstream import releases


def answer_for_adamw(module: ModuleType) -> None:
    """
    Lets `transformers.AdamW` be found.

    transformers is a lazy module that may be put in place anew while it is imported, so a name that is set on it is
    lost. One that its class answers is not.
    """
    lazy: Any = type(module)
    theirs = lazy.__getattr__

    def __getattr__(self: ModuleType, name: str) -> Any:
        if self.__name__ == "transformers" and name == "AdamW":
            from xlamaml_allennlp.upstream.adamw import AdamW

            return AdamW
        try:
            return theirs(self, name)
        except AttributeError:
            if asked_by_allennlp() and not name.startswith("__"):
                raise releases.missing("transformers", f"{self.__name__}.{name}") from None
            raise

    lazy.__getattr__ = __getattr__


def asked_by_allennlp() -> bool:
    """Whether the caller's caller is a module of AllenNLP."""
    return str(sys._getframe(2).f_globals.get("__name__")).startswith("allennlp.")
