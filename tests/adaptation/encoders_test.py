"""The estimators on transformers encoders: padding, positions derived from ids, attention kernels, dropout."""

import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from tests.adaptation.meta_gradients import meta_gradient, relative_error
from xlamaml_allennlp.adaptation import HigherInnerLoop


@pytest.mark.filterwarnings("ignore:Some weights of")
@pytest.mark.parametrize("num_steps", [1, 2])
def test_they_agree_with_higher_under_the_same_dropout(estimator, episode, num_steps):
    module, support, query = episode(attn_implementation="eager")
    whole = {} if estimator.form == "higher" else {"micro_batch_size": None}
    expected = meta_gradient(HigherInnerLoop(lr=0.05, num_steps=num_steps), module, support, query)
    found = meta_gradient(estimator(lr=0.05, num_steps=num_steps, **whole), module, support, query)
    error = relative_error(found, expected)
    if estimator.second_order:
        assert error < (1e-5 if estimator.type == "hessian_free" else 1e-10)
    else:
        assert error > 1e-3


def test_micro_batches_agree_with_the_whole_batch_without_dropout(estimator, episode):
    module, support, query = episode(attn_implementation="eager")
    module.eval()
    whole = {} if estimator.form == "higher" else {"micro_batch_size": None}
    expected = meta_gradient(estimator(lr=0.05, **whole), module, support, query)
    assert relative_error(meta_gradient(estimator(lr=0.05), module, support, query), expected) < 1e-6


def test_fused_attention_gives_the_meta_gradient_of_eager_attention(estimator, episode):
    module, support, query = episode(attn_implementation="eager")
    expected = meta_gradient(estimator(lr=0.05), module.eval(), support, query)
    fused, *_ = episode(attn_implementation="sdpa")
    found = meta_gradient(estimator(lr=0.05), fused.eval(), support, query)
    assert relative_error(found, expected) < 1e-6


@pytest.mark.parametrize("num_steps", [1, 2])
def test_only_passes_that_are_differentiated_twice_do_without_the_fused_kernel(estimator, episode, num_steps):
    module, support, query = episode(attn_implementation="sdpa")
    fused = {"support": [], "query": []}

    def watched(name, loss):
        """The loss, writing down at each pass whether a fused kernel may be taken."""
        function = loss.function

        def noting(net, *tensors):
            fused[name].append(torch.backends.cuda.flash_sdp_enabled())
            return function(net, *tensors)

        loss.function = noting
        return loss

    inner_loop = estimator(lr=0.05, num_steps=num_steps)
    inner_loop(module, watched("support", support), watched("query", query)).loss.backward()
    assert set(fused["query"]) == {True}
    assert set(fused["support"]) == {estimator.type not in ("higher", "exact")}


@pytest.mark.parametrize("family", ["bert"], indirect=True)
def test_fused_attention_itself_has_no_second_derivative(episode):
    """Why the math kernel is asked for: should this fail one day, the asking can go."""
    module, support, _ = episode(attn_implementation="sdpa")
    weight = module.eval().bert.encoder.layer[0].attention.self.query.weight
    with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
        (gradient,) = torch.autograd.grad(support(module), weight, create_graph=True)
    with pytest.raises(RuntimeError):
        torch.autograd.grad(gradient.sum(), weight)
