"""The setting `deterministic`: which kernels torch takes while a run trains, and what it needs for it."""

import pytest
import torch
from allennlp.common.checks import ConfigurationError

from tests.meta_training.tiny import TinyClassifier
from xlamaml_allennlp.meta_training.determinism import WORKSPACE, kernels

CPU, GPU = torch.device("cpu"), torch.device("cuda", 0)


def strictness():
    cudnn = torch.backends.cudnn
    strict = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    return *strict, cudnn.deterministic, cudnn.benchmark


@pytest.fixture
def seen(monkeypatch):
    """What torch may take in each forward pass, validation's included."""
    found = []
    forward = TinyClassifier.forward

    def watching(self, *args, **kwargs):
        found.append(strictness())
        return forward(self, *args, **kwargs)

    monkeypatch.setattr(TinyClassifier, "forward", watching)
    return found


@pytest.mark.parametrize("wanted", [True, False])
def test_kernels_that_repeat_are_taken_while_a_run_trains_that_asks_for_them_and_not_after(run, seen, wanted):
    before = strictness()
    run(deterministic=wanted)
    assert set(seen) == {(True, False, True, False) if wanted else before}
    assert strictness() == before


def test_a_run_that_fails_leaves_torch_as_it_was(run):
    before = strictness()
    with pytest.raises(ValueError, match="loss is nan"):
        run(deterministic=True, model={"explode_at": 2})
    assert strictness() == before


@pytest.mark.parametrize("name", ["higher", "exact", "hessian_free", "first_order"])
def test_on_a_cpu_the_setting_changes_no_bit(run, name):
    inner_loop = {"type": name, "lr": 0.1, "num_steps": 2}
    plain, strict = (run(str(wanted), inner_loop=inner_loop, deterministic=wanted) for wanted in (False, True))
    assert all(torch.equal(weight, strict.state_dict()[key]) for key, weight in plain.state_dict().items())


@pytest.mark.parametrize("found", [None, "", ":4096:2"])
def test_a_gpu_whose_matrix_products_need_not_repeat_is_refused_with_what_to_set(monkeypatch, found):
    monkeypatch.delenv(WORKSPACE, raising=False)
    if found is not None:
        monkeypatch.setenv(WORKSPACE, found)
    with pytest.raises(ConfigurationError, match=f'{WORKSPACE} is "{found or ""}".*Start with {WORKSPACE}=:4096:8'):
        kernels(True, GPU)
    kernels(False, GPU)
    kernels(True, CPU)


@pytest.mark.parametrize("found", [":4096:8", ":16:8"])
def test_a_gpu_whose_matrix_products_repeat_is_taken(monkeypatch, found):
    monkeypatch.setenv(WORKSPACE, found)
    with kernels(True, GPU)():
        assert strictness() == (True, False, True, False)
