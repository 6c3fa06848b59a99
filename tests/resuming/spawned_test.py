"""A worker that fails, is killed or is stopped ends the run with what happened; one that is slow is waited for."""

import os
import signal
import time

import pytest
import torch.multiprocessing as mp

from tests.meta_training.distributed_test import forked_workers  # noqa: F401
from tests.resuming import workers_in_trouble as trouble
from tests.resuming.workers_in_trouble import commands, outcomes, run, signalled, word
from xlamaml_allennlp.resuming import children, nodes, spawned

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spawned, "LOOKS", 0.05)
    monkeypatch.setattr(spawned, "GRACE", 0.5)
    monkeypatch.setattr(children, "STOPPED", 0.5)
    monkeypatch.setattr(nodes, "LOOKS", 0.05)
    monkeypatch.setattr(nodes, "SILENT", 1.0)
    monkeypatch.setattr(nodes, "FAREWELL", 2.0)


def test_a_worker_that_fails_of_anything_ends_the_others_with_its_message():
    with pytest.raises(mp.ProcessRaisedException, match="MemoryError: no room for 3 tensors"):
        run({1: trouble.fail})


@pytest.mark.parametrize("worker", [0, 1])
@pytest.mark.parametrize(
    ("number", "said"),
    [
        (signal.SIGKILL, "was ended by SIGKILL"),
        (signal.SIGSTOP, r"has been stopped \(SIGSTOP\) for 0 s"),
        (signal.SIGINT, "ended with exit code 130"),
    ],
)
def test_a_worker_that_gets_a_signal_ends_the_others_with_what_happened(worker, number, said):
    with pytest.raises(mp.ProcessExitedException, match=rf"Worker {worker} of the 2 here .*{said}, so all of them"):
        run({worker: signalled(number), 1 - worker: trouble.wait})


def test_workers_that_take_their_time_are_waited_for():
    run({0: trouble.slow})
    assert outcomes({0: trouble.slow}, nodes=2) == ["fine", "fine"]


def test_a_worker_that_has_failed_and_hangs_in_its_end_is_ended():
    with pytest.raises(mp.ProcessRaisedException, match="MemoryError: no room for 3 tensors"):
        run({1: trouble.fail_and_hang, 0: trouble.wait})


def test_a_command_that_is_interrupted_does_not_wait_for_a_worker_that_is_stopped(monkeypatch):
    monkeypatch.setattr(children, "STOPPED", 60.0)  # on a busy machine the interrupt comes late
    ((process, results),) = commands({0: signalled(signal.SIGSTOP), 1: signalled(signal.SIGSTOP)}, nodes=1)
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGINT)
    assert word(process, results).startswith("KeyboardInterrupt")


@pytest.mark.parametrize("node", [0, 1])
def test_a_failure_on_one_node_ends_the_others_with_its_message(node):
    found = outcomes({node: trouble.fail, 1 - node: trouble.wait}, nodes=2)
    assert "MemoryError: no room for 3 tensors" in found[node]
    assert found[1 - node].startswith(f"RuntimeError: Node {node} of 2 (")
    assert "MemoryError: no room for 3 tensors" in found[1 - node]


def test_a_worker_that_is_stopped_on_one_node_ends_the_others_with_what_happened():
    found = outcomes({1: signalled(signal.SIGSTOP), 0: trouble.wait}, nodes=2)
    assert all("Worker 0 of the 1 here" in each and "has been stopped (SIGSTOP)" in each for each in found)


def test_a_node_whose_connection_broke_because_another_failed_says_why():
    found = outcomes({1: trouble.fail}, nodes=2)
    assert "MemoryError: no room for 3 tensors" in found[0]


@pytest.mark.parametrize(("node", "said"), [(0, "is gone"), (1, "has given no sign of life for 1 s")])
def test_a_node_that_is_gone_ends_the_others(node, said):
    found = outcomes({node: trouble.lost, 1 - node: trouble.wait}, nodes=2)
    assert found[node] == "killed"
    assert found[1 - node].startswith(f"RuntimeError: Node {node} of 2")
    assert said in found[1 - node]
