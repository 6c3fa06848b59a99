"""What is left alone, what is gone on with, what is begun anew, and what is refused."""

import fcntl
import json
import os
import shutil
import time
from types import SimpleNamespace

import pytest

from tests.studies.instant import Instant, run, study
from xlamaml_allennlp.studies import execution
from xlamaml_allennlp.studies.folder import StudyFolder
from xlamaml_allennlp.studies.reading import study_of

DATA = {"hi": "hi.tsv"}


def two(**config):
    return study({"first": run(), "second": run("first", **config)}, {"e": {"run": "second", "data": DATA}})


def test_steps_are_done_in_order_and_never_twice(bench):
    assert bench.do(two()) == ["train first", "train second", "evaluate second"]
    assert bench.do(two()) == []


def test_a_new_run_leaves_the_others_alone(bench):
    bench.do(two())
    more = two()
    more["runs"]["third"] = run("second")
    assert bench.do(more) == ["train third"]


@pytest.mark.parametrize("change", ["config", "data"])
def test_results_of_something_else_under_a_name_are_refused_and_stay_until_they_are_let_go(bench, tmp_path, change):
    bench.do(two(train_data_path="hi.tsv"))
    if change == "data":
        (tmp_path / "hi.tsv").write_text("b\n")
    other = two(train_data_path="hi.tsv", **({"lr": 2} if change == "config" else {}))
    with pytest.raises(SystemExit, match=rf"runs/second holds other results: its {change} ha(s|ve) changed"):
        bench.do(other)
    assert bench.launch.called == []
    assert bench.archives() == {"first", "second"}
    # The evaluation was of the run that is no more.
    assert bench.do(other, "--replace") == ["train second", "evaluate second"]


def test_a_run_that_was_stopped_goes_on_and_one_that_had_not_begun_begins(bench):
    bench.do(two())
    state_file = bench.folder / "runs" / "second.json"
    state = json.loads(state_file.read_text())
    state_file.write_text(json.dumps({**state, "status": "running", "started": 0}))
    shutil.rmtree(bench.folder / "evaluations")
    assert bench.do(two()) == ["train second --recover", "evaluate second"]
    state_file.write_text(json.dumps({**state, "status": "running", "started": 0}))
    (bench.folder / "runs" / "second" / "config.json").write_text('{"half')
    assert bench.do(two()) == ["train second"]


def test_a_trainer_that_does_not_go_on_exactly_begins_anew(bench, capsys):
    content = study({"only": {"config": {"trainer": {"type": "gradient_descent"}}}})
    bench.do(content)
    state_file = bench.folder / "runs" / "only.json"
    state_file.write_text(json.dumps({**json.loads(state_file.read_text()), "status": "running", "started": 0}))
    assert bench.do(content) == ["train only"]
    assert "trainer gradient_descent does not go on exactly" in " ".join(capsys.readouterr().out.split())


def test_a_folder_that_no_study_wrote_is_not_touched(bench):
    (bench.folder / "runs" / "first").mkdir(parents=True)
    (bench.folder / "runs" / "first" / "model.tar.gz").write_text("mine")
    with pytest.raises(SystemExit, match="no study has noted"):
        bench.do(two())
    assert (bench.folder / "runs" / "first" / "model.tar.gz").read_text() == "mine"


def test_a_folder_that_was_moved_is_still_done_and_what_was_stopped_goes_on_with_its_new_paths(bench, tmp_path):
    bench.do(two())
    state_file = bench.folder / "runs" / "second.json"
    state_file.write_text(json.dumps({**json.loads(state_file.read_text()), "status": "interrupted"}))
    bench.folder = bench.folder.rename(tmp_path / "moved")
    assert bench.do(two()) == ["train second --recover"]
    config = json.loads((tmp_path / "moved" / "runs" / "second" / "config.json").read_text())
    assert config["bases"] == [str(tmp_path / "moved" / "runs" / "first" / "model.tar.gz")]


