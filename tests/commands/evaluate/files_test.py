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
        (("a.tsv", "m.json", "./m.json"), "m.json is to be written 2 times"),
        (("a.tsv", "nowhere/m.json"), "nowhere/m.json cannot be written, for there is no folder nowhere"),
        (("all.zip!en/a.tsv", "auto", None, "METRICS"), "a.outputs cannot be written, for there is no folder"),
        (("nowhere/a.tsv", "auto", None, "ALL"), "nowhere/a.outputs cannot be written, for there is no folder nowhere"),
        (("a.tsv", "."), ". cannot be written, for it is a folder"),
        (('{"hi": "a.tsv"}', "auto", None, "METRICS"), "JSON has no name. Give --output-file"),
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
        ("a.tsv", "/dev/null", "/dev/null"),
        ("a.tsv,b.tsv", "/dev/null,/dev/null"),
        ("/dev/stdin", "/dev/stdout", "/dev/null"),
    ],
)
def test_what_evaluate_can_do_is_let_through(files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("en", "hi"):
        Path(folder).mkdir()
    check_files(*files)


@pytest.mark.parametrize("auto_names", ["METRICS", "PREDS", "ALL"])
def test_names_for_files_that_nobody_asked_for_are_a_line_of_the_log(auto_names, caplog):
    # AllenNLP then prints the metrics and writes nothing.
    check_files("a.tsv", None, None, auto_names)
    missing = {"METRICS": ["--output-file"], "PREDS": ["--predictions-output-file"]}
    wanted = missing.get(auto_names, missing["METRICS"] + missing["PREDS"])
    assert [record.args for record in caplog.records] == [(auto_names, option) for option in wanted]


@pytest.mark.parametrize(
    "arguments",
    [
        {"input_file": "dev.tsv", "metrics_output_file": "dev.tsv"},
        {"input_file": "dev.tsv", "predictions_output_file": "folder/../dev.tsv"},
        {"input_file": "other.tsv,dev.tsv", "metrics_output_file": "m.json,link.tsv"},
        {"input_file": '{"hi": "dev.tsv"}', "metrics_output_file": "hard.tsv"},
        {"input_file": "all.zip!dev.tsv", "metrics_output_file": "all.zip"},
        {"input_file": "x.outputs", "metrics_output_file": "auto", "auto_names": "METRICS"},
        {"input_file": "other.tsv", "metrics_output_file": "all.zip", "archive_file": "all.zip"},
        {"input_file": "other.tsv", "metrics_output_file": "dev.tsv", "weights_file": "dev.tsv"},
    ],
)
def test_nothing_that_is_read_is_written(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("dev.tsv", "all.zip", "x.outputs"):
        Path(name).write_text("kept")
    Path("folder").mkdir()
    Path("link.tsv").symlink_to("dev.tsv")
    Path("hard.tsv").hardlink_to("dev.tsv")
    with pytest.raises(ConfigurationError, match="is to be written, and read as well"):
        check_files(**arguments)


def test_a_file_of_an_earlier_evaluation_may_be_written_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("dev.tsv", "m.json", "model.tar.gz"):
        Path(name).write_text("old")
    check_files("dev.tsv", "m.json", archive_file="model.tar.gz")


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
