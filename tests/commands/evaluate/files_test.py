import re
from pathlib import Path

import pytest
from allennlp.commands import evaluate
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.commands.evaluate.files import check_files


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (("a.tsv,b.tsv", "m.json"), "--output-file: 1 to write, 2 to evaluate on"),
        (("a.tsv,b.tsv", None, "1.jsonl"), "--predictions-output-file: 1 to write, 2 to"),
        (('{"hi": "a.tsv", "sw": "b.tsv"}', "1.json,2.json"), "--output-file: 2 to write, 1 to"),
        (("en/test.tsv,hi/test.tsv",), "en/test.tsv, hi/test.tsv: 2 files to evaluate are called test"),
        (("a.tsv,b.tsv", "m.json,m.json"), "m.json is to be written 2 times"),
        (("a.tsv", "m.json", "m.json"), "m.json is to be written 2 times"),
        (("a.tsv", "nowhere/m.json"), "nowhere/m.json cannot be written, for there is no folder nowhere"),
        (('{"hi": "a.tsv"}', "auto", None, "METRICS"), "JSON has no name. Give --output-file"),
        (("a.tsv", None, None, "METRICS"), "without --output-file AllenNLP writes nothing"),
        (("a.tsv", "auto", None, "ALL"), "without --predictions-output-file AllenNLP writes nothing"),
    ],
)
def test_files_that_would_be_lost_are_refused(files, problem):
    with pytest.raises(ConfigurationError, match=re.escape(problem)):
        check_files(*files)


@pytest.mark.parametrize(
    "files",
    [
        ("a.tsv",),
        ("a.tsv,b.tsv", "1.json,2.json", "1.jsonl,2.jsonl"),
        ('{"hi": "a.tsv", "sw": "a.tsv"}', "1.json"),
        ('{"hi": "a.tsv"}, {"sw": "a.tsv"}', "1.json,2.json"),
        ("en/dev.tsv,hi/test.tsv", "auto", "auto", "ALL"),
    ],
)
def test_what_evaluate_can_do_is_let_through(files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check_files(*files)


def test_automatic_names_that_meet_are_refused(tmp_path):
    # AllenNLP calls both by the name without the ending.
    given = Path("dev.outputs")
    with pytest.raises(ConfigurationError, match="is to be written 2 times"):
        check_files("dev.tsv", "auto", str(given), "METRICS")


def test_evaluate_looks_at_its_files_before_it_loads_an_archive():
    with pytest.raises(ConfigurationError, match="1 to write, 2 to"):
        evaluate.evaluate_from_archive("nowhere.tar.gz", "a.tsv,b.tsv", "m.json")
    with pytest.raises(ConfigurationError, match="are called a"):
        evaluate.evaluate_from_archive(archive_file="nowhere.tar.gz", input_file="x/a.tsv,y/a.tsv")
    with pytest.raises(FileNotFoundError):
        evaluate.evaluate_from_archive("nowhere.tar.gz", "a.tsv,b.tsv")
