"""Which of transformers' models are encoders: what reads texts, every token of it in the light of all others."""

import torch
from allennlp.common.checks import ConfigurationError
from transformers import PretrainedConfig, PreTrainedModel
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING,
    MODEL_FOR_MASKED_LM_MAPPING,
    MODEL_FOR_TEXT_ENCODING_MAPPING,
    MODEL_MAPPING,
)

TAKE = "Take a bidirectional encoder, such as mBERT, XLM-R or mmBERT"
# Language models for generation only, which all the same read in both directions unless their configuration says else.
BIDIRECTIONAL = {"bert-generation", "xlnet"}


def encoder_class(config: PretrainedConfig, model_name: str) -> type[PreTrainedModel]:
    """
    The class of the encoder that a configuration describes; of a model like mT5 it is the encoder without the decoder.

    # Raises

    `ConfigurationError`
        If it describes no encoder of texts.
    """
    mapping = MODEL_FOR_TEXT_ENCODING_MAPPING if config.is_encoder_decoder else MODEL_MAPPING
    kind = f'model_name: "{model_name}" (a {config.model_type})'
    if config.is_encoder_decoder and type(config) not in mapping:
        raise ConfigurationError(f"{kind} has a decoder, and transformers has no class for its encoder alone. {TAKE}.")
    if type(config) not in mapping or mapping[type(config)].main_input_name != "input_ids":
        raise ConfigurationError(f"{kind} is not an encoder of texts. {TAKE}.")
    if _reads_left_to_right(config):
        raise _blind(model_name, config)
    if not hasattr(config, "hidden_size"):
        raise ConfigurationError(f"{kind} has several parts, and no one of them is the encoder of texts. {TAKE}.")
    return mapping[type(config)]


def _reads_left_to_right(config: PretrainedConfig) -> bool:
    if getattr(config, "is_decoder", False):
        return True
    generates_only = type(config) in MODEL_FOR_CAUSAL_LM_MAPPING and type(config) not in MODEL_FOR_MASKED_LM_MAPPING
    made_an_encoder = getattr(config, "use_bidirectional_attention", None) in (True, "all")
    return (
        generates_only
        and not config.is_encoder_decoder
        and config.model_type not in BIDIRECTIONAL
        and not made_an_encoder
    )


@torch.no_grad()
def check_reads_both_ways(encoder: PreTrainedModel, model_name: str) -> None:
    """
    Raises a `ConfigurationError` if the last token makes no difference to the first, whatever the configuration says.
    """
    training = encoder.training
    encoder.eval()
    # Ids that are nobody's padding: RoBERTa's is 1, BERT's 0.
    ids = torch.full((2, 4), 5)
    ids[1, -1] = 6
    adapters = {"lang_ids": torch.zeros(2, dtype=torch.long)} if encoder.config.model_type == "xmod" else {}
    first, other = encoder(input_ids=ids, attention_mask=torch.ones_like(ids), **adapters).last_hidden_state[:, 0]
    encoder.train(training)
    if torch.equal(first, other):
        raise _blind(model_name, encoder.config)


def check_begins_with_special(encoder: PreTrainedModel, model_name: str) -> None:
    """Raises a `ConfigurationError` if no token such as [CLS] comes first, as with the encoders of T5's kind."""
    if type(encoder) is not MODEL_MAPPING[type(encoder.config)]:
        raise ConfigurationError(
            f'pooling: "{model_name}" (a {encoder.config.model_type}) begins a pair without a token such as [CLS] that '
            'could stand for it. Take "mean".'
        )


def _blind(model_name: str, config: PretrainedConfig) -> ConfigurationError:
    return ConfigurationError(
        f'model_name: "{model_name}" (a {config.model_type}) reads from left to right: its first token, which stands '
        f"for a pair, sees nothing of it, so that every pair would get the same probabilities. {TAKE}."
    )
