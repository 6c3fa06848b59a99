"""What is said before anything is done: files that are missing, what the rest takes, whether it has room."""

import json
import shutil
import zipfile
from collections import namedtuple

import pytest

from tests.studies.instant import Bench, run, study
from xlamaml_allennlp.studies.content import inputs


@pytest.fixture
def bench(tmp_path, monkeypatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hi.tsv").write_text("a\n")
    return Bench(tmp_path)


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


def test_the_rest_takes_what_its_steps_took_before(bench, capsys):
    bench.do(study({"a": meta(10)}))
    state_file = bench.folder / "runs" / "a.json"
    # 60 s for 10 meta steps: 6 s each, so 40 take 4 minutes; 7 MB are kept of each.
    state_file.write_text(json.dumps({**json.loads(state_file.read_text()), "seconds": 60.0, "kept_mb": 7.0}))
    bench.do(study({"a": meta(10), "b": meta(30, seed=1), "c": meta(10, seed=2)}), "--dry-run", "--jobs", "2")
    shown = " ".join(capsys.readouterr().out.split())
    assert "the rest takes about 2 min (2 steps at a time) and 14 MB" in shown


def test_where_only_some_kinds_were_done_the_part_that_is_known_is_said(bench, capsys):
    bench.do(study({"a": meta(10)}))
    state_file = bench.folder / "runs" / "a.json"
    state_file.write_text(json.dumps({**json.loads(state_file.read_text()), "seconds": 60.0, "kept_mb": 7.0}))
    other = {"config": {"trainer": {"type": "resumable", "num_epochs": 1}, "train_data_path": "hi.tsv"}}
    # 6 s a meta step as above: 30 of them take 3 minutes. Of the other run nothing is known.
    bench.do(study({"a": meta(10), "b": other, "c": meta(30, seed=1)}), "--dry-run")
    shown = " ".join(capsys.readouterr().out.split())
    assert "1 of the 2 steps take about 3 min and 7 MB. How much the other 1 take is unknown yet" in shown


def test_episodes_without_a_number_are_counted_in_epochs_and_other_objectives_take_other_times(bench, capsys):
    def run(seed: int, trainer: dict, loader: dict) -> dict:
        return {"config": {"trainer": {"num_epochs": 2, **trainer}, "data_loader": loader, "random_seed": seed}}

    bench.do(study({"a": run(0, {}, {"episodes_per_epoch": None})}))
    state_file = bench.folder / "runs" / "a.json"
    state_file.write_text(json.dumps({**json.loads(state_file.read_text()), "seconds": 120.0, "kept_mb": 7.0}))
    # As much as before takes 2 minutes; of what makes more passes, or twice as many, nothing is known.
    runs = {"a": run(0, {}, {"episodes_per_epoch": None}), "b": run(1, {}, {"episodes_per_epoch": None})}
    runs |= {"c": run(1, {"agreement": {"weight": 1}}, {}), "d": run(1, {}, {"reverse": True})}
    bench.do(study(runs), "--dry-run")
    shown = " ".join(capsys.readouterr().out.split())
    assert "1 of the 3 steps take about 2 min and 7 MB. How much the other 2 take is unknown yet" in shown


def test_of_what_was_never_done_nothing_is_known(bench, capsys):
    bench.do(study({"a": meta(10)}))
    other = {"config": {"trainer": {"type": "resumable", "num_epochs": 1}, "train_data_path": "hi.tsv"}}
    bench.do(study({"a": meta(10), "b": other}), "--dry-run")
    assert "unknown yet, for nothing like 1 of the steps" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "keep, of_the_first, takes",
    [
        # Two runs of 700 MB each, 600 of them the archive: with both archives, none, and one of their group; none where
        # the group has one already.
        ("all", "none", "1,400 MB"),
        ("none", "none", "200 MB"),
        ("best", "none", "800 MB"),
        ("best", "all", "200 MB"),
    ],
)
def test_of_archives_only_those_that_stay_are_counted_though_those_of_finished_runs_are_gone(
    bench, capsys, keep, of_the_first, takes
):
    runs = {name: {**meta(10, seed), "method": "x", "seed": seed} for seed, name in enumerate("abc")}
    bench.do(study({"a": runs["a"]}), "--keep-archives", of_the_first)
    state_file = bench.folder / "runs" / "a.json"
    state = json.loads(state_file.read_text())
    # What an archive of these tests has.
    assert state["archive_mb"] == 0.001
    state_file.write_text(json.dumps({**state, "kept_mb": 700.0, "archive_mb": 600.0}))
    bench.do(study(runs), "--dry-run", "--keep-archives", keep)
    assert f"and {takes}." in " ".join(capsys.readouterr().out.split())


def test_where_an_earlier_note_lacks_the_archives_size_what_is_left_tells_it(bench, capsys):
    bench.do(study({"a": meta(10)}), "--keep-archives", "none")
    state_file = bench.folder / "runs" / "a.json"
    state = json.loads(state_file.read_text())
    del state["archive_mb"]
    state_file.write_text(json.dumps({**state, "kept_mb": 700.0}))
    bench.do(study({"a": meta(10), "b": meta(10, seed=1)}), "--dry-run", "--keep-archives", "none")
    assert "and 0 MB." in " ".join(capsys.readouterr().out.split())


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
