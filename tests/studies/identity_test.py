"""By what a finished step is recognised: what its files hold, wherever they lie, and whether or not they are there."""

import hashlib
import json
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


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def test_notes_of_studies_that_were_begun_before_are_understood(bench, tmp_path):
    content = two(encoder="xlm-roberta-base")
    bench.do(content)
    data = digest([["here/hi.tsv", hashlib.sha256(b"a\n").hexdigest()]])
    code, needs, notes = note(bench, "first")["code"], {}, {}
    for name in ("first", "second"):
        config = digest(content["runs"][name]["config"])
        notes[name] = {"config": config, "data": data if name == "first" else digest([]), "code": code, "needs": needs}
        needs = {f"runs/{name}": digest(notes[name])}
        file = bench.folder / "runs" / f"{name}.json"
        file.write_text(json.dumps({"status": "done", "seconds": 1.0, **notes[name]}))
    record_file = bench.folder / "evaluations" / "e" / "evaluation.json"
    config = digest([[["hi", "here/hi.tsv"]], ["second"], ""])
    identity = {"config": config, "data": data, "code": code, "needs": needs}
    record_file.write_text(json.dumps({**json.loads(record_file.read_text()), "identity": identity}))
    assert bench.do(content) == []
    (tmp_path / "here" / "hi.tsv").write_text("b\n")
    with pytest.raises(SystemExit, match="runs/first holds other results: its data have changed"):
        bench.do(content)
    (tmp_path / "here" / "hi.tsv").unlink()
    assert bench.do(content) == []
