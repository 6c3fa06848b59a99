"""The subcommands of the package and their options, as their parsers know them."""

import argparse
from collections.abc import Iterator

from allennlp.commands.subcommand import Subcommand

import xlamaml_allennlp  # noqa: F401  registers the subcommands


def page() -> str:
    """The reference of subcommands, as Markdown."""
    lines = [
        "# Commands\n",
        "`python -m xlamaml_allennlp NAME` runs AllenNLP's commands and these, in any folder; `allennlp NAME` does so",
        "too, in a folder with a `.allennlp_plugins` that names the package.\n",
    ]
    for name, parser in sorted(parsers().items()):
        lines += [f"## `{name}`\n", f"{parser.description}\n", *_options(parser)]
    return "\n".join(lines)


def parsers() -> dict[str, argparse.ArgumentParser]:
    """By name: the parser of each subcommand of the package."""
    made = {}
    for name in Subcommand.list_available():
        command = Subcommand.by_name(name)()
        if type(command).__module__.split(".")[0] == "xlamaml_allennlp":
            made[name] = command.add_subparser(argparse.ArgumentParser().add_subparsers())
    return made


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        names = ", ".join(f"`{each}`" for each in action.option_strings or [action.dest.upper()])
        yield f"{names}\n:   {(action.help or '') % {**vars(action), 'prog': parser.prog}}\n"
