"""The estimators on a GPU: the CPU's meta-gradient, its own dropout drawn again, its fused attention kernels."""

import pytest
import torch
from allennlp.common import Params

from tests.adaptation.meta_gradients import meta_gradient, relative_error
from xlamaml_allennlp.adaptation import HigherInnerLoop, InnerLoop


@pytest.mark.parametrize("num_steps", [1, 2])
def test_a_gpu_gives_the_meta_gradient_of_the_cpu(cuda, estimator, episode, num_steps):
    found, expected = [], []
    for device, gradients in ((cuda, found), ("cpu", expected)):
        module, support, query = episode(device, attn_implementation="eager")
        gradients.append(meta_gradient(estimator(lr=0.05, num_steps=num_steps), module.eval(), support, query))
    # Another order of sums: some units in the sixteenth digit, over 1e-8 where gradients are subtracted.
    assert relative_error(found[0], expected[0]) < (1e-5 if estimator.type == "hessian_free" else 1e-10)


@pytest.mark.parametrize("num_steps", [1, 2])
def test_estimators_agree_with_higher_under_the_dropout_of_a_gpu(cuda, estimator, episode, num_steps):
    module, support, query = episode(cuda, attn_implementation="eager")
    whole = {} if estimator.form == "higher" else {"micro_batch_size": None}
    expected = meta_gradient(HigherInnerLoop(lr=0.05, num_steps=num_steps), module, support, query)
    found = meta_gradient(estimator(lr=0.05, num_steps=num_steps, **whole), module, support, query)
    error = relative_error(found, expected)
    if estimator.second_order:
        assert error < (1e-5 if estimator.type == "hessian_free" else 1e-10)
    else:
        assert error > 1e-3


@pytest.mark.parametrize("num_steps", [1, 2])
def test_micro_batches_draw_their_dropout_on_a_gpu_again(cuda, all_forms, episode, num_steps):
    # Both draw each micro-batch's masks in the forward order, and again backwards: one by a second derivative, the
    # other by a difference of gradients over 1e-8, which other masks would make some 1e8 times too large.
    module, support, query = episode(cuda, attn_implementation="eager")
    keys = {"lr": 0.05, "num_steps": num_steps}
    found, expected = (
        meta_gradient(InnerLoop.from_params(Params({**all_forms[form], **keys})), module, support, query)
        for form in ("exact in micro-batches", "hessian_free in micro-batches")
    )
    assert relative_error(found, expected) < 1e-5


@pytest.mark.parametrize("family", ["bert"], indirect=True)
@pytest.mark.parametrize(("dtype", "largest"), [(torch.float32, 1e-3), (torch.bfloat16, 1e-1)])
def test_fused_attention_on_a_gpu_gives_the_meta_gradient_of_eager_attention(cuda, estimator, episode, dtype, largest):
    gradients = []
    for attention in ("eager", "sdpa"):
        module, support, query = episode(cuda, torch.float32, attn_implementation=attention)

        def in_precision(loss):
            def rounded(net):
                with torch.autocast("cuda", dtype, enabled=dtype != torch.float32):
                    return loss(net)

            return rounded

        # At this alpha the term that bfloat16 spoils is small: the rounding of one gradient is what is compared.
        keys = {} if estimator.form == "higher" else {"micro_batch_size": None}
        if estimator.type == "hessian_free":
            keys["relative_step"] = 1e-3
        inner_loop = estimator(lr=1e-4, **keys)
        gradients.append(meta_gradient(inner_loop, module.eval(), in_precision(support), in_precision(query)))
    assert relative_error(*gradients) < largest
