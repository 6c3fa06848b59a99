"""The objective in which predictions on translations have to agree, by paper and pencil."""

from contextlib import nullcontext
from math import exp, log

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance
from allennlp.data.fields import MetadataField, TensorField
from torch import nn

from tests.meta_training.features_test import metrics_of
from tests.resuming.recovery_test import CHECKPOINTS, outcome, same_weights, whole_and_recovered
from xlamaml_allennlp.adaptation import InnerLoop
from xlamaml_allennlp.episodes import Side
from xlamaml_allennlp.languages.examples import InMemoryExamples
from xlamaml_allennlp.languages.tag import metadata, tag_of
from xlamaml_allennlp.meta_training import Agreement
from xlamaml_allennlp.meta_training.agreement import AgreeingLoss
from xlamaml_allennlp.meta_training.losses import QueryLoss, SupportLoss

SGD = {"optimizer": {"type": "sgd", "lr": 0.5}}
PARALLEL = {"type": "covering", "support_size": 3, "query_size": 3, "parallel": True}


class Line(nn.Module):
    """Logits (w x, 0), so that log(p / (1 - p)) = w x; the loss is (w - target)^2 / 2."""

    def __init__(self, w=2.0):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(w, dtype=torch.float64))

    def forward(self, x, target, tokens=None, metadata=None):
        # Shape: (batch_size, 2)
        logits = torch.stack([self.w * x, torch.zeros_like(x)], dim=-1)
        return {"logits": logits, "loss": ((self.w - target) ** 2 / 2).mean()}


def side(language, xs, target, ids=None, lengths=(1, 1, 1)):
    ids = ids or [str(number) for number in range(len(xs))]
    rows = [
        Instance(
            {
                "x": TensorField(torch.tensor(x, dtype=torch.float64)),
                "target": TensorField(torch.tensor(target, dtype=torch.float64)),
                "tokens": TensorField(torch.ones(length)),
                "metadata": MetadataField(metadata(language, id, id)),
            }
        )
        for x, id, length in zip(xs, ids, lengths[: len(xs)], strict=True)
    ]
    examples = InMemoryExamples((tag_of(row), row) for row in rows)
    return Side.of(examples, range(len(rows)), lambda collated: collated)


def agreeing(support, query, weight):
    agreement = Agreement.from_params(Params({"type": "symmetric_kl", "weight": weight}))
    losses = SupportLoss(support, nullcontext), QueryLoss(query, nullcontext)
    return AgreeingLoss.of({"support": support, "query": query}, *losses, agreement)


def logistic(z):
    return 1 / (1 + exp(-z))


def divergence(p, q):
    return p * log(p / q) + (1 - p) * log((1 - p) / (1 - q))


@pytest.mark.parametrize("form", ["higher", "exact", "exact 2", "hessian_free", "first_order", "first_order 2"])
def test_the_divergence_at_the_adapted_parameters_is_a_part_of_the_loss_and_of_its_gradient(form):
    # L_S = (w - 0)^2 / 2, so w' = 0.9 * 2 = 1.8; L_Q = (w' - 1)^2 / 2. With p = sigma(w' x) a pair's divergence is
    # D = (p - q) w' (x - y), dD/dw' = (p - q) (x - y) + w' (x - y) (p (1 - p) x - q (1 - q) y).
    type, _, size = form.partition(" ")
    inner_loop = InnerLoop.from_params(
        Params({"type": type, "lr": 0.1, **({"micro_batch_size": int(size)} if size else {})})
    )
    xs, ys, weight, w = [0.5, -1.0, 2.0], [1.5, -0.5, 2.0], 0.5, 1.8
    # Micro-batches go by length, in which a sentence and its translation differ.
    support, query = side("en", xs, 0.0, lengths=(1, 2, 3)), side("hi", ys, 1.0, lengths=(3, 1, 2))
    module, loss = Line(), agreeing(support, query, weight)

    adapted = inner_loop(module, SupportLoss(support, nullcontext), loss)
    adapted.loss.backward()

    found, slope = 0.0, 0.0
    for x, y in zip(xs, ys, strict=True):
        p, q = logistic(w * x), logistic(w * y)
        found += (divergence(p, q) + divergence(q, p)) / 3
        slope += ((p - q) * (x - y) + w * (x - y) * (p * (1 - p) * x - q * (1 - q) * y)) / 3
    assert loss.disagreement.item() == pytest.approx(found)
    assert adapted.loss.item() == pytest.approx((w - 1) ** 2 / 2 + weight * found)
    jacobian = 1 if type == "first_order" else 0.9
    rel = 1e-4 if type == "hessian_free" else 1e-9
    assert module.w.grad.item() == pytest.approx(jacobian * ((w - 1) + weight * slope), rel=rel)


