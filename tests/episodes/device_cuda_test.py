"""Batches on their way to a GPU."""

import pytest
import torch

from tests.episodes.device_test import batch
from xlamaml_allennlp.episodes.device import move_to_device

# What torch says of the mode itself, once.
pytestmark = pytest.mark.filterwarnings("ignore:Synchronization debug mode is a prototype:UserWarning")


def test_a_batch_comes_whole_to_a_gpu_that_is_busy_and_nobody_waits_for_it(cuda):
    busy = torch.randn(4096, 4096, device=cuda)
    move_to_device(batch(), cuda)
    torch.cuda.synchronize(cuda)
    torch.cuda.set_sync_debug_mode("error")
    try:
        for _ in range(50):
            busy = busy @ busy / 64
        done = torch.cuda.Event()
        done.record()
        moved = [move_to_device(batch(), cuda) for _ in range(20)]
        assert not done.query()
    finally:
        torch.cuda.set_sync_debug_mode("default")
    for one in moved:
        assert one["text"]["tokens"]["token_ids"].tolist() == [[1, 2], [3, 0]]
        assert one["text"]["tokens"]["mask"].device == one["parts"][1][0].device == cuda
        assert one["label"].tolist() == [0, 2]
        assert one["metadata"][0]["offsets"].tolist() == [4]
