"""A number that counts something is refused below one, in the same words by every command."""

import argparse

import pytest

from xlamaml_allennlp.commands.meta_check import MetaCheck
from xlamaml_allennlp.commands.study import StudyCommand


@pytest.mark.parametrize("given", ["meta-check c --episodes", "study f -s s --jobs", "study f -s s --workers"])
@pytest.mark.parametrize(("number", "said"), [("0", "0: at least 1"), ("two", "invalid at_least_one value: 'two'")])
def test_a_count_below_one_is_refused_in_the_same_words(given, number, said, capsys):
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    MetaCheck().add_subparser(commands)
    StudyCommand().add_subparser(commands)
    with pytest.raises(SystemExit):
        parser.parse_args([*given.split(), number])
    assert said in capsys.readouterr().err
