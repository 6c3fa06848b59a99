"""A transformers encoder, with its weights or without."""

import logging
from contextlib import AbstractContextManager
from typing import Optional

import torch
from allennlp.common.checks import ConfigurationError
from transformers import PretrainedConfig, PreTrainedModel

from xlamaml_allennlp.archives.size import as_large_as
from xlamaml_allennlp.encoders.archive import extracted, is_archive, weights_in
from xlamaml_allennlp.encoders.attention import kernel_for
from xlamaml_allennlp.encoders.configuration import MARKER, configuration_in
from xlamaml_allennlp.encoders.folder import files_of, keep, kept_folder
from xlamaml_allennlp.encoders.kind import check_reads_both_ways, encoder_class
from xlamaml_allennlp.encoders.own_head import reads_pooler
from xlamaml_allennlp.encoders.problem import cannot_load, loading_quietly
from xlamaml_allennlp.encoders.size import fits_in_memory
from xlamaml_allennlp.encoders.tokenizer import check_same_tokenizer

logger = logging.getLogger(__name__)


def load_encoder(
    model_name: str,
    serialization_dir: Optional[str] = None,
    attention: str = "auto",
    load_weights: bool = True,
    pooler: bool = False,
    head_for: Optional[str] = None,
) -> PreTrainedModel:
    """
    Loads an encoder, and keeps what an archive needs to build it again.

    # Parameters

    model_name : `str`
        A hub name, a transformers folder, or an archive (model.tar.gz) of a model with an encoder.
    serialization_dir : `Optional[str]`, optional (default = `None`)
        The run's folder. The encoder's configuration is kept in its `encoder/`, and taken from there if it is there.
        Weights never are: those of a run are in its archive.
    attention : `str`, optional (default = `"auto"`)
        The attention kernel: "auto", "eager", "sdpa" or "flash_attention_2". "auto" is "sdpa" wherever the encoder has
        it: a fused kernel, and PyTorch's math kernel in passes that are differentiated twice. "flash_attention_2" has
        no second derivative, which an exact meta-gradient takes.
    load_weights : `bool`, optional (default = `True`)
        Whether to load pretrained weights; without, they are random, for somebody else to load over.
    pooler : `bool`, optional (default = `False`)
        Whether to keep the encoder's own pooler; unused, its parameters would never get a gradient.
    head_for : `Optional[str]`, optional (default = `None`)
        The task whose head of transformers' own is put on it: the pooler is kept if that reads it.

    # Returns

    `PreTrainedModel`
        The encoder, in float32 on the CPU.

    # Raises

    `ConfigurationError`
        If there is no such encoder or kernel, the name stands for a model that is no encoder or for another encoder
        than that of the run's readers, or it has no pooler where one is asked for.
    """
    with files_of(model_name, serialization_dir, MARKER) as files:
        config = configuration_in(files, model_name, serialization_dir)
    built = encoder_class(config, model_name)
    if head_for is not None:
        pooler = reads_pooler(config, head_for, f'model_name: "{model_name}"')
    kernel = kernel_for(attention, built, model_name)
    if serialization_dir is not None:
        check_same_tokenizer(model_name, serialization_dir)
        keep(kept_folder(model_name, serialization_dir), config.save_pretrained, MARKER)
    if load_weights and not is_archive(model_name):
        encoder = _from_transformers(built, model_name, config, kernel, pooler)
    else:
        state = _state_in(model_name) if load_weights else None
        with _of_size(state, model_name):
            encoder = built._from_config(config, attn_implementation=kernel, dtype=torch.float32)
        _settle_pooler(encoder, model_name, pooler)
        if state is not None:
            _load(encoder, state, model_name)
    # In T5's kind a second embedding has the same weights; as one, only the rows that are looked up need to be touched.
    encoder.set_input_embeddings(encoder.get_input_embeddings())
    if load_weights:
        check_reads_both_ways(encoder, model_name)
    return encoder


def _from_transformers(
    built: type[PreTrainedModel], model_name: str, config: PretrainedConfig, kernel: str, pooler: bool
) -> PreTrainedModel:
    with loading_quietly():
        try:
            encoder, info = built.from_pretrained(
                model_name,
                config=config,
                attn_implementation=kernel,
                dtype=torch.float32,  # or it would be that of the file
                ignore_mismatched_sizes=True,  # they are an error below, with their names
                output_loading_info=True,
            )
        except Exception as error:  # transformers raises a dozen kinds here; each means that this name will not do
            raise cannot_load("weights", model_name, error) from error
    _settle_pooler(encoder, model_name, pooler)
    if wrong := sorted(info["mismatched_keys"]):
        name, theirs, ours = wrong[0]
        raise ConfigurationError(
            f'model_name: the weights of "{model_name}" are not those of its configuration: {name} is {tuple(theirs)} '
            f"in the one and {tuple(ours)} in the other ({len(wrong)} differences). Save both of one encoder."
        )
    # A masked language model's checkpoint has no pooler; where it is dropped anyway, nobody needs to hear of it.
    missing = {name.removeprefix(f"{encoder.base_model_prefix}.") for name in info["missing_keys"]}
    _warn_of_missing(model_name, [name for name in encoder.state_dict() if name in missing])
    return encoder


def _warn_of_missing(model_name: str, missing: list[str]) -> None:
    if missing:
        logger.warning(
            "%s has no weights for %s: these start at random. A masked language model has none for the pooler; if "
            "others are missing, the checkpoint is of another architecture.",
            model_name,
            ", ".join(missing),
        )


def _settle_pooler(encoder: PreTrainedModel, model_name: str, pooler: bool) -> None:
    if not hasattr(encoder, "pooler"):
        if pooler:
            raise ConfigurationError(
                f'pooling: "{model_name}" (a {encoder.config.model_type}) has no pooler. Take "cls" or "mean".'
            )
    elif not pooler:
        # Deleted first, or None would stay among the modules, which higher does not understand.
        del encoder.pooler
        encoder.pooler = None


def _state_in(archive: str) -> dict[str, torch.Tensor]:
    prefix = "encoder."
    with extracted(archive, "model_name", ["weights.th"]) as extract:
        weights = weights_in(extract, f"model_name: {archive}")
    return {name[len(prefix) :]: weight for name, weight in weights.items() if name.startswith(prefix)}


def _of_size(state: Optional[dict[str, torch.Tensor]], model_name: str) -> AbstractContextManager[None]:
    """Ends the building of an encoder that is larger than its weights, or than any could be."""
    return fits_in_memory(model_name) if state is None else as_large_as(state, f"model_name: {model_name}")


def _load(encoder: PreTrainedModel, state: dict[str, torch.Tensor], archive: str) -> None:
    ours, theirs = encoder.state_dict(), state.keys()
    wrong = [name for name, w in ours.items() if name in state and state[name].shape != w.shape]
    wrong += [name for name in ours.keys() ^ theirs if not name.startswith("pooler.")]
    if wrong:
        raise ConfigurationError(
            f"model_name: the weights in {archive} are not those of the encoder that it keeps; they differ in "
            f"{', '.join(sorted(wrong)[:3])} ({len(wrong)} differences)."
        )
    encoder.load_state_dict(state, strict=False)
    _warn_of_missing(archive, [name for name in ours if name not in theirs])
