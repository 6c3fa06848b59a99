"""`--trust-archive` says on the command line what XLAMAML_TRUST_ARCHIVE says, for as long as the command runs."""

import argparse
import os

import pytest
from allennlp.commands import ArgumentParserWithDefaults
from allennlp.commands.subcommand import Subcommand

import xlamaml_allennlp  # noqa: F401  registers our commands
from xlamaml_allennlp.archives.settings import TRUST, trusts
from xlamaml_allennlp.upstream.trust_option import OPEN_ARCHIVES


class Asked(Subcommand):
    """A command that notes whether it trusts archives, and fails."""

    def __init__(self) -> None:
        self.trusted: list[bool] = []

    def add_subparser(self, parser: argparse._SubParsersAction) -> argparse.ArgumentParser:
        command = parser.add_parser("evaluate")
        command.set_defaults(func=self.run)
        return command

    def run(self, args: argparse.Namespace) -> None:
        self.trusted.append(trusts())
        raise InterruptedError


def parser_of(*subcommands: Subcommand) -> ArgumentParserWithDefaults:
    parser = ArgumentParserWithDefaults()
    commands = parser.add_subparsers()
    for each in subcommands:
        each.add_subparser(commands)
    return parser


@pytest.mark.parametrize("before", [None, "", "0", "1"])
def test_archives_are_trusted_while_the_command_runs_and_no_longer(monkeypatch, before):
    monkeypatch.delenv(TRUST, raising=False)
    if before is not None:
        monkeypatch.setenv(TRUST, before)
    command = Asked()
    for option in ([], ["--trust-archive"]):
        args = parser_of(command).parse_args(["evaluate", *option])
        assert os.environ.get(TRUST) == before
        with pytest.raises(InterruptedError):
            args.func(args)
        assert os.environ.get(TRUST) == before
    assert command.trusted == [before == "1", True]


def test_the_commands_that_open_archives_have_it_and_the_others_do_not():
    names = Subcommand.list_available()
    helps = {name: parser_of(Subcommand.by_name(name)())._subparsers._group_actions[0].choices for name in names}
    offered = {name for name, found in helps.items() if "--trust-archive" in found[name].format_help()}
    assert offered == OPEN_ARCHIVES
