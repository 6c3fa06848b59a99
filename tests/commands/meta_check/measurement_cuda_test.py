"""Costs and errors of estimators on a GPU, whose memory is torch's count of what it has allocated there."""

import pytest
import torch

from tests.meta_training.tiny import config, write_data
from xlamaml_allennlp.commands.meta_check.measurement import measure
from xlamaml_allennlp.commands.meta_check.memory import PeakMemory
from xlamaml_allennlp.commands.meta_check.reference import reference_of
from xlamaml_allennlp.commands.meta_check.subject import build


@pytest.mark.parametrize("type_", ["higher", "exact", "first_order"])
def test_a_config_on_a_gpu_agrees_with_float64_there(cuda, tmp_path, type_):
    inner_loop = {"type": type_, "lr": 0.1}
    params = config(write_data(tmp_path), cuda_device=cuda.index, inner_loop=inner_loop).as_dict(quiet=True)
    subject = build(params, str(tmp_path / "reference"))
    paths = []
    episodes = subject.doubled(2)
    subject.model.eval()
    for number, (support, query) in enumerate(episodes):
        paths.append(tmp_path / f"{number}.pt")
        reference = reference_of(subject.model, support, query, {"lr": 0.1})
        assert {gradient.device for gradient in reference.gradient.values()} == {cuda}
        reference.save(paths[-1])
    outcome = measure(params, paths, repeats=1, folder=str(tmp_path / "measured"))
    assert outcome["cost"]["seconds"] > 0
    assert 0 < outcome["cost"]["megabytes"] < 100
    if type_ == "first_order":
        assert outcome["errors"]["second_order"] == pytest.approx(1)
    else:
        assert outcome["errors"]["gradient"] < 1e-5
        assert outcome["errors"]["second_order"] < 1e-3


def test_the_peak_of_a_gpu_is_what_was_allocated_there_at_once(cuda):
    kept = torch.zeros(1_000_000, device=cuda)
    memory = PeakMemory(cuda)
    for _ in range(2):
        # 8 MB and 4 MB at once; what torch rounds a block up to is 2 MB at most.
        larger, smaller = torch.zeros(2_000_000, device=cuda), torch.zeros(1_000_000, device=cuda)
        del larger, smaller
    assert memory.megabytes() == pytest.approx(12, abs=2.5)
    assert len(kept)
