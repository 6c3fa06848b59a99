"""The configuration of an encoder, and what it says of the encoder's input."""

import copy
import inspect
from dataclasses import dataclass
from typing import Optional

import torch
from transformers import AutoConfig, PretrainedConfig

from xlamaml_allennlp.encoders.kind import encoder_class
from xlamaml_allennlp.encoders.problem import cannot_load
from xlamaml_allennlp.encoders.size import fits_in_memory

MARKER = "config.json"


def configuration_in(files: str, model_name: str, serialization_dir: Optional[str]) -> PretrainedConfig:
    """
    The configuration in a folder or at the hub.

    # Raises

    `ConfigurationError`
        If there is none.
    """
    try:
        # Said explicitly: without, transformers asks on standard input whether to run a stranger's code.
        return AutoConfig.from_pretrained(files, trust_remote_code=False)
    except Exception as error:  # transformers raises a dozen kinds here; each means that this name will not do
        raise cannot_load("configuration", model_name, error, serialization_dir, files) from error


@dataclass(frozen=True)
class Input:
    """
    What an encoder takes.

    # Parameters

    num_pieces : `int`
        The rows of its word embeddings.
    num_positions : `Optional[int]`
        The most tokens; `None` if nothing limits them, as with relative positions.
    counts_from_padding : `bool`
        Whether positions are counted from the padding token's id on, as in RoBERTa and all that came of it.
    token_types : `bool`
        Whether it tells two texts apart by token types.
    """

    num_pieces: int
    num_positions: Optional[int]
    counts_from_padding: bool
    token_types: bool


def input_of(config: PretrainedConfig, model_name: str) -> Input:
    """
    What the encoder with this configuration takes, from its skeleton: all of its modules, without memory for weights.

    # Raises

    `ConfigurationError`
        If the configuration is not that of an encoder.
    """
    built = encoder_class(config, model_name)
    with torch.device("meta"), fits_in_memory(model_name):
        skeleton = built._from_config(copy.deepcopy(config))
    tables = [m for name, m in skeleton.named_modules() if name.split(".")[-1] == "position_embeddings"]
    tables = [table for table in tables if isinstance(table, torch.nn.Embedding)]
    # Positions start behind the padding token's id, and the rows up to it are lost.
    lost = next((table.padding_idx + 1 for table in tables if table.padding_idx is not None), 0)
    if tables:
        positions = tables[0].num_embeddings - lost
    else:  # rotary positions go on for ever, and mean nothing beyond those of the pretraining
        positions = config.max_position_embeddings if hasattr(config, "rope_parameters") else None
    takes_types = "token_type_ids" in inspect.signature(built.forward).parameters
    return Input(
        num_pieces=skeleton.get_input_embeddings().num_embeddings,
        num_positions=positions,
        counts_from_padding=lost > 0,
        token_types=takes_types and getattr(config, "type_vocab_size", 2) != 1,
    )
