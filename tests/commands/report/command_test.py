"""`allennlp report` as it is called."""

import argparse

import pytest
from allennlp.common.checks import ConfigurationError

from tests.reports.made_up import study
from xlamaml_allennlp.commands.report import Report


def call(*arguments: str) -> None:
    parser = argparse.ArgumentParser()
    # It is registered when the package is imported.
    Report().add_subparser(parser.add_subparsers())
    args = parser.parse_args(["report", *arguments])
    args.func(args)


def test_the_report_is_written_where_it_says(tmp_path, capsys):
    folder = study(tmp_path / "made", {"only": {}}, ["hi"], (0,), 12)
    call(str(folder), "-o", str(tmp_path / "out"))
    said = capsys.readouterr().out
    assert said == f"{tmp_path / 'out' / 'report.html'}\n"
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(ConfigurationError, match="is no folder"):
        call(str(tmp_path / "nowhere"))


def test_no_plugin_is_loaded_for_it_and_one_that_is_named_is_no_error(tmp_path):
    assert not Report.requires_plugins
    folder = study(tmp_path / "made", {"only": {}}, ["hi"], (0,), 12)
    call(str(folder), "--include-package", "xlamaml_allennlp")
    assert (folder / "report" / "report.html").is_file()
