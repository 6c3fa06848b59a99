"""How often an estimator waits for a GPU."""

import warnings

import pytest
import torch

from tests.adaptation.waits_test import words
from xlamaml_allennlp.adaptation import ExactInnerLoop, FirstOrderInnerLoop, rows

# What torch says of the mode itself, once.
pytestmark = pytest.mark.filterwarnings("ignore:Synchronization debug mode is a prototype:UserWarning")


@pytest.mark.parametrize("estimator", [ExactInnerLoop, FirstOrderInnerLoop])
def test_on_a_gpu_an_episode_waits_once_where_no_table_is_large(cuda, estimator, monkeypatch):
    monkeypatch.setattr(rows, "SMALLEST_TABLE", 2**20)
    module, loss = words(cuda)
    inner_loop = estimator(lr=0.1, num_steps=3)
    inner_loop(module, loss, loss).loss.backward()
    torch.cuda.set_sync_debug_mode("warn")
    try:
        with warnings.catch_warnings(record=True) as waits:
            warnings.simplefilter("always")
            inner_loop(module, loss, loss).loss.backward()
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert len([each for each in waits if "synchronizing" in str(each.message)]) == 1
