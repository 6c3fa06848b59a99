"""What is said before anything is done: files that are missing, what the rest takes, whether it has room."""

import json
import shutil
import zipfile
from collections import namedtuple

import pytest

from tests.studies.instant import run, study
from xlamaml_allennlp.studies.content import inputs


def test_every_missing_file_is_found_before_any_run(bench, tmp_path):
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr("there.tsv", "a")
    content = study(
        {
            "a": run(train_data_path="hi.tsv"),
            "b": run(train_data_path={"hi": "hi.tsv", "sw": "sw.tsv"}, model={"model_name": "./encoder"}),
            "m": run(train_data_path="hi.tsv", model={"model_name": "demo/runs/encoder"}),
            "h": run(train_data_path="hi.tsv", model={"model_name": "FacebookAI/xlm-roberta-base"}),
            "c": run(validation_data_path="data.zip!absent.tsv", train_data_path="data.zip!there.tsv"),
        },
        {
            "e": {"run": "a", "data": {"hi": "test.tsv", "sw": "sw.tsv"}},
            "f": {"run": "b", "data": {"hi": "https://example.org/hi.tsv"}},
        },
    )
    with pytest.raises(SystemExit) as ended:
        bench.do(content)
    assert bench.launch.called == []
    # In the order of the steps: an evaluation follows its run.
    assert [line.strip() for line in str(ended.value).splitlines() if line.startswith("  ")] == [
        "test.tsv: no such file or folder. evaluations/e would read it.",
        "sw.tsv: no such file or folder. evaluations/e and 1 more would read it.",
        "./encoder: no such file or folder. runs/b would read it.",
        "data.zip!absent.tsv: data.zip has no member absent.tsv. runs/c would read it.",
        "demo/runs/encoder: no such file or folder. runs/m would read it.",
    ]


@pytest.mark.parametrize("key", ["model_name", "pretrained_file"])
def test_what_can_be_no_name_of_a_hub_is_a_path(key, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for path in ("demo/runs/encoder", "./encoder", "../encoder", "/encoder", "~/encoder", "model.tar.gz"):
        assert inputs({"model": {key: path}}) == [path]
    for name in ("bert-base-multilingual-cased", "FacebookAI/xlm-roberta-base"):
        assert inputs({"model": {key: name}}) == []
    (tmp_path / "FacebookAI" / "xlm-roberta-base").mkdir(parents=True)
    assert inputs({"model": {key: "FacebookAI/xlm-roberta-base"}}) == ["FacebookAI/xlm-roberta-base"]


def test_a_dry_run_names_every_step_and_does_nothing(bench, capsys):
    bench.do(study({"a": run()}))
    capsys.readouterr()
    assert bench.do(study({"a": run(), "b": run("a")}), "--dry-run") == []
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["runs/a", "there", "already"] in lines
    assert ["runs/b", "to", "be", "done"] in lines
    assert not (bench.folder / "runs" / "b").exists()


def meta(steps: int, seed: int = 0) -> dict:
    return {"config": {"trainer": {"type": "meta"}, "data_loader": {"episodes_per_epoch": steps}, "random_seed": seed}}


def test_a_study_that_would_not_fit_on_the_disk_is_refused(bench, monkeypatch):
    bench.do(study({"a": meta(10)}))
    state_file = bench.folder / "runs" / "a.json"
    sizes = {"kept_mb": 700.0, "largest_mb": 2500.0}
    state_file.write_text(json.dumps({**json.loads(state_file.read_text()), **sizes}))
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**10, 0, 3_000_000_000))
    # One more leaves 700 MB and has 2,500 while it runs.
    with pytest.raises(SystemExit, match=r"about 3,200 MB will be needed and 3,000 MB are free"):
        bench.do(study({"a": meta(10), "b": meta(10, seed=1)}))


def test_a_disk_that_is_full_ends_the_study_with_the_systems_word_and_what_was_done_stays(bench, monkeypatch):
    from xlamaml_allennlp.studies import folder

    bench.do(study({"a": run()}))

    def full(descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(folder.os, "fsync", full)
        with pytest.raises(SystemExit, match=r"No space left on device. What is done stays"):
            bench.do(study({"a": run(), "b": run("a")}))
    assert json.loads((bench.folder / "runs" / "a.json").read_text())["status"] == "done"
    assert bench.do(study({"a": run(), "b": run("a")})) == ["train b"]
