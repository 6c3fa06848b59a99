"""What the trainer makes of one episode, and of one ordinary batch."""

from typing import Any

import pytest
import torch
from allennlp.data import Vocabulary
from allennlp.nn import RegularizerApplicator
from allennlp.nn.regularizers import L2Regularizer
from torch.nn.functional import cross_entropy

from tests.meta_training.tiny import TinyClassifier
from xlamaml_allennlp.adaptation import HigherInnerLoop
from xlamaml_allennlp.meta_training import MetaTrainer

ALPHA = 0.3


class NoData(list):
    def set_target_device(self, device: torch.device) -> None:
        pass


def side(seed: int) -> dict[str, Any]:
    numbers = torch.randn(4, 4, generator=torch.Generator().manual_seed(seed))
    return {"numbers": numbers, "label": (numbers.sum(1) > 0).long(), "metadata": [{}] * 4}


def trainer_of(model: Any, **keys: Any) -> MetaTrainer:
    optimizer, loader = torch.optim.SGD(model.parameters(), lr=0.1), NoData()
    made: Any = MetaTrainer  # takes by position what the stock trainer does, of which mypy knows nothing
    return made(model, optimizer, loader, cuda_device=-1, inner_loop=HigherInnerLoop(lr=ALPHA), **keys)


@pytest.fixture
def model() -> TinyClassifier:
    return TinyClassifier(Vocabulary(), dropout=0.0)


def tagged(batch: dict[str, Any], language: str) -> dict[str, Any]:
    return {**batch, "metadata": [{"language": language, "id": str(i), "group": str(i)} for i in range(4)]}


@pytest.fixture
def episode() -> dict[str, Any]:
    return {"support": tagged(side(1), "en"), "query": tagged(side(2), "hi")}


def by_hand(model: TinyClassifier, episode: dict[str, Any]) -> tuple[torch.Tensor, torch.Tensor, dict]:
    """Support loss, query loss after one step of SGD, and the meta-gradient, by torch.func alone."""
    theta = {name: parameter for name, parameter in model.named_parameters() if "unused" not in name}

    def loss(weights: dict, batch: dict) -> torch.Tensor:
        hidden = torch.tanh(batch["numbers"] @ weights["hidden.weight"].T + weights["hidden.bias"])
        return cross_entropy(hidden @ weights["out.weight"].T + weights["out.bias"], batch["label"])

    def query_loss(weights: dict) -> torch.Tensor:
        gradient = torch.func.grad(loss)(weights, episode["support"])
        return loss({name: weights[name] - ALPHA * gradient[name] for name in weights}, episode["query"])

    return loss(theta, episode["support"]), query_loss(theta), torch.func.grad(query_loss)(theta)


def test_an_episode_gives_both_losses_the_querys_outputs_and_the_meta_gradient(model, episode):
    support_loss, query_loss, gradient = by_hand(model, episode)
    outputs = trainer_of(model).batch_outputs(episode, for_training=True)
    outputs["loss"].backward()
    assert outputs["support_loss"] == pytest.approx(support_loss.item())
    assert outputs["loss"].item() == pytest.approx(query_loss.item())
    assert outputs["metadata"] is episode["query"]["metadata"]
    assert model.accuracy.total_count == 4
    for name, expected in gradient.items():
        assert torch.allclose(model.get_parameter(name).grad, expected, atol=1e-6)


def test_regularization_is_at_theta(episode):
    regularizer = RegularizerApplicator([("out.weight", L2Regularizer(0.5))])
    model = TinyClassifier(Vocabulary(), dropout=0.0, regularizer=regularizer)
    _, query_loss, gradient = by_hand(model, episode)
    outputs = trainer_of(model).batch_outputs(episode, for_training=True)
    outputs["loss"].backward()
    weight = model.out.weight
    assert outputs["reg_loss"].item() == pytest.approx(0.5 * weight.square().sum().item())
    assert outputs["loss"].item() == pytest.approx(query_loss.item() + outputs["reg_loss"].item())
    # d/dw 0.5 w^2 = w
    assert torch.allclose(weight.grad, gradient["out.weight"] + weight.detach(), atol=1e-6)


def test_validating_on_an_episode_adapts_without_leaving_a_trace(model, episode, monkeypatch):
    _, query_loss, _ = by_hand(model, episode)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    model.eval()
    differentiate, created = torch.autograd.grad, []

    def counting(*args: Any, create_graph: bool = False, **keys: Any) -> Any:
        created.append(create_graph)
        return differentiate(*args, create_graph=create_graph, **keys)

    monkeypatch.setattr(torch.autograd, "grad", counting)
    with torch.no_grad():
        outputs = trainer_of(model).batch_outputs(episode, for_training=False)
    assert created == [False]  # the inner step, and nothing that its gradient is differentiated by
    assert outputs["loss"].item() == pytest.approx(query_loss.item())
    assert not outputs["loss"].requires_grad
    assert model.accuracy.total_count == 4
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


def test_an_ordinary_batch_is_judged_at_theta(model):
    outputs = trainer_of(model).batch_outputs(side(3), for_training=False)
    assert torch.equal(outputs["loss"], model(**side(3))["loss"])
    assert "support_loss" not in outputs


def test_training_on_an_ordinary_batch_is_said_once_in_the_log(model, caplog):
    trainer = trainer_of(model)
    for seed in (1, 2):
        trainer.batch_outputs(side(seed), for_training=True)["loss"].backward()
    assert caplog.text.count("no support set") == 1
    assert model.out.weight.grad is not None


def test_a_batch_that_tells_no_language_is_trained_on_and_counted_as_unknown(model):
    trainer = trainer_of(model)
    trainer.batch_outputs(side(1), for_training=True)["loss"].backward()
    trainer.rescale_gradients()
    assert dict(trainer.sums.episodes) == {"unknown languages": 1}
