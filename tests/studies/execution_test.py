"""A study from its file to its results: done, left alone, interrupted and gone on with."""

import json
import shlex
import time

import pytest
from allennlp.training import GradientDescentTrainer

from tests.studies.conftest import results
from tests.studies.forked import Forked, killing
from xlamaml_allennlp.resuming import ResumableTrainer
from xlamaml_allennlp.studies.expansion import expanded

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


@pytest.fixture(scope="session")
def uninterrupted(tmp_path_factory) -> dict:
    """What the study ends with; filled by the first test that does it."""
    return {}


def done(study_folder, uninterrupted) -> dict:
    uninterrupted.setdefault("results", results(study_folder))
    return uninterrupted["results"]


def test_a_study_is_done_once_and_leaves_what_reports_read(do, tmp_path, uninterrupted):
    do()
    folder = tmp_path / "study"
    assert [arguments[0] for arguments in Forked.started] == ["train", "evaluate", "train", "evaluate"]
    assert set(done(folder, uninterrupted)) == {"english-0", "xla-hi-0"}
    record = json.loads((folder / "evaluations/xla-hi-0/evaluation.json").read_text())
    about = {"run": "xla-hi-0", "method": "XLA-MAML", "auxiliary": ["hi"], "support": ["en"], "query": ["hi"]}
    assert {key: record[key] for key in about} == about
    assert (record["seed"], record["shots"], set(record["targets"])) == (0, 0, {"en", "hi"})
    # Two premises, three pairs each, in two languages.
    assert len((folder / "evaluations/xla-hi-0/predictions.jsonl").read_text().splitlines()) == 12
    state = json.loads((folder / "runs/xla-hi-0.json").read_text())
    assert state["status"] == "done"
    assert state["seconds"] > 0
    left = {path.name for path in (folder / "runs/xla-hi-0").iterdir()}
    assert {"config.json", "metrics.json", "model.tar.gz"} <= left
    assert not [name for name in left if "state" in name or name == "best.th"]
    do()
    assert Forked.started == []


def test_a_study_killed_twice_in_the_middle_goes_on_each_time_and_ends_with_the_same_results(
    do, tmp_path, uninterrupted
):
    for step, call in (("english-0", 3), ("xla-hi-0", 2)):
        with pytest.raises(SystemExit, match=f"runs/{step} failed"):
            do(launch=killing(ResumableTrainer, "rescale_gradients", step, call))
        assert json.loads((tmp_path / "study" / "runs" / f"{step}.json").read_text())["status"] == "failed"
    do()
    assert [arguments[0] for arguments in Forked.started] == ["train", "evaluate"]
    assert "--recover" in Forked.started[0]
    assert results(tmp_path / "study") == done(tmp_path / "study", uninterrupted)


@pytest.mark.parametrize(
    "trainer, owner, how", [("resumable", ResumableTrainer, "--recover"), ("plain", GradientDescentTrainer, "--force")]
)
def test_the_command_that_is_listed_for_a_run_that_failed_does_what_the_study_would_do(
    do, study_file, tmp_path, trainer, owner, how
):
    if trainer == "plain":
        content = expanded(study_file, {})
        content["runs"][0]["config"]["trainer"]["type"] = "gradient_descent"
        study_file.write_text(json.dumps(content))
    with pytest.raises(SystemExit) as ended:
        do("--only", "runs/english-0", launch=killing(owner, "rescale_gradients", "english-0", 3))
    folder = tmp_path / "study" / "runs" / "english-0"
    assert not (folder / "model.tar.gz").exists()
    (listed,) = [line for line in str(ended.value).splitlines() if " train " in line]
    python, option, module, *arguments = shlex.split(listed)
    assert (python, option, module, arguments[-1]) == ("python", "-m", "xlamaml_allennlp", how)
    command = Forked(arguments, tmp_path / "again.log", {}, [])
    while command.poll() is None:
        time.sleep(0.05)
    assert command.poll() == 0, (tmp_path / "again.log").read_text()
    assert (folder / "model.tar.gz").exists()
    do("--only", "runs/english-0")
    assert json.loads(folder.with_suffix(".json").read_text())["status"] == "done"
