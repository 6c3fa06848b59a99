"""Without an inner step theta' is theta: what is left is fine-tuning on the query examples, whatever the estimator."""

import pytest
import torch


def parabola(net, targets):
    return ((net() - targets) ** 2 / 2).mean()


def test_the_meta_gradient_is_that_of_the_query_loss_and_the_support_set_is_not_passed(estimator, examples, vector):
    module = vector(5.0)
    support = examples(parabola, torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64))
    query = examples(parabola, torch.tensor([0.0, -2.0, -1.0], dtype=torch.float64))
    inner_loop = estimator(lr=0.1, num_steps=0)

    adapted = inner_loop(module, support, query)
    adapted.loss.backward()

    # Of targets with mean -1 and variance 2/3, as in support_weight_test.
    assert module.w.grad.item() == pytest.approx(5 + 1)
    assert adapted.query_loss.item() == adapted.loss.item() == pytest.approx((6**2 + 2 / 3) / 2)
    assert inner_loop.judge(module, support, query).loss.item() == pytest.approx(adapted.loss.item())
    assert (support.seen, adapted.support_losses) == (0, [])


def test_there_is_no_support_gradient_to_tell_of(estimator):
    assert not estimator(num_steps=0).holds_both
