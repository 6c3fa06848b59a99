"""Notes of studies that were begun before digests told contents from paths: what is finished stays so."""

import hashlib
import json
from typing import Any

import pytest

from tests.studies.instant import Bench, run, study


@pytest.fixture
def bench(tmp_path, monkeypatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "hi.tsv").write_text("a\n")
    return Bench(tmp_path)


def two(data: str = '{"hi": "here/hi.tsv"}') -> dict[str, Any]:
    """A run on data and with an encoder of a hub, one that goes on from it, and an evaluation."""
    config = {"train_data_path": data, "model": {"model_name": "xlm-roberta-base"}}
    return study(
        {"first": run(**config), "second": run("first")}, {"e": {"run": "second", "data": {"hi": "here/hi.tsv"}}}
    )


def note(bench: Bench, run: str) -> Any:
    return json.loads((bench.folder / "runs" / f"{run}.json").read_text())


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


CONTENT = hashlib.sha256(b"a\n").hexdigest()


def note_as_before(bench: Bench, content: dict[str, Any], paths: list[str]) -> None:
    """Has the notes of `two` say what they said when digests held the paths: these, in this order."""
    of_test, of_first = digest([["here/hi.tsv", CONTENT]]), digest([[path, CONTENT] for path in paths])
    code = note(bench, "first")["code"]
    needs: dict[str, str] = {}
    notes: dict[str, Any] = {}
    for name in ("first", "second"):
        config = digest(content["runs"][name]["config"])
        data = of_first if name == "first" else digest([])
        notes[name] = {"config": config, "data": data, "code": code, "needs": needs}
        needs = {f"runs/{name}": digest(notes[name])}
        file = bench.folder / "runs" / f"{name}.json"
        file.write_text(json.dumps({"status": "done", "seconds": 1.0, **notes[name]}))
    record_file = bench.folder / "evaluations" / "e" / "evaluation.json"
    config = digest([[["hi", "here/hi.tsv"]], ["second"], ""])
    identity = {"config": config, "data": of_test, "code": code, "needs": needs}
    record_file.write_text(json.dumps({**json.loads(record_file.read_text()), "identity": identity}))


def test_notes_with_paths_in_their_digests_are_understood(bench, tmp_path):
    content = two()
    bench.do(content)
    note_as_before(bench, content, ["here/hi.tsv"])
    assert bench.do(content) == []
    (tmp_path / "here" / "hi.tsv").write_text("b\n")
    with pytest.raises(SystemExit, match="runs/first holds other results: its data have changed"):
        bench.do(content)
    (tmp_path / "here" / "hi.tsv").unlink()
    assert bench.do(content) == []


def test_in_such_notes_data_are_in_the_order_of_their_text(bench, tmp_path):
    (tmp_path / "here" / "de.tsv").write_text("a\n")
    content = two('{"hi": "here/hi.tsv", "de": "here/de.tsv"}')
    bench.do(content)
    note_as_before(bench, content, ["here/hi.tsv", "here/de.tsv"])
    assert bench.do(content) == []
