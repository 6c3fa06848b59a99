"""A study on a real Ray of this machine: its steps are commands, and workers are killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator
from importlib.util import find_spec

import psutil
import pytest

from tests.studies import counting
from tests.studies.counts import counted, do, log, results, state, steps, wait_until
from tests.studies.instant import Bench, study
from xlamaml_allennlp.commands.study.view import StudyView
from xlamaml_allennlp.studies.ray_cluster import RayCluster
from xlamaml_allennlp.studies.reading import study_of
from xlamaml_allennlp.studies.resources import Resources

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray has no wheel for every system")

CLUSTER = """
import sys, ray
keys = dict(num_cpus=2, include_dashboard=False, object_store_memory=80 * 2**20, _temp_dir=sys.argv[1])
ray.init(address="local", logging_level="ERROR", log_to_driver=False, **keys)
print(ray.get_runtime_context().gcs_address, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module", autouse=True)
def token() -> Iterator[None]:
    """A cluster answers those alone who know its token, which Ray would keep in the home folder."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RAY_AUTH_MODE", "token")
        patched.setenv("RAY_AUTH_TOKEN", uuid.uuid4().hex)
        patched.setenv("RAY_USAGE_STATS_ENABLED", "0")
        yield


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """That of a cluster of two cores, which another process has started."""
    folder = tempfile.mkdtemp(prefix="ray-")  # the paths of its sockets must be short
    cluster = subprocess.Popen(
        [sys.executable, "-c", CLUSTER, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert cluster.stdin is not None
    assert cluster.stdout is not None
    try:
        yield cluster.stdout.readline().strip()
    finally:
        cluster.communicate("", timeout=30)
        shutil.rmtree(folder)


@pytest.fixture
def bench(tmp_path, monkeypatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hi.tsv").write_text("a\n")
    shutil.copy(counting.__file__, tmp_path / "xlamaml_allennlp.py")
    bench = Bench(tmp_path)
    bench.interval = 0.05
    return bench


SEVERAL = study(
    {"a": counted(2), "b": counted(3, "a"), "c": counted(4)},
    {name: {"run": name, "data": {"hi": "hi.tsv"}} for name in "abc"},
)


def test_the_same_steps_leave_the_same_results_as_processes_and_on_a_cluster(bench, tmp_path, address):
    do(bench, SEVERAL, "--jobs", "2")
    here, bench.folder = bench.folder, tmp_path / "on-ray"
    do(bench, SEVERAL, "--ray", address)
    assert results(bench.folder) == results(here)
    metrics = [json.loads((bench.folder / f"evaluations/{name}/metrics.json").read_text()) for name in "abc"]
    assert metrics == [{"accuracy/hi": count} for count in (2, 3, 4)]
    assert [line for line in log(bench, "b") if line.startswith("on ")] != []
    # What is needed has ended before what needs it begins.
    archives = [(bench.folder / f"runs/{name}/model.tar.gz").stat().st_mtime for name in "ab"]
    assert archives == sorted(archives)


def test_steps_whose_worker_or_command_is_killed_go_on_where_they_were(bench, address, capsys):
    def kill(run: str, which: int) -> None:
        note = bench.folder / "runs" / f"{run}.waits"
        wait_until(note.exists)
        os.kill(int(note.read_text().split()[which]), signal.SIGKILL)

    killers = [threading.Thread(target=kill, args=each) for each in (("command", 0), ("worker", 1))]
    for killer in killers:
        killer.start()
    runs = {"a": counted(1), "command": counted(4, "a", waits=2), "worker": counted(4, "a", waits=2)}
    do(bench, study(runs), "--ray", address)
    said = capsys.readouterr().out
    for run in ("command", "worker"):
        assert steps(bench, run) == ["1", "2", "3", "4"]
        assert state(bench, run)["status"] == "done"
        assert len([line for line in log(bench, run) if "--recover" in line]) == 1
        assert f"runs/{run} was killed after" in said
    # A command whose worker is gone is asked to stop, and gone on with when it has.
    assert "interrupted" in log(bench, "worker")
    assert "interrupted" not in log(bench, "command")
    for killer in killers:
        killer.join()


def test_a_step_that_fails_by_itself_is_not_tried_again_and_one_that_is_always_killed_so_often_as_asked(bench, address):
    content = study({"bad": counted(2, fails=1), "doomed": counted(9, dies=2), "good": counted(1)})
    with pytest.raises(SystemExit) as ended:
        do(bench, content, "--ray", address, "--retries", "2")
    assert "2 failed, and 0 that need them" in str(ended.value)
    assert f"train {bench.folder}/configs/bad.json" in str(ended.value)
    assert steps(bench, "bad") == ["1"]
    # Killed after step 2; then gone on with from there, twice.
    assert steps(bench, "doomed") == ["1", "2", "3", "4"]
    assert steps(bench, "good") == ["1"]


def test_a_study_that_is_stopped_stops_its_steps_on_the_cluster_and_goes_on_there(bench, address, monkeypatch):
    content = study({"a": counted(4, waits=3)})
    note = bench.folder / "runs" / "a.waits"

    def stop(view, jobs):
        if note.exists():
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr(StudyView, "under_way", stop)
        with pytest.raises(SystemExit, match=r"Stopped\. The same command goes on"):
            do(bench, content, "--ray", address)
    assert log(bench, "a")[-1] == "interrupted"
    assert state(bench, "a")["status"] == "interrupted"
    do(bench, content, "--ray", address)
    assert steps(bench, "a") == ["1", "2", "3", "4"]


def test_a_step_gets_what_its_study_or_the_command_gives_it_and_what_nobody_has_is_named(bench, address, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    content = study({"a": {**counted(1), "resources": {"cpus": 2}}, "b": counted(1)})
    do(bench, content, "--ray", address, "--cpus", "1")
    assert [log(bench, name)[2] for name in "ab"] == ["step 1 with 2 threads", "step 1 with 1 threads"]
    content["runs"]["c"] = {**counted(1), "resources": {"gpus": 64, "memory_gb": 2}}
    with RayCluster(address, resources=Resources(cpus=2)) as cluster:
        assert cluster.lacking(study_of(content).runs.values()) == {"2 cores, 64 GPUs, 2 GB of memory": "runs/c"}


def test_a_ray_of_this_machine_is_gone_when_the_study_is(bench):
    before = set(psutil.Process().children(recursive=True))
    do(bench, study({"a": counted(1), "b": counted(1)}), "--workers", "2")
    assert [steps(bench, name) for name in "ab"] == [["1"], ["1"]]
    wait_until(lambda: {each for each in psutil.Process().children(recursive=True) if each.is_running()} <= before)


def test_without_ray_it_is_said_what_to_install(bench, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SystemExit, match=r"--ray and --workers need Ray: pip install 'xlamaml_allennlp\[ray\]'"):
        do(bench, study({"a": counted(1)}), "--workers", "2")


def test_where_there_is_no_cluster_it_is_said(bench):
    with pytest.raises(SystemExit, match=r"--ray nowhere: (.|\n)*Start the study on a machine of the cluster"):
        do(bench, study({"a": counted(1)}), "--ray", "nowhere")
