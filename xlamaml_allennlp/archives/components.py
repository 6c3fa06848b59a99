"""What the config of an archive may build: registered components, while it is opened and whenever after."""

import functools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError
from allennlp.common.registrable import Registrable

from xlamaml_allennlp.archives.entries import entries_of
from xlamaml_allennlp.archives.settings import TRUSTING, trusts

# Every dotted text in the configs of the archives that are being opened, and whose it is: nothing but theirs is built
# meanwhile. Which texts of a config are names of components nobody knows before: `"tokenizer": "a.b"` may be one.
_opening: ContextVar[Optional[dict[str, str]]] = ContextVar("opening", default=None)
# After that these very texts, by `id`, wherever they have gone: into a `Lazy`, a predictor, `archive.config`. The same
# words in a config of one's own are another text. Each is kept, so that no other text comes to have its `id`.
_opened: dict[int, tuple[str, str]] = {}


@contextmanager
def opening() -> Iterator[None]:
    """Within, what is built is an archive's: the texts of its config stand for no class that is not registered."""
    token = _opening.set(dict(_opening.get() or {}))
    try:
        yield
    finally:
        _opening.reset(token)


def refuse(config: Any, archive: str) -> None:
    """Lets no text of the config of an archive that is being opened stand for a class that is not registered."""
    found = _opening.get()
    if found is not None and not trusts():
        found.update((text, archive) for text in _dotted(config))


def refuse_later(config: Any) -> None:
    """
    The same for what is built of the config once the archive is open: `predict` and `evaluate` do.

    # Parameters

    config : `Any`
        The config as it was read, whose values are what components were given. What overrides have put into it, and no
        archive, is the user's.
    """
    found = _opening.get() or {}
    _opened.update((id(text), (text, found[text])) for text in _dotted(config) if text in found)


def build_only_registered() -> None:
    """Has AllenNLP look for a class by its dotted path, such as `subprocess.Popen`, only if no archive names it."""
    stock = Registrable.resolve_class_name.__func__  # type: ignore[attr-defined]

    @functools.wraps(stock)
    def resolve_class_name(cls: Any, name: str) -> Any:
        archive = _archive_of(name)
        if archive is not None and name not in Registrable._registry[cls]:
            raise ConfigurationError(
                f'{archive}: its config.json asks for "{name}", which is not registered as a {cls.__name__}, '
                f"and an archive may build registered components only. If it is yours, {TRUSTING}; or "
                "register the class and --include-package its module."
            )
        return stock(cls, name)

    Registrable.resolve_class_name = classmethod(resolve_class_name)  # type: ignore[assignment, method-assign]


def _archive_of(name: str) -> Optional[str]:
    """The archive whose config has this name; `None` if it is somebody else's."""
    found = _opening.get()
    if found is not None and name in found:
        return found[name]
    return _opened[id(name)][1] if id(name) in _opened else None


def _dotted(config: Any) -> Iterable[str]:
    return (text for _, text in entries_of(config) if isinstance(text, str) and "." in text)
