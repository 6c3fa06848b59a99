"""The model of an exported folder for ONNX Runtime, beside transformers' own files."""

import warnings
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.models import Archive
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from xlamaml_allennlp.exchange.comparison import Answers, check_answers, encoded, keys_of, texts_for

# The names that optimum gives these files too; a model of more than 2 GB does not fit into the first.
FILE = "model.onnx"
# ONNX Runtime adds up in another order than torch does.
TOLERANCE = 1e-4
NEEDED = ("onnx", "onnxscript", "onnxruntime")


def check_installed() -> None:
    """Raises a `ConfigurationError` if what writes or runs such a model is missing."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ConfigurationError(f"--onnx needs {', '.join(missing)}: pip install 'xlamaml_allennlp[onnx]'.")


def write_onnx(archive: Archive, tokenizer: PreTrainedTokenizerFast, network: PreTrainedModel, folder: Path) -> None:
    """
    Writes model.onnx, with its weights in model.onnx.data, and compares it with the archive by ONNX Runtime.

    # Parameters

    archive : `Archive`
        Loaded, with the reader of its validation.
    tokenizer : `PreTrainedTokenizerFast`
        The encoder's.
    network : `PreTrainedModel`
        transformers' class with the archive's weights.
    folder : `Path`
        Where to.

    # Raises

    `ConfigurationError`
        If torch cannot write the model as a graph, or the graph answers otherwise.
    """
    if getattr(archive.model, "_adapters", None) is not None:
        raise ConfigurationError("--onnx: an encoder that takes an adapter for each language is not one graph.")
    # Two rows and more: torch takes a dimension of 1 for one that is always 1.
    inputs = encoded(archive, tokenizer, texts_for(archive))
    _write(_ByPosition(network, list(inputs), list(keys_of(archive))).eval(), inputs, folder / FILE)
    check_answers(archive, tokenizer, _answers_of(folder / FILE), TOLERANCE, "ONNX Runtime", together=True)


class _ByPosition(torch.nn.Module):
    """A network that takes and gives plain tensors, which is what a graph has."""

    def __init__(self, network: PreTrainedModel, inputs: list[str], outputs: list[str]) -> None:
        super().__init__()
        self.network, self.inputs, self.outputs = network, inputs, outputs

    def forward(self, *values: Tensor) -> tuple[Tensor, ...]:
        answered = self.network(**dict(zip(self.inputs, values, strict=True)))
        return tuple(answered[name] for name in self.outputs)


@torch.no_grad()
def _write(network: _ByPosition, inputs: dict[str, Tensor], path: Path) -> None:
    shape = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length")}
    try:
        with warnings.catch_warnings():
            # All inputs share the two names, of which torch says so once for each input.
            warnings.filterwarnings("ignore", "# The axis name", UserWarning)
            torch.onnx.export(
                network,
                tuple(inputs.values()),
                str(path),
                input_names=network.inputs,
                output_names=network.outputs,
                dynamic_shapes=(tuple(shape for _ in inputs),),  # of the one argument `*values`
                dynamo=True,
                external_data=True,
                verbose=False,
            )
    except Exception as error:  # torch raises whatever the tracing of an architecture meets
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise ConfigurationError(
            f"--onnx: torch cannot write this {network.network.config.model_type} as a graph; leave --onnx out. "
            f"Nothing was written. (torch says: {reason})"
        ) from error


def _answers_of(path: Path) -> Answers:
    onnxruntime = import_module("onnxruntime")  # an extra

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    outputs = [each.name for each in session.get_outputs()]

    def answers(inputs: dict[str, Tensor]) -> Mapping[str, Tensor]:
        given = {name: value.numpy() for name, value in inputs.items()}
        return {name: torch.from_numpy(value) for name, value in zip(outputs, session.run(None, given), strict=True)}

    return answers
