"""Recurrent networks, whose kernels on a GPU have no second derivative."""

import pytest
from allennlp.common.checks import ConfigurationError
from torch import nn

from xlamaml_allennlp.adaptation import InnerLoop, submodules

TWICE = {"exact": True, "higher": True, "hessian_free": False, "first_order": False}


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.reader = nn.GRU(2, 2)


@pytest.mark.parametrize(("name", "refused"), TWICE.items())
def test_on_a_cpu_they_are_taken_and_on_a_gpu_by_those_that_differentiate_once(monkeypatch, name, refused):
    module, estimator = Recurrent(), InnerLoop.by_name(name)()
    estimator.check(module)
    monkeypatch.setattr(submodules, "_runs_on_cudnn", lambda each: isinstance(each, nn.RNNBase))
    if not refused:
        estimator.check(module)
        return
    with pytest.raises(ConfigurationError, match=r"reader \(GRU\) runs on cuDNN.* Take \"hessian_free\""):
        estimator.check(module)
