"""What is copied to a device, and by which way."""

import torch

from xlamaml_allennlp.episodes import device
from xlamaml_allennlp.episodes.device import move_to_device


def batch():
    return {
        "text": {"tokens": {"token_ids": torch.tensor([[1, 2], [3, 0]]), "mask": torch.tensor([[True, True]])}},
        "label": torch.tensor([0, 2]),
        "parts": [torch.tensor([1.0]), (torch.tensor([2.0]), "two")],
        "metadata": [{"language": "hi", "offsets": torch.tensor([4])}, None],
    }


def test_on_a_cpu_a_batch_stays_as_it_is():
    one = batch()
    ids = one["text"]["tokens"]["token_ids"]
    assert move_to_device(one, torch.device("cpu"))["text"]["tokens"]["token_ids"] is ids


def test_every_tensor_goes_to_a_gpu_from_pinned_memory_and_nobody_waits(monkeypatch):
    ways = []

    def to(self, *args, **kwargs):
        ways.append((self.tolist(), args, kwargs))
        return self

    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda self: self + 100)
    monkeypatch.setattr(torch.Tensor, "to", to)
    gpu = torch.device("cuda", 0)
    moved = device._on_gpu(batch(), gpu)
    pinned = [[[101, 102], [103, 100]], [[101, 101]], [100, 102], [101.0], [102.0], [104]]
    assert ways == [(numbers, (gpu,), {"non_blocking": True}) for numbers in pinned]
    assert moved["parts"][1][1] == "two"
    assert moved["metadata"][0]["language"] == "hi"
    assert moved["metadata"][1] is None