def test_a_failure_is_isolated_and_listed_with_the_command_that_reproduces_it(bench):
    content = study(
        {"bad": run(), "after": run("bad"), "good": run()},
        {"e": {"run": "after", "data": DATA}, "f": {"run": "good", "data": DATA}},
    )
    with pytest.raises(SystemExit) as ended:
        bench.do(content, launch=Instant(failing=["bad"]))
    assert bench.launch.called == ["train bad", "train good", "evaluate good"]
    text = str(ended.value)
    assert "1 failed, and 2 that need them were not begun" in text
    folder = bench.folder
    assert f"python -m xlamaml_allennlp train {folder}/configs/bad.json -s {folder}/runs/bad" in text
    assert "runs/after needs runs/bad" in text
    assert "evaluations/e needs runs/after" in text
    assert bench.do(content) == ["train bad", "train after", "evaluate after"]


def test_time_spent_and_memory_are_noted_over_all_attempts(bench):
    bench.do(two())
    state_file = bench.folder / "runs" / "second.json"
    state = json.loads(state_file.read_text())
    assert state["peak_memory_mb"] == 12.0
    state_file.write_text(json.dumps({**state, "status": "failed", "seconds": 100.0}))
    bench.do(two())
    assert json.loads(state_file.read_text())["seconds"] == pytest.approx(100.0, abs=5)


def test_time_that_a_step_waits_for_a_machine_is_not_its_own(bench):
    notes = []

    class Late(Instant):
        def __call__(self, *arguments):
            ended = super().__call__(*arguments)
            ended.began, looks = None, iter([None, 5000.0, 5000.0])

            def poll():
                state = json.loads((bench.folder / "runs" / "only.json").read_text())
                notes.append(state["started"])
                ended.began = next(looks)
                return 0 if len(notes) == 3 else None

            ended.poll = poll
            return ended

    bench.do(study({"only": run()}), launch=Late())
    # Until it begins, when it was handed over counts.
    assert notes[0] == notes[1] > 5000.0
    assert notes[2] == 5000.0


def test_a_step_that_another_machine_holds_is_not_begun(bench):
    folder, step = StudyFolder(bench.folder), study_of(study({"first": run()})).runs["first"]
    lock = folder.lock(step)
    assert lock is not None
    os.close(lock)
    with folder.remote_lock(step).open("w") as remote:
        fcntl.flock(remote, fcntl.LOCK_EX)
        assert folder.lock(step) is None
    lock = folder.lock(step)
    assert lock is not None
    os.close(lock)


def test_a_step_that_another_process_is_at_is_waited_for_and_not_done_twice(bench, monkeypatch):
    content = study({"first": run()})
    bench.do(content)
    state_file = bench.folder / "runs" / "first.json"
    done = state_file.read_text()
    state_file.write_text(done.replace('"done"', '"interrupted"'))
    lock = StudyFolder(bench.folder).lock(study_of(content).runs["first"])

    def meanwhile(seconds):
        # The other process ends.
        state_file.write_text(done)
        os.close(lock)

    monkeypatch.setattr(execution, "time", SimpleNamespace(sleep=meanwhile, monotonic=time.monotonic))
    assert bench.do(content) == []


def test_what_another_process_has_done_since_the_plan_is_not_done_again(bench):
    class Meanwhile(Instant):
        def __call__(self, *arguments):
            if not self.called:
                bench.do(content, "--only", "runs/second", "--only", "evaluations/e")
            return super().__call__(*arguments)

    content = study({"first": run(), "second": run()}, {"e": {"run": "second", "data": DATA}})
    assert bench.do(content, launch=Meanwhile()) == ["train first"]


def test_results_of_something_else_that_another_process_has_made_since_the_plan_are_refused(bench):
    class Meanwhile(Instant):
        def __call__(self, *arguments):
            bench.do(study({"second": run(lr=2)}))
            return super().__call__(*arguments)

    with pytest.raises(SystemExit, match="runs/second holds other results: its config has changed"):
        bench.do(study({"first": run(), "second": run()}), launch=Meanwhile())
    assert json.loads((bench.folder / "runs" / "second" / "config.json").read_text())["lr"] == 2
