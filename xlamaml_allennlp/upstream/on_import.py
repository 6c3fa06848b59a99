"""Calls a function with a module as soon as something imports it."""

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

Act = Callable[[ModuleType], None]
During = Callable[[], AbstractContextManager[None]]


def when_imported(name: str, act: Act) -> None:
    """Calls `act` with the module of that name: at once if it is imported already, else when it is."""
    if name in sys.modules:
        act(sys.modules[name])
    else:
        sys.meta_path.insert(0, _Finder(name, act))


def while_imported(name: str, during: During) -> None:
    """Executes the module of that name in the context that `during` makes, if it is not imported already."""
    if name not in sys.modules:
        sys.meta_path.insert(0, _Finder(name, lambda module: None, during))


class _Finder:
    """Finds the one module that it waits for, as the finders after it do, until the module has been executed."""

    def __init__(self, name: str, act: Act, during: During = nullcontext) -> None:
        self._name, self._act, self._during = name, act, during
        self._asks_others = False

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self._name or self._asks_others:
            return None
        self._asks_others = True
        try:
            spec = find_spec(name)
        finally:
            self._asks_others = False
        if spec is not None and spec.loader is not None:
            self._act_after(spec.loader)
        return spec

    def _act_after(self, loader: Loader) -> None:
        # On the loader itself, which is of this module alone, so that whoever looks at the spec sees nothing new.
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            vars(loader).pop("exec_module", None)
            with self._during():
                execute(module)
            if self in sys.meta_path:  # some packages only ask whether there is such a module, before it is imported
                self._act(sys.modules[module.__name__])  # some put another object into their place
                sys.meta_path.remove(self)  # after that, so that an import that fails here can be tried again

        loader.exec_module = exec_module  # type: ignore[method-assign]
