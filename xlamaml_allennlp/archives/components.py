"""What the config of an archive may build: registered components."""

import functools
from collections.abc import Iterable
from typing import Any

from allennlp.common.checks import ConfigurationError
from allennlp.common.registrable import Registrable

from xlamaml_allennlp.archives.settings import TRUST

# Every dotted text in the configs of archives that were opened, and the archive. Whoever asks for a class by one of
# them, now or later, has the name from there.
_refused: dict[str, str] = {}


def refuse(texts: Iterable[str], archive: str) -> None:
    """
    Lets none of these texts stand for a class that is not registered.

    Which texts of a config are names of components nobody knows before they are built: `"tokenizer": "a.b"` may be one.
    """
    _refused.update((text, archive) for text in texts if "." in text)


def build_only_registered() -> None:
    """
    Has AllenNLP look for a class by its dotted path, such as `subprocess.Popen`, only if no archive names it.
    """
    stock = Registrable.resolve_class_name.__func__  # type: ignore[attr-defined]

    @functools.wraps(stock)
    def resolve_class_name(cls: Any, name: str) -> Any:
        if name in _refused and name not in Registrable._registry[cls]:
            raise ConfigurationError(
                f'{_refused[name]}: its config.json asks for "{name}", which is not registered as a {cls.__name__}, '
                "and an archive may build registered components only. If it is yours, set "
                f"{TRUST}=1, or register the class and --include-package its module."
            )
        return stock(cls, name)

    Registrable.resolve_class_name = classmethod(resolve_class_name)  # type: ignore[assignment, method-assign]
