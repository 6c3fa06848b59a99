"""
For `benchmarks.gpu_check`, on a machine of others: large packages that AllenNLP imports and nothing there calls.

Python runs this file when it starts with this folder on its path. What the machine has is what it has; only names that
nobody else finds are stood in for.
"""

import contextlib
import importlib.abc
import sys
import types
from importlib.machinery import ModuleSpec

STAND_INS = (
    *("spacy", "boto3", "botocore", "fairscale", "h5py", "google.cloud", "google.api_core", "google.auth"),
    *("pyarrow", "scipy", "sklearn", "torchvision"),
)


class Anything(type):
    """A class that has whatever is asked of it."""

    def __getattr__(cls, name: str) -> "Anything":
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(name, (), {})


class StandIn(types.ModuleType):
    """A package that has whatever is asked of it."""

    __path__: list[str] = []
    __version__ = "3.8.0"  # AllenNLP compares spacy's

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return sys.modules.get(f"{self.__name__}.{name}") or Anything(name, (), {})


class LastFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds what no other finder has found."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> "ModuleSpec | None":
        stood_in = name == "google" or any(name == top or name.startswith(f"{top}.") for top in STAND_INS)
        return ModuleSpec(name, self, is_package=True) if stood_in else None

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return StandIn(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


sys.meta_path.append(LastFinder())
with contextlib.suppress(ImportError):
    import xlamaml_allennlp_hook  # noqa: F401, what the project's .pth file does where it is installed
