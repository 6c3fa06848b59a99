"""The head that transformers itself puts on an encoder for a task."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Optional

import torch
from allennlp.common.checks import ConfigurationError
from transformers import PretrainedConfig, PreTrainedModel
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_QUESTION_ANSWERING_MAPPING,
    MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING,
)
from transformers.utils import ModelOutput

# A task's name in errors -> transformers' classes for it.
CLASSES = {
    "sequence classification": MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING,
    "question answering": MODEL_FOR_QUESTION_ANSWERING_MAPPING,
}
SEQUENCE_CLASSIFICATION, QUESTION_ANSWERING = CLASSES


class OwnHead(torch.nn.Module):
    """
    What transformers' class for a task adds to an encoder (BERT's layer on its pooler, RoBERTa's dense and tanh,
    DeBERTa's context pooler, ModernBERT's prediction head), computed by that class's own `forward`.

    # Parameters

    config : `PretrainedConfig`
        The encoder's.
    task : `str`
        "sequence classification" or "question answering".
    outputs : `int`
        The number of classes; of question answering 2, for start and end.
    where : `str`
        The config key and the encoder, for errors.

    # Raises

    `ConfigurationError`
        If transformers has no such class for this encoder, or one with a decoder.
    """

    def __init__(self, config: PretrainedConfig, task: str, outputs: int, where: str) -> None:
        super().__init__()
        network, self._prefix = _headed(config, task, outputs, where)
        setattr(network, self._prefix, _Recalled())
        network.to_empty(device="cpu")
        network.initialize_weights()
        self.network = network

    def forward(self, encoded: ModelOutput, tokens: Mapping[str, Any]) -> ModelOutput:
        """
        # Parameters

        encoded : `ModelOutput`
            What the encoder says of a batch.
        tokens : `Mapping[str, Any]`
            What the encoder was given: some heads read the mask.

        # Returns

        `ModelOutput`
            That of transformers' class: `logits` of shape (batch_size, outputs), or `start_logits` and `end_logits` of
            shape (batch_size, sequence_length).
        """
        recalled = getattr(self.network, self._prefix)
        recalled.outputs = encoded
        try:
            return self.network(**tokens)
        finally:
            recalled.outputs = None  # or the graph would outlive the pass

    @torch.no_grad()
    def take(self, network: PreTrainedModel, order: Sequence[int]) -> None:
        """
        Takes the weights of a model of the same class.

        # Parameters

        network : `PreTrainedModel`
            The whole model.
        order : `Sequence[int]`
            For each of our outputs the index of the one there.
        """
        inside = f"{self._prefix}."
        self.network.load_state_dict({n: w for n, w in network.state_dict().items() if not n.startswith(inside)})
        last = final_layer(self.network)
        for parameter in last.parameters():
            parameter.copy_(parameter[list(order)])


def final_layer(network: PreTrainedModel) -> torch.nn.Linear:
    """The linear layer of a transformers class's head from which its outputs come."""
    heads = [child for name, child in network.named_children() if name != network.base_model_prefix]
    return [module for head in heads for module in head.modules() if isinstance(module, torch.nn.Linear)][-1]


class _Recalled(torch.nn.Module):
    """Stands where the encoder is in transformers' class, and gives what the encoder said already."""

    outputs: Optional[ModelOutput] = None

    def forward(self, *args: Any, **keys: Any) -> Optional[ModelOutput]:
        return self.outputs


def reads_pooler(config: PretrainedConfig, task: str, where: str) -> bool:
    """Whether transformers' class for a task reads the encoder's own pooler."""
    network, prefix = _headed(config, task, 2, where)
    return getattr(getattr(network, prefix), "pooler", None) is not None


def check_linear(config: PretrainedConfig, task: str, where: str) -> None:
    """Raises a `ConfigurationError` if transformers' head for a task is more than one linear layer on the states."""
    network, prefix = _headed(config, task, 2, where)
    layers = [
        name for name, child in network.named_children() if name != prefix and any(True for _ in child.parameters())
    ]
    if len(layers) > 1 or type(getattr(network, layers[0])) is not torch.nn.Linear:
        raise ConfigurationError(
            f"{where}: the head that transformers gives a {config.model_type} for {task} is not one linear layer "
            f"({', '.join(layers)}), which is all that this model has. Start from the encoder alone, by `model_name`."
        )


# Of the classes whose names say what they are for, those whose training needs no labels.
UNLABELLED = ("ForMaskedLM", "ForPreTraining", "ForCausalLM", "ForConditionalGeneration", "ForNextSentencePrediction")


def has_task_head(config: PretrainedConfig) -> bool:
    """Whether a configuration is that of a model which somebody trained on labelled data of a task."""
    names = [name for name in config.architectures or [] if "For" in name]
    return any(not name.endswith(UNLABELLED) for name in names)


def task_class(config: PretrainedConfig, task: str, where: str) -> type[PreTrainedModel]:
    """
    transformers' class of an encoder with a head for a task.

    # Raises

    `ConfigurationError`
        If there is none, or one with a decoder.
    """
    classes = CLASSES[task]
    # Of mT5's encoder the configuration says that it has no decoder, and still how many layers that would have.
    decodes = config.is_encoder_decoder or hasattr(config, "num_decoder_layers")
    if decodes or type(config) not in classes:
        reason = "one with a decoder only" if decodes else "none"
        raise ConfigurationError(f"{where}: of classes for {task} transformers has {reason} for a {config.model_type}.")
    return classes[type(config)]


def _headed(config: PretrainedConfig, task: str, outputs: int, where: str) -> tuple[PreTrainedModel, str]:
    """transformers' class for a task without memory for weights, and the name of the encoder in it."""
    built = task_class(config, task, where)
    config = copy.deepcopy(config)
    config.num_labels = outputs
    with torch.device("meta"):
        network = built(config)
    return network, network.base_model_prefix
