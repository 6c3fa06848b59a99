"""Calls a function with a module as soon as something imports it."""

import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

Act = Callable[[ModuleType], None]


def when_imported(name: str, act: Act) -> None:
    """Calls `act` with the module of that name: at once if it is imported already, else when it is."""
    if name in sys.modules:
        act(sys.modules[name])
    else:
        sys.meta_path.insert(0, _Finder(name, act))


class _Finder:
    """Finds the one module that it waits for, as the finders after it do."""

    def __init__(self, name: str, act: Act) -> None:
        self._name, self._act = name, act

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self._name:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            _act_after(spec.loader, self._act)
        return spec


def _act_after(loader: Loader, act: Act) -> None:
    # On the loader itself, so that whoever looks at the spec sees nothing new; a loader is of one module.
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        del loader.exec_module
        execute(module)
        act(sys.modules[module.__name__])  # some packages put another object into their place

    loader.exec_module = exec_module  # type: ignore[method-assign]
