"""What AllenNLP misses in huggingface_hub 1 and 2: only `allennlp push-to-hf` needs it."""

from types import ModuleType
from typing import Any, NoReturn

REASON = (
    "`allennlp push-to-hf` needs the git repositories that huggingface_hub dropped with 1.0. Upload the run's folder "
    "with `hf upload NAME FOLDER` instead."
)


class Removed:
    """A class that is gone, as far as importing its name needs it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(REASON)


def supply_names(module: ModuleType) -> None:
    """Lets `HfFolder` and `Repository` be imported, but not be used."""
    for name in ("HfFolder", "Repository"):
        if name not in dir(module):
            setattr(module, name, Removed)


def refuse_pushing(module: ModuleType) -> None:
    """Makes the command say at once why it cannot work."""

    def push_to_hf(*args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(REASON)

    module.push_to_hf = push_to_hf  # type: ignore[attr-defined]
