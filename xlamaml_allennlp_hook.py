"""
Mends what AllenNLP 2.10.1 misses in today's packages, in whatever process imports it and just before it does.

Python runs `xlamaml_allennlp.pth` when it starts, in workers as well, and that imports this file and nothing else.
Until something imports AllenNLP, all that it costs is a look at the names of modules that are imported.
"""

import importlib
import sys
from pathlib import Path
from types import ModuleType

PACKAGE = "xlamaml_allennlp"


class BeforeAllenNLP:
    """Finds no module, and runs `upstream/` when AllenNLP is looked for."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "allennlp":
            sys.meta_path.remove(self)
            upstream()


def upstream() -> None:
    """Imports the room `upstream/` that lies beside this file, without the package around it, which needs AllenNLP."""
    if PACKAGE in sys.modules:
        importlib.import_module(f"{PACKAGE}.upstream")
        return
    bare = ModuleType(PACKAGE)
    bare.__path__ = [str(Path(__file__).parent / PACKAGE)]
    sys.modules[PACKAGE] = bare
    try:
        importlib.import_module(f"{PACKAGE}.upstream")
    finally:
        del sys.modules[PACKAGE]


if "allennlp" not in sys.modules and not any(isinstance(finder, BeforeAllenNLP) for finder in sys.meta_path):
    sys.meta_path.insert(0, BeforeAllenNLP())
