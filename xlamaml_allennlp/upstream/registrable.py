"""What AllenNLP says of a name that nobody has registered."""

import functools
import sys
from types import ModuleType
from typing import Any

PLUGIN = "xlamaml_allennlp"
# The module that the package imports after all of its components: in a notebook, `upstream/` alone is there at first.
LAST_ROOM = "xlamaml_allennlp.studies"


def name_the_plugin(module: ModuleType) -> None:
    """Lets the error say how this package's names are registered, as long as nothing has imported it."""
    stock = module.Registrable.resolve_class_name.__func__

    @functools.wraps(stock)
    def resolve_class_name(cls: Any, name: str) -> Any:
        try:
            return stock(cls, name)
        except Exception as error:
            if "is not a registered name" in str(error) and LAST_ROOM not in sys.modules:
                raise type(error)(
                    f"{error} For the names of {PLUGIN}: `import {PLUGIN}` in a program or a notebook, "
                    f"`--include-package {PLUGIN}` on a command line."
                ) from None
            raise

    module.Registrable.resolve_class_name = classmethod(resolve_class_name)
