"""The products of support and query gradient: from paper and pencil, where an estimator holds both."""

import pytest
import torch

from tests.adaptation.closed_forms_test import Pair
from xlamaml_allennlp.adaptation.alignment import alignment
from xlamaml_allennlp.adaptation.rows import Rows

HOLD_BOTH = ("exact", "hessian_free forward", "hessian_free in micro-batches")


def aligning(inner_loop):
    inner_loop.aligns = True
    return inner_loop


@pytest.mark.parametrize("num_steps", [1, 2])
def test_estimators_that_hold_both_gradients_tell_their_lengths_and_their_angle(estimator, examples, vector, num_steps):
    # L_S = |w - a|^2 / 2 at w = (5, 0) with a = (2, 4): s = (3, -4). After T steps of 1/2, w' = a + (w - a) / 2^T.
    # L_Q = |w' - b|^2 / 2 with b = w' - (0, 3): q = (0, 3). So <s, s> = 25, <s, q> = -12, <q, q> = 9.
    a, gap = torch.tensor([2.0, 4.0], dtype=torch.float64), torch.tensor([3.0, -4.0], dtype=torch.float64)
    b = a + gap / 2**num_steps - torch.tensor([0.0, 3.0], dtype=torch.float64)
    copies = torch.ones(3, dtype=torch.float64)
    support, query = (
        examples(lambda net, ones, target=target: ones.mean() * ((net() - target) ** 2).sum() / 2, copies)
        for target in (a, b)
    )

    adapted = aligning(estimator(lr=0.5, num_steps=num_steps))(vector(5.0, 0.0), support, query)

    assert estimator().holds_both is (estimator.form in HOLD_BOTH)
    if estimator.form in HOLD_BOTH:
        assert adapted.alignment.tolist() == pytest.approx([25.0, -12.0, 9.0])
        assert not adapted.alignment.requires_grad
    else:
        assert adapted.alignment is None


def test_only_what_adapts_counts(estimator, examples):
    # L_S = w u, L_Q = w^2 / 2 + 7 u; w adapts, from 3 by -1/2 * 2 to 2: s = u = 2, q = w' = 2.
    copies = torch.ones(3, dtype=torch.float64)
    support = examples(lambda net, ones: ones.mean() * net()[0] * net()[1], copies)
    query = examples(lambda net, ones: ones.mean() * (net()[0] ** 2 / 2 + 7 * net()[1]), copies)
    adapted = aligning(estimator(lr=0.5, parameters=["^w$"]))(Pair(3.0, 2.0), support, query)
    if estimator.form in HOLD_BOTH:
        assert adapted.alignment.tolist() == pytest.approx([4.0, 4.0, 4.0])


def test_nobody_pays_for_it_who_did_not_ask(estimator, examples, vector):
    loss = examples(lambda net, ones: ones.mean() * (net() ** 2).sum(), torch.ones(3, dtype=torch.float64))
    assert estimator()(vector(5.0), loss, loss).alignment is None


def test_rows_of_embeddings_meet_where_their_numbers_do():
    def rows(*ids):
        return Rows(torch.tensor(ids), torch.ones(len(ids), 2) * torch.tensor(ids).unsqueeze(1), height=9)

    whole = torch.arange(18.0).view(9, 2)
    # Rows 1 and 3 of ones and threes, and rows 3 and 4: 2 (1 + 9), 2 * 9, 2 (9 + 16).
    assert alignment({"e": rows(1, 3)}, {"e": rows(3, 4)}, ["e"]).tolist() == [20.0, 18.0, 50.0]
    # The whole matrix has (2, 3) and (6, 7) in these rows: 5 + 39; its own square is 0 + 1 + ... + 17^2 = 1785.
    assert alignment({"e": rows(1, 3)}, {"e": whole}, ["e"]).tolist() == [20.0, 44.0, 1785.0]
    assert alignment({"e": whole}, {"e": rows(1, 3)}, ["e"]).tolist() == [1785.0, 44.0, 20.0]
    assert alignment({"e": whole}, {"f": whole}, ["e"]).tolist() == [1785.0, 0.0, 0.0]
