"""A model of ours as one of transformers' own classes: the same function of a text, under its names."""

import copy
from typing import Any, NamedTuple

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.models import Model
from torch import Tensor
from transformers import PretrainedConfig, PreTrainedModel

from xlamaml_allennlp.encoders.own_head import (
    QUESTION_ANSWERING,
    SEQUENCE_CLASSIFICATION,
    OwnHead,
    check_linear,
    final_layer,
    task_class,
)
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier
from xlamaml_allennlp.qa.model import CrossLingualSpanQa

# tanh(x / SCALE) * SCALE is x but for a part (x / SCALE)^2 / 3: 1e-7 at |x| = 36. A power of two rounds nothing.
SCALE = 2.0**16
# Where transformers puts tanh between a square layer and the last one, on the first token's state.
SQUARE = {
    "bert": "bert.pooler.dense",
    "rembert": "rembert.pooler.dense",
    "roberta": "classifier.dense",
    "xlm-roberta": "classifier.dense",
    "xlm-roberta-xl": "classifier.dense",
    "xmod": "classifier.dense",
}


class Whole(NamedTuple):
    """
    A model under transformers' names.

    # Parameters

    network : `PreTrainedModel`
        transformers' class with our weights; to be saved.
    note : `str`
        What somebody who trains it further must know; empty if nothing.
    """

    network: PreTrainedModel
    note: str = ""


def whole_model(model: Model) -> Whole:
    """
    The model as transformers' class for its task.

    # Raises

    `ConfigurationError`
        If transformers has no such class, or its head cannot be this model's.
    """
    if isinstance(model, CrossLingualPairClassifier):
        return _classifier(model)
    if isinstance(model, CrossLingualSpanQa):
        return _question_answerer(model)
    raise ConfigurationError(
        f"export: a {type(model).__name__} is none of cross_lingual_pair_classifier and cross_lingual_span_qa."
    )


def _classifier(model: CrossLingualPairClassifier) -> Whole:
    config: Any = copy.deepcopy(model.encoder.config)
    config.id2label = dict(enumerate(model.labels))
    config.label2id = {label: index for index, label in enumerate(model.labels)}
    config.problem_type = "single_label_classification"
    network = _empty(config, SEQUENCE_CLASSIFICATION)
    state = _encoder_state(model, network)
    if isinstance(model.classifier, OwnHead):
        state |= model.classifier.network.state_dict()
        return _filled(network, state)
    assert isinstance(model.classifier, torch.nn.Linear)
    last = _name_of(network, final_layer(network))
    if model.pooling == "pooler" and SQUARE.get(config.model_type, "").startswith(f"{network.base_model_prefix}."):
        return _filled(network, state | _linear(last, model.classifier.weight, model.classifier.bias))
    if model.pooling == "cls" and config.model_type in SQUARE:
        size = model.classifier.in_features
        state |= _linear(SQUARE[config.model_type], torch.eye(size) / SCALE, torch.zeros(size))
        state |= _linear(last, model.classifier.weight * SCALE, model.classifier.bias)
        return _filled(network, state, NEARLY_LINEAR)
    raise ConfigurationError(
        f'export: the head that transformers gives a {config.model_type} is not one linear layer on "{model.pooling}", '
        'so its answers would be others. Train with `model: { pooling: "own" }`, in every stage.'
    )


NEARLY_LINEAR = (
    "The model was trained with one linear layer on the first token's state. This architecture has a dense layer with "
    f"tanh in between; it is the identity divided by {SCALE:.0f} here, and the last layer is multiplied by it. Do not "
    "convert it to float16, and to train it further start from the archive instead."
)


def _question_answerer(model: CrossLingualSpanQa) -> Whole:
    config: Any = copy.deepcopy(model.encoder.config)
    check_linear(config, QUESTION_ANSWERING, "export")
    network = _empty(config, QUESTION_ANSWERING)
    weight = model.start_and_end.weight
    head = _linear(_name_of(network, final_layer(network)), weight, torch.zeros(len(weight)))
    return _filled(network, _encoder_state(model, network) | head)


def _empty(config: PretrainedConfig, task: str) -> PreTrainedModel:
    built: Any = task_class(config, task, "export")
    with torch.device("meta"):
        return built(config)


def _encoder_state(model: Any, network: PreTrainedModel) -> dict[str, Tensor]:
    return {f"{network.base_model_prefix}.{name}": value for name, value in model.encoder.state_dict().items()}


def _linear(name: str, weight: Tensor, bias: Tensor) -> dict[str, Tensor]:
    return {f"{name}.weight": weight.detach().clone(), f"{name}.bias": bias.detach().clone()}


def _name_of(network: PreTrainedModel, wanted: torch.nn.Module) -> str:
    return next(name for name, module in network.named_modules() if module is wanted)


def _filled(network: PreTrainedModel, state: dict[str, Tensor], note: str = "") -> Whole:
    network.load_state_dict(state, assign=True)  # strict: every name of theirs has a weight of ours
    return Whole(network, note)
