"""How long the rest will take, by what was measured."""

import json

import pytest

from tests.studies.instant import Instant, run, study


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


def test_what_failed_tells_nothing_of_the_rest(bench, capsys):
    content = study({"a": meta(10), "b": meta(10, seed=1)})
    with pytest.raises(SystemExit):
        bench.do(content, launch=Instant(failing=["a", "b"]))
    state_file = bench.folder / "runs" / "a.json"
    state_file.write_text(json.dumps({**json.loads(state_file.read_text()), "seconds": 60.0}))
    capsys.readouterr()
    bench.do(content, "--dry-run", "--only", "runs/b")
    assert "unknown yet, for nothing like 1 of the steps" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("trainer", [{"num_epochs": 0}, {"num_epochs": None}, {"num_epochs": "two"}])
def test_a_run_without_epochs_tells_nothing_of_others(bench, trainer):
    content = study({"a": run(trainer=trainer), "b": run(trainer=trainer, seed=1)})
    bench.do(content, "--only", "runs/a")
    assert bench.do(content) == ["train b"]


def test_results_that_no_study_made_tell_nothing_of_the_rest(bench):
    results = bench.folder / "evaluations" / "e"
    results.mkdir(parents=True)
    (results / "evaluation.json").write_text('{"method": "mine", "seed": 0}')
    content = study({"a": run()}, {"e": {"run": "a", "data": {"hi": "hi.tsv"}}})
    assert bench.do(content, "--only", "runs/a") == ["train a"]


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
