"""Lets `--version` of AllenNLP's command line say this package's version as well."""

import argparse
import functools
from typing import Any

from allennlp.commands import ArgumentParserWithDefaults

from xlamaml_allennlp.version import VERSION


def name_ours_beside_allennlps() -> None:
    """
    Completes what `--version` says, when the command line is parsed.

    AllenNLP composes the text before it loads plugins, and parses after.
    """
    parse = ArgumentParserWithDefaults.parse_args

    @functools.wraps(parse)
    def parse_args(self: ArgumentParserWithDefaults, *arguments: Any, **named: Any) -> Any:
        for action in self._actions:
            if isinstance(action, argparse._VersionAction) and action.version:
                action.version = f"{action.version}, xlamaml_allennlp {VERSION}"
        return parse(self, *arguments, **named)

    ArgumentParserWithDefaults.parse_args = parse_args  # type: ignore[method-assign, assignment]
