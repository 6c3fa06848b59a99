"""A run whose data-loading processes are killed or stopped says so, instead of waiting for them for ever."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from allennlp.data import DatasetReader, Instance, Vocabulary
from allennlp.data.data_loaders import MultiProcessDataLoader
from allennlp.data.fields import LabelField, MetadataField
from allennlp.data.samplers import BucketBatchSampler

from xlamaml_allennlp.languages.data_loader import SampledDataLoader
from xlamaml_allennlp.resuming import children, data_workers

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

# Longer than a pipe holds: who writes it waits with the half of it written.
LONG = 200_000


class SlowReader(DatasetReader):
    """Eight instances, each after its number of seconds in `pauses`."""

    def __init__(self, pauses: dict[int, float], size: int = 1) -> None:
        super().__init__(manual_distributed_sharding=True, manual_multiprocess_sharding=True)
        self.pauses, self.size = pauses, size

    def _read(self, file_path: Any) -> Iterator[Instance]:
        for number in self.shard_iterable(range(8)):
            time.sleep(self.pauses.get(number, 0))
            yield Instance({"label": LabelField(number, skip_indexing=True), "m": MetadataField("x" * self.size)})


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_workers, "LOOKS", 0.05)
    monkeypatch.setattr(children, "STOPPED", 0.3)


def loader(reader: DatasetReader, workers: int = 1, lazily: bool = True, kind: str = "stock") -> Any:
    keys: dict[str, Any] = {"num_workers": workers, "quiet": True, "max_instances_in_memory": 2 if lazily else None}
    if kind == "stock":
        made: Any = MultiProcessDataLoader(reader, "data", batch_size=2, **keys)
    else:
        made = SampledDataLoader(reader, "data", BucketBatchSampler(2, sorting_keys=["label"]), **keys)
    made.index_with(Vocabulary.empty())
    return made


def readers() -> list[int]:
    return [child.pid or 0 for child in multiprocessing.active_children() if child.daemon]


@pytest.mark.parametrize("kind", ["stock", "sampled"])
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("number", "said"),
    [
        (signal.SIGKILL, "was ended by SIGKILL before its time.*it was the system, for want of memory"),
        (signal.SIGTERM, "was ended by SIGTERM before its time"),
        (signal.SIGSTOP, r"has been stopped \(SIGSTOP\) for 0 s"),
    ],
)
def test_a_reading_process_that_is_killed_or_stopped_ends_the_run(number, said, workers, kind):
    batches = iter(loader(SlowReader({4: 60, 5: 60}), workers, kind=kind))
    next(batches)
    os.kill(readers()[0], number)
    with pytest.raises(RuntimeError, match=rf"of {workers} that read data \(data_loader.num_workers\).* {said}"):
        list(batches)
    assert readers() == []


def test_so_does_one_that_reads_all_data_before_the_run():
    def reading(results: Any) -> None:
        try:
            loader(SlowReader({3: 60}), lazily=False)
        except RuntimeError as error:
            results.send(str(error))

    here, there = multiprocessing.Pipe()
    run = multiprocessing.get_context("fork").Process(target=reading, args=(there,))
    run.start()
    end = time.time() + 20
    while not (found := children_of(run.pid)) and time.time() < end:
        time.sleep(0.02)
    os.kill(found[0], signal.SIGKILL)
    assert here.poll(20)
    assert "was ended by SIGKILL" in here.recv()
    run.join(20)
    assert run.exitcode == 0


def children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_one_that_is_killed_with_the_half_of_a_batch_written_ends_the_run():
    batches = iter(loader(SlowReader({}, LONG)))
    next(batches)
    time.sleep(0.3)  # it is in the middle of the next
    os.kill(readers()[0], signal.SIGKILL)
    with pytest.raises(RuntimeError, match="was ended by SIGKILL"):
        list(batches)


@pytest.mark.parametrize("lock", ["_cond", "_wlock"])
def test_one_that_is_killed_with_a_lock_of_the_queue_ends_the_run(monkeypatch, lock):
    class DyingReader(SlowReader):
        def _read(self, file_path: Any) -> Iterator[Instance]:
            yield from islice(super()._read(file_path), 4)
            getattr(queues[0], lock).acquire()
            os.kill(os.getpid(), signal.SIGKILL)

    queues: list[Any] = []
    start = MultiProcessDataLoader._start_batch_workers
    monkeypatch.setattr(
        MultiProcessDataLoader,
        "_start_batch_workers",
        lambda self, queue, context: [queues.append(queue), start(self, queue, context)][1],
    )
    with pytest.raises(RuntimeError, match="was ended by SIGKILL"):
        list(loader(DyingReader({})))


def test_one_that_is_slow_or_stopped_for_a_moment_is_waited_for():
    # Longer than everything that is counted here.
    batches = iter(loader(SlowReader({2: 0.8})))
    found = [next(batches)]
    (process,) = readers()
    os.kill(process, signal.SIGSTOP)
    time.sleep(0.1)
    os.kill(process, signal.SIGCONT)
    found += batches
    assert [label for batch in found for label in batch["label"].tolist()] == list(range(8))


def test_reading_processes_end_with_a_run_that_is_killed():
    def reading(results: Any) -> None:
        batches = iter(loader(SlowReader({4: 60, 5: 60}), workers=2))
        next(batches)
        results.send(readers())
        time.sleep(60)

    here, there = multiprocessing.Pipe()
    run = multiprocessing.get_context("fork").Process(target=reading, args=(there,))
    run.start()
    assert here.poll(20)
    processes = here.recv()
    assert len(processes) == 2
    run.kill()
    run.join()
    end = time.time() + 10
    while any(Path(f"/proc/{process}").exists() for process in processes):
        assert time.time() < end
        time.sleep(0.02)
