"""Batches in several processes: in their order, and never for ever."""

import logging
import multiprocessing
import os
import signal

import pytest

from xlamaml_allennlp.encoders.parallel import AHEAD, batches_of, tokenized_in_order


def _where(batch):
    return sum(batch), os.getpid()


def test_batches_come_in_their_order_from_other_processes_and_few_are_taken_ahead():
    taken, most = [], 0
    batches = batches_of((taken.append(each) or each for each in range(60)), 2)
    found = []
    for batch, (total, process) in tokenized_in_order(_where, batches, 2):
        found.append((batch, total, process))
        most = max(most, len(taken) // 2 - len(found))
    assert [batch for batch, _, _ in found] == [[first, first + 1] for first in range(0, 60, 2)]
    assert all(total == sum(batch) for batch, total, _ in found)
    assert os.getpid() not in {process for _, _, process in found}
    assert most <= 2 * AHEAD


@pytest.mark.parametrize("given", [(range(6), 1), (range(2), 3), (range(0), 3)])
def test_one_process_is_this_one_and_so_is_that_of_a_single_batch(given):
    items, processes = given
    found = list(tokenized_in_order(_where, batches_of(iter(items), 2), processes))
    assert {process for _, (_, process) in found} <= {os.getpid()}
    assert [batch for batch, _ in found] == [[first, first + 1] for first in range(0, len(items), 2)]


def test_a_process_that_may_have_none_of_its_own_works_alone():
    fork = multiprocessing.get_context("fork")
    said = fork.Queue()

    def work():
        said.put([total for _, (total, _) in tokenized_in_order(_where, batches_of(iter(range(6)), 2), 2)])

    process = fork.Process(target=work, daemon=True)
    process.start()
    assert said.get(timeout=60) == [1, 5, 9]
    process.join()


def test_where_a_process_is_killed_this_one_goes_on_with_a_line(caplog):
    here = os.getpid()

    def deadly(batch):
        if batch == [4, 5] and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return sum(batch)

    caplog.set_level(logging.WARNING, "xlamaml_allennlp")
    found = list(tokenized_in_order(deadly, batches_of(iter(range(20)), 2), 2))
    assert found == [([first, first + 1], 2 * first + 1) for first in range(0, 20, 2)]
    assert sum("num_proc" in record.getMessage() for record in caplog.records) == 1


def test_an_error_comes_out_as_it_is():
    def failing(batch):
        raise ValueError(f"batch {batch}")

    with pytest.raises(ValueError, match=r"batch \[0, 1\]"):
        list(tokenized_in_order(failing, batches_of(iter(range(20)), 2), 2))
    assert not multiprocessing.active_children()
