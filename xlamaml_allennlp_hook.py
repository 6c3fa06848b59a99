"""
Mends what AllenNLP 2.10.1 misses in today's packages, in whatever process imports it and just before it does.

Python runs `xlamaml_allennlp.pth` when it starts, in workers as well, and that imports this file and nothing else.
Until something imports AllenNLP, all that it costs is a look at the names of modules that are imported.
"""

# Every start of Python waits for this file: whatever else it needs is imported when AllenNLP is.
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec
    from types import ModuleType

PACKAGE = "xlamaml_allennlp"


class BeforeAllenNLP:
    """
    Finds AllenNLP as the finders after it do, and lets `upstream/` run before AllenNLP's own code, until both succeed.

    Whoever only asks whether there is an AllenNLP gets the answer, and nothing runs.
    """

    asks_others = False

    def find_spec(self, name: str, path: object = None, target: object = None) -> "ModuleSpec | None":
        if name != "allennlp" or self.asks_others:
            return None
        from importlib.util import find_spec

        self.asks_others = True
        try:
            spec = find_spec(name)
        finally:
            self.asks_others = False
        if spec is not None and spec.loader is not None:
            self._run_first(spec.loader)
        return spec

    def _run_first(self, loader: "Loader") -> None:
        execute = loader.exec_module

        def exec_module(module: "ModuleType") -> None:
            vars(loader).pop("exec_module", None)
            upstream()
            execute(module)
            if self in sys.meta_path:
                sys.meta_path.remove(self)

        loader.exec_module = exec_module  # type: ignore[method-assign]


def upstream() -> None:
    """Imports the room `upstream/` that lies beside this file, without the package around it, which needs AllenNLP."""
    import importlib
    from os.path import dirname, join

    if PACKAGE in sys.modules:
        importlib.import_module(f"{PACKAGE}.upstream")
        return
    bare = type(sys)(PACKAGE)
    bare.__path__ = [join(dirname(__file__), PACKAGE)]
    sys.modules[PACKAGE] = bare
    try:
        importlib.import_module(f"{PACKAGE}.upstream")
    finally:
        del sys.modules[PACKAGE]


if "allennlp" not in sys.modules and not any(isinstance(finder, BeforeAllenNLP) for finder in sys.meta_path):
    sys.meta_path.insert(0, BeforeAllenNLP())
