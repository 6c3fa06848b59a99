"""Workers draw dropout masks of their own."""

import pytest
import torch

from tests.meta_training.distributed_test import WORKERS
from tests.meta_training.tiny import TinyClassifier
from xlamaml_allennlp.resuming import spawned
from xlamaml_allennlp.resuming.workers import rank

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def test_two_workers_draw_different_dropout_masks_and_the_first_those_of_one_alone(run, tmp_path, monkeypatch):
    monkeypatch.setattr(spawned, "START_METHOD", "fork")
    folder, forward = [tmp_path], TinyClassifier.forward

    def telling(self, numbers, label=None, metadata=None):
        if self.training:
            with (folder[0] / f"masks-{rank()}").open("a") as masks:
                state = torch.get_rng_state()
                print(self.dropout(torch.ones(64)).tolist(), file=masks)
                torch.set_rng_state(state)
        return forward(self, numbers, label, metadata)

    monkeypatch.setattr(TinyClassifier, "forward", telling)
    folder[0] = tmp_path / "alone"
    folder[0].mkdir()
    run("one", num_gradient_accumulation_steps=1)
    folder[0] = tmp_path / "together"
    folder[0].mkdir()
    run("two", num_gradient_accumulation_steps=1, top=WORKERS)
    first, second = ((tmp_path / "together" / f"masks-{number}").read_text().splitlines() for number in (0, 1))
    # 64 numbers, of which each is kept by a chance of 0.7: two masks are equal once in 10^15 times.
    assert len(first) == len(second) > 0
    assert not set(first) & set(second)
    assert (tmp_path / "alone" / "masks-0").read_text().splitlines()[: len(first)] == first
