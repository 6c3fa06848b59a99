"""By what a finished step is recognised: what its files hold, wherever they lie, and whether or not they are there."""

import hashlib
import json
import re
import shutil
from typing import Any

import pytest

from tests.studies.instant import Bench, run, study


@pytest.fixture
def bench(tmp_path, monkeypatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    lay_out(tmp_path / "here")
    return Bench(tmp_path)


def lay_out(folder) -> None:
    (folder / "encoders").mkdir(parents=True)
    (folder / "encoders" / "config.json").write_text("{}")
    (folder / "hi.tsv").write_text("a\n")


def two(data: str = "here/hi.tsv", encoder: str = "./here/encoders") -> dict[str, Any]:
    """A run on data and with an encoder that its reader names as well, one that goes on from it, and an evaluation."""
    config = {"train_data_path": {"hi": data}, "model": {"model_name": encoder}, "dataset_reader": {"name": encoder}}
    return study({"first": run(**config), "second": run("first")}, {"e": {"run": "second", "data": {"hi": data}}})


def note(bench: Bench, run: str) -> Any:
    return json.loads((bench.folder / "runs" / f"{run}.json").read_text())


ALL = ["train first", "train second", "evaluate second"]


def test_files_that_lie_elsewhere_are_the_same(bench, tmp_path):
    assert bench.do(two()) == ALL
    (tmp_path / "here").rename(tmp_path / "there")
    assert bench.do(two("there/hi.tsv", f"{tmp_path}/there/encoders")) == []
    # What reports compare data by follows.
    record = json.loads((bench.folder / "evaluations" / "e" / "evaluation.json").read_text())
    assert record["targets"] == {"hi": "there/hi.tsv"}


def test_a_note_says_which_files_it_is_of(bench):
    bench.do(two())
    assert note(bench, "first")["paths"] == {"train_data_path.hi": "here/hi.tsv", "model.model_name": "./here/encoders"}
    assert note(bench, "first")["data"]["train_data_path.hi"] == hashlib.sha256(b"a\n").hexdigest()


def test_other_content_is_something_else_and_so_is_another_name_by_which_a_reader_knows_the_language(bench, tmp_path):
    bench.do(two())
    (tmp_path / "here" / "ur.tsv").write_text("a\n")
    with pytest.raises(SystemExit, match="runs/first holds other results: its config has changed"):
        bench.do(two("here/ur.tsv"))
    (tmp_path / "here" / "encoders" / "config.json").write_text("[]")
    with pytest.raises(SystemExit, match="runs/first holds other results: its data have changed"):
        bench.do(two())


@pytest.mark.parametrize("option", [(), ("--replace",)])
def test_what_is_done_stays_so_where_its_files_are_not_there(bench, tmp_path, capsys, option):
    bench.do(two())
    shutil.rmtree(tmp_path / "here")
    capsys.readouterr()
    assert bench.do(two(), *option) == []
    assert "2 files, ./here/encoders first, are not there" in capsys.readouterr().out
    assert bench.archives() == {"first", "second"}
    # Where they are there again nothing is unknown.
    lay_out(tmp_path / "here")
    (tmp_path / "here" / "hi.tsv").write_text("b\n")
    with pytest.raises(SystemExit, match="runs/first holds other results: its data have changed"):
        bench.do(two())


def test_the_name_of_a_folder_is_not_taken_for_one_of_a_hub_where_the_folder_is_gone(bench, tmp_path):
    bench.do(two(encoder="here/encoders"))
    shutil.rmtree(tmp_path / "here" / "encoders")
    assert bench.do(two(encoder="here/encoders")) == []
    with pytest.raises(SystemExit, match="runs/first holds other results: its data have changed"):
        bench.do(two(encoder="other/encoder"))


def test_a_file_that_is_not_there_is_an_error_for_what_is_still_to_be_done(bench, tmp_path):
    bench.do(two(), "--only", "runs/first")
    (tmp_path / "here" / "hi.tsv").unlink()
    with pytest.raises(SystemExit, match=r"here/hi\.tsv: no such file or folder\. evaluations/e would read it"):
        bench.do(two())
    assert bench.archives() == {"first"}
    assert bench.do(two(), "--only", "runs/second") == ["train second"]
    (tmp_path / "here" / "hi.tsv").write_text("a\n")
    assert bench.do(two()) == ["evaluate second"]


def one(**config: Any) -> dict[str, Any]:
    return study({"first": run(**config), "second": run("first")})


def write(file, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_two_languages_of_one_file_may_have_a_copy_each(bench, tmp_path):
    both = {"hi": "here/hi.tsv", "ur": "here/hi.tsv"}
    bench.do(one(train_data_path=both))
    write(tmp_path / "there" / "hi.tsv", "a\n")
    assert bench.do(one(train_data_path={**both, "ur": "there/hi.tsv"})) == []
    assert bench.do(one(train_data_path={**both, "hi": "there/hi.tsv"})) == []
    (tmp_path / "there" / "hi.tsv").write_text("b\n")
    with pytest.raises(SystemExit, match=r"runs/first holds other results: its data have changed\."):
        bench.do(one(train_data_path={**both, "ur": "there/hi.tsv"}))


def test_a_folder_is_the_same_with_a_slash_at_its_end(bench):
    content = study({"a": run(train_data_path="here")}, {"e": {"run": "a", "data": {"hi": "here"}}})
    bench.do(content)
    assert bench.do(json.loads(json.dumps(content).replace('"here"', '"here/"'))) == []


def test_folders_in_a_folder_of_data_may_be_links(bench, tmp_path):
    write(tmp_path / "elsewhere" / "ur.tsv", "a\n")
    (tmp_path / "here" / "more").symlink_to("../elsewhere")
    # Two folders that link to each other have no end.
    (tmp_path / "elsewhere" / "back").symlink_to("../here")
    bench.do(one(train_data_path="here"))
    assert bench.do(one(train_data_path="here")) == []
    (tmp_path / "elsewhere" / "ur.tsv").write_text("b\n")
    with pytest.raises(SystemExit, match="runs/first holds other results: its data have changed"):
        bench.do(one(train_data_path="here"))


@pytest.mark.parametrize(
    "naming",
    [
        lambda path: {"dataset_reader": {"model_name": path}},
        lambda path: {"dataset_reader": {"type": "episodes", "reader": {"reader": {"model_name": path}}}},
        lambda path: {"dataset_reader": {"token_indexers": {"tokens": {"model_name": path}}}},
        lambda path: {"validation_dataset_reader": {"readers": [{"pretrained_file": path}]}},
        lambda path: {"vocabulary": {"type": "from_pretrained_transformer", "model_name": path}},
        lambda path: {"model": {"embedder": {"model_name": path}}},
    ],
)
def test_an_encoder_that_another_part_than_the_model_names_is_one_by_its_content(bench, tmp_path, naming):
    bench.do(one(**naming("here/encoders")))
    shutil.copytree(tmp_path / "here" / "encoders", tmp_path / "there")
    assert bench.do(one(**naming("./there"))) == []
    (tmp_path / "here" / "encoders" / "config.json").write_text("[]")
    with pytest.raises(SystemExit, match=r"runs/first holds other results: its data have changed\."):
        bench.do(one(**naming("here/encoders")))
    shutil.rmtree(tmp_path / "here" / "encoders")
    assert bench.do(one(**naming("here/encoders"))) == []
    (tmp_path / "other").mkdir()
    with pytest.raises(SystemExit, match=r"nowhere/at/all: no such file or folder\. runs/first would read it"):
        Bench(tmp_path / "other").do(one(**naming("nowhere/at/all")))


def test_the_name_of_a_hub_in_a_reader_is_a_part_of_the_config(bench):
    bench.do(one(dataset_reader={"model_name": "xlm-roberta-base"}))
    assert note(bench, "first")["data"] == {}
    with pytest.raises(SystemExit, match=r"runs/first holds other results: its config has changed\."):
        bench.do(one(dataset_reader={"model_name": "xlm-roberta-large"}))


@pytest.mark.parametrize("text", ["{oops", "{}}", '{"hi": '])
def test_what_is_no_json_is_a_path(bench, text):
    with pytest.raises(SystemExit, match=re.escape(f"{text}: no such file or folder. runs/first would read it")):
        bench.do(one(train_data_path=text))


def test_data_that_another_run_makes_are_no_files_yet(bench):
    made = "{runs}/first/predictions.jsonl"
    runs = {"first": run(), "second": run(train_data_path=made), "third": run(train_data_path={"hi": made})}
    assert bench.do(study(runs)) == ["train first", "train second", "train third"]
