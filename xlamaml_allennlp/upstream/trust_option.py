"""`--trust-archive`, of whatever command opens archives."""

import argparse
import functools
import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

# AllenNLP's commands, and ours.
OPEN_ARCHIVES = {
    "train", "evaluate", "predict", "find-lr", "checklist",
    "average", "export", "meta-check", "episodes", "study",
}  # fmt: skip
ABOUT = "archives are your own: let them name classes by dotted paths and hold other members (docs/security.md)"


class TrustArchives(argparse.Action):
    """Trusts archives while the command runs, in its workers and in what it starts as well."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: Any = None) -> None:
        setattr(namespace, self.dest, True)
        namespace.func = functools.partial(_trusting, namespace.func)


def offer_trust(module: ModuleType) -> None:
    """
    Gives the commands that open archives the option. AllenNLP parses its own before it imports a plugin, so an option
    that a plugin adds would come too late.
    """
    stock = module.ArgumentParserWithDefaults.add_subparsers

    @functools.wraps(stock)
    def add_subparsers(self: Any, **keys: Any) -> Any:
        commands = stock(self, **keys)
        add_parser = commands.add_parser

        @functools.wraps(add_parser)
        def add(name: str, **more: Any) -> Any:
            parser = add_parser(name, **more)
            if name in OPEN_ARCHIVES:
                parser.add_argument("--trust-archive", action=TrustArchives, nargs=0, default=False, help=ABOUT)
            return parser

        commands.add_parser = add
        return commands

    module.ArgumentParserWithDefaults.add_subparsers = add_subparsers


def _trusting(run: Callable[[argparse.Namespace], Any], args: argparse.Namespace) -> Any:
    from xlamaml_allennlp.archives.settings import TRUST

    before = os.environ.get(TRUST)
    os.environ[TRUST] = "1"
    try:
        return run(args)
    finally:
        os.environ.pop(TRUST)
        if before is not None:
            os.environ[TRUST] = before
