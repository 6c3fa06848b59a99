"""docs/studies.md names what a study file and the command take: all of it, and nothing else."""

import argparse
import re
from pathlib import Path

import pytest

from xlamaml_allennlp.commands.study.command import StudyCommand
from xlamaml_allennlp.studies.reading import KEYS

PAGE = (Path(__file__).parents[2] / "docs" / "studies.md").read_text(encoding="utf-8")
HEADS = {
    "the study": "the study",
    "run": "a run",
    "evaluation": "an evaluation",
    "resources": "`resources`",
    "best_of": "`best_of`",
    "candidate": "a candidate",
}


def first_column(head: str) -> list[str]:
    """The names in the first column of the table with this head, in order."""
    (rows,) = re.findall(rf"^\| {re.escape(head)} \| \|\n\|---\|---\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [name for row in rows.splitlines() for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


def test_each_object_of_a_study_has_a_table():
    assert set(HEADS) == set(KEYS)


@pytest.mark.parametrize("kind", HEADS)
def test_the_page_names_every_key_once(kind):
    assert sorted(first_column(HEADS[kind])) == sorted(KEYS[kind])


def test_the_page_names_every_option_once():
    command = StudyCommand().add_subparser(argparse.ArgumentParser().add_subparsers())
    options = [name for action in command._actions for name in action.option_strings or [action.dest.upper()]]
    assert sorted(first_column("`allennlp study`")) == sorted(set(options) - {"-h", "--help"})
