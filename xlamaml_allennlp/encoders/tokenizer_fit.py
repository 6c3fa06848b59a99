"""Whether a tokenizer is that of an encoder."""

from allennlp.common.checks import ConfigurationError
from transformers import PretrainedConfig, PreTrainedTokenizerFast

from xlamaml_allennlp.encoders.configuration import Input, input_of


def fit_tokenizer(tokenizer: PreTrainedTokenizerFast, config: PretrainedConfig, model_name: str) -> None:
    """
    Checks that a tokenizer and an encoder's configuration belong together, and gives the tokenizer what only the
    configuration knows: how many tokens the encoder takes, and whether it takes token types.

    # Raises

    `ConfigurationError`
        If the configuration is not that of an encoder, or the tokenizer is another encoder's.
    """
    takes = input_of(config, model_name)
    num_pieces = max(tokenizer.get_vocab().values()) + 1
    if num_pieces > takes.num_pieces:
        raise ConfigurationError(
            f'model_name: the tokenizer of "{model_name}" has {num_pieces} pieces, and the encoder embeddings for '
            f"{takes.num_pieces}. They do not belong together: save both of one encoder, after "
            "`resize_token_embeddings` if pieces were added."
        )
    if takes.counts_from_padding and tokenizer.pad_token_id not in (None, config.pad_token_id):
        raise ConfigurationError(
            f'model_name: the tokenizer of "{model_name}" pads with {tokenizer.pad_token_id}, and the encoder (a '
            f"{config.model_type}), which counts positions by its padding token, with {config.pad_token_id}. They do "
            "not belong together: save both of one encoder."
        )
    if takes.num_positions is not None:
        tokenizer.model_max_length = min(tokenizer.model_max_length, takes.num_positions)
    _settle_token_types(tokenizer, takes)


def _settle_token_types(tokenizer: PreTrainedTokenizerFast, takes: Input) -> None:
    """
    transformers 5 has classes of tokenizers that name no token types though their encoder was trained with them
    (RemBERT, ALBERT), and one that names them for an encoder that takes none (DistilBERT).
    """
    names = list(tokenizer.model_input_names)
    chosen = "model_input_names" in tokenizer.init_kwargs  # by whoever saved the tokenizer, not by its class
    told_apart = len(set(tokenizer.backend_tokenizer.encode("1", "2").type_ids)) > 1
    if "token_type_ids" in names and not takes.token_types:
        names.remove("token_type_ids")
    elif "token_type_ids" not in names and takes.token_types and told_apart and not chosen:
        names.append("token_type_ids")
    tokenizer.model_input_names = names
    tokenizer.init_kwargs["model_input_names"] = names  # what is saved of it