def test_equal_predictions_cost_nothing():
    support, query = side("en", [0.5, 1.0], 0.0), side("hi", [0.5, 1.0], 0.0)
    loss = agreeing(support, query, 3.0)
    module = Line()
    loss(module).backward()
    assert (loss.disagreement.item(), module.w.grad.item()) == (0.0, pytest.approx(2.0))


def test_an_episode_that_is_not_parallel_is_refused_with_its_ids():
    with pytest.raises(ConfigurationError, match=r"are 0, 1 and 1, 0\. Set data_loader\.sampler\.parallel to true"):
        agreeing(side("en", [1.0, 2.0], 0.0), side("hi", [1.0, 2.0], 0.0, ["1", "0"]), 1.0)


def test_scores_of_tokens_are_refused_with_the_reason():
    loss = agreeing(side("en", [1.0], 0.0), side("hi", [1.0], 0.0), 1.0)
    answers = lambda **batch: {"start_logits": batch["x"], "loss": batch["x"].mean()}  # noqa: E731
    with pytest.raises(ConfigurationError, match=r"returned start_logits, loss\. It is not offered for question answ"):
        loss(answers)


@pytest.mark.parametrize("weight", [0.0, -1.0, float("inf"), float("nan")])
def test_a_weight_that_is_none_is_refused(weight):
    with pytest.raises(ConfigurationError, match=r"trainer\.agreement\.weight is .*; it must be a finite number"):
        Agreement.from_params(Params({"type": "symmetric_kl", "weight": weight}))


@pytest.fixture
def data(tmp_path):
    """Translations have one label, and in each language other numbers."""
    generator = torch.Generator().manual_seed(5)
    rows = [
        "\t".join([language, str(i), str(i % 2), *map(str, torch.randn(4, generator=generator).tolist())])
        for language in ("en", "hi", "ur")
        for i in range(12)
    ]
    (path := tmp_path / "parallel.tsv").write_text("\n".join(rows), encoding="utf-8")
    return path


def loader(sampler):
    languages = {"type": "cross_lingual", "support": ["en"], "query": ["hi", "ur"]}
    return {"data_loader": {"type": "episodes", "languages": languages, "sampler": sampler, "episodes_per_epoch": 4}}


def test_a_run_that_asks_for_agreement_ends_with_less_disagreement(run, tmp_path):
    keys = {
        "top": loader(PARALLEL),
        "model": {"dropout": 0.0},
        "num_epochs": 6,
        "optimizer": {"type": "sgd", "lr": 0.5},
    }
    for name, weight in (("little", 1e-6), ("much", 5.0)):
        run(name, agreement={"type": "symmetric_kl", "weight": weight}, **keys)
    little, much = metrics_of(tmp_path / "little"), metrics_of(tmp_path / "much")
    assert much["training_disagreement"] < 0.5 * little["training_disagreement"]
    run("without", **keys)
    without = metrics_of(tmp_path / "without")
    assert "training_disagreement" not in without
    # Of so little weight nothing is left beside the losses.
    assert little["training_loss"] == pytest.approx(without["training_loss"], rel=1e-3)


def test_an_interrupted_run_with_every_variant_ends_as_the_one_that_was_not(run, tmp_path, monkeypatch):
    top = loader(PARALLEL)
    top["data_loader"]["reverse"] = True
    inner_loop = {"type": "first_order", "lr": 0.05, "direction": "ascent", "normalize": True, "support_weight": 1.0}
    keys = {"top": top, "agreement": {"weight": 0.5}, "inner_loop": inner_loop, "num_gradient_accumulation_steps": 1}
    keys |= {"checkpointer": CHECKPOINTS, "callbacks": ["interrupt_for_test"]}
    # Between an episode and its reverse.
    whole, recovered = whole_and_recovered(run, monkeypatch, (1, 3, True), keys)
    assert same_weights(recovered, whole)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")


def test_a_run_over_episodes_that_are_not_parallel_is_refused(run):
    with pytest.raises(ConfigurationError, match=r"trainer\.agreement compares .* Set data_loader\.sampler\.parallel"):
        run(agreement={"type": "symmetric_kl", "weight": 0.5})
