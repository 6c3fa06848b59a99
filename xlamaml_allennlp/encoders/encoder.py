"""A transformers encoder, with its weights or without."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Optional

from allennlp.common.checks import ConfigurationError
from transformers import AutoConfig, AutoModel, PretrainedConfig, PreTrainedModel
from transformers.models.auto.modeling_auto import MODEL_MAPPING
from transformers.utils import logging as transformers_logging

from xlamaml_allennlp.encoders.archive import extracted, is_archive, weights_in
from xlamaml_allennlp.encoders.folder import files_of, keep, kept_folder
from xlamaml_allennlp.encoders.problem import cannot_load

logger = logging.getLogger(__name__)

MARKER = "config.json"
# Value of the key `attention` -> the attribute by which a model class says that it has that kernel.
KERNELS = {"eager": None, "sdpa": "_supports_sdpa", "flash_attention_2": "_supports_flash_attn_2"}


def load_encoder(
    model_name: str,
    serialization_dir: Optional[str] = None,
    attention: str = "eager",
    load_weights: bool = True,
    pooler: bool = False,
) -> PreTrainedModel:
    """
    Loads an encoder, and keeps what an archive needs to build it again.

    # Parameters

    model_name : `str`
        A hub name, a transformers folder, or an archive (model.tar.gz) of a model with an encoder.
    serialization_dir : `Optional[str]`, optional (default = `None`)
        The run's folder. The encoder's configuration is kept in its `encoder/`, and taken from there if it is there.
        Weights never are: those of a run are in its archive.
    attention : `str`, optional (default = `"eager"`)
        The attention kernel: "eager", "sdpa" or "flash_attention_2". Only "eager" has a second derivative everywhere,
        which an exact meta-gradient takes; the others are faster where only first derivatives are.
    load_weights : `bool`, optional (default = `True`)
        Whether to load pretrained weights; without, they are random, for somebody else to load over.
    pooler : `bool`, optional (default = `False`)
        Whether to keep the encoder's own pooler; unused, its parameters would never get a gradient.

    # Returns

    `PreTrainedModel`
        The encoder, in float32 on the CPU.

    # Raises

    `ConfigurationError`
        If there is no such encoder or kernel, or the encoder has no pooler where one is asked for.
    """
    with files_of(model_name, serialization_dir, MARKER) as files:
        try:
            config = AutoConfig.from_pretrained(files, trust_remote_code=False)
        except Exception as error:  # transformers raises a dozen kinds here; each means that this name will not do
            raise cannot_load("configuration", model_name, error, serialization_dir) from error
    _check(config, model_name, attention)
    if serialization_dir is not None:
        keep(kept_folder(model_name, serialization_dir), config.save_pretrained, MARKER)
    if load_weights and not is_archive(model_name):
        encoder = _from_transformers(model_name, config, attention, pooler)
    else:
        encoder = AutoModel.from_config(config, attn_implementation=attention, trust_remote_code=False)
        _settle_pooler(encoder, model_name, pooler)
        if load_weights:
            _load_from_archive(encoder, model_name)
    return encoder


def _check(config: PretrainedConfig, model_name: str, attention: str) -> None:
    if attention not in KERNELS:
        raise ConfigurationError(f'attention: "{attention}" is none of {", ".join(KERNELS)}.')
    if config.is_encoder_decoder or type(config) not in MODEL_MAPPING:
        raise ConfigurationError(
            f'model_name: "{model_name}" is a {config.model_type}, not an encoder. Take one like BERT or XLM-R.'
        )
    kernel = KERNELS[attention]
    if kernel is not None and not getattr(MODEL_MAPPING[type(config)], kernel):
        raise ConfigurationError(
            f'attention: "{attention}" does not exist for "{model_name}" (a {config.model_type}) in this release of '
            'transformers. Take "eager".'
        )


def _from_transformers(model_name: str, config: PretrainedConfig, attention: str, pooler: bool) -> PreTrainedModel:
    with _quiet():
        try:
            encoder, info = AutoModel.from_pretrained(
                model_name,
                config=config,
                attn_implementation=attention,
                output_loading_info=True,
                trust_remote_code=False,
            )
        except Exception as error:  # as above
            raise cannot_load("weights", model_name, error) from error
    _settle_pooler(encoder, model_name, pooler)
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


def _load_from_archive(encoder: PreTrainedModel, archive: str) -> None:
    prefix = "encoder."
    with extracted(archive, "model_name", ["weights.th"]) as extract:
        state = {name[len(prefix) :]: w for name, w in weights_in(extract).items() if name.startswith(prefix)}
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


@contextmanager
def _quiet() -> Iterator[None]:
    """
    Lets transformers not warn about missing weights (we do, where they matter), nor about layers that are not spread
    over devices, nor draw a bar.
    """
    theirs = [logging.getLogger(f"transformers.{name}") for name in ("modeling_utils", "distributed.tensor_parallel")]
    levels = [logger.level for logger in theirs]
    drawn = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    for each in theirs:
        each.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for each, level in zip(theirs, levels, strict=True):
            each.setLevel(level)
        if drawn:
            transformers_logging.enable_progress_bar()
