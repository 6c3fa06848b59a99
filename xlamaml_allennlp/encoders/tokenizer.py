"""The fast tokenizer of an encoder."""

from typing import Optional

from allennlp.common.checks import ConfigurationError
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from xlamaml_allennlp.encoders.folder import files_of, keep, kept_folder
from xlamaml_allennlp.encoders.problem import cannot_load
from xlamaml_allennlp.upstream.tokenizer_file import obey_file

MARKER = "tokenizer.json"


def load_tokenizer(model_name: str, serialization_dir: Optional[str] = None) -> PreTrainedTokenizerFast:
    """
    Loads the tokenizer of an encoder, and keeps what an archive needs of it.

    # Parameters

    model_name : `str`
        A hub name, a transformers folder, or an archive (model.tar.gz) of a model with an encoder.
    serialization_dir : `Optional[str]`, optional (default = `None`)
        The run's folder. The tokenizer is kept in its `encoder/`, and taken from there if it is there.

    # Returns

    `PreTrainedTokenizerFast`
        The tokenizer; it is in memory, and its files are not needed any more.

    # Raises

    `ConfigurationError`
        If there is none, or only one in Python (a slow one), which has no offsets and is a tenth as fast.
    """
    with files_of(model_name, serialization_dir, MARKER) as files:
        try:
            tokenizer = AutoTokenizer.from_pretrained(files, use_fast=True, trust_remote_code=False)
            if tokenizer.is_fast:
                tokenizer = obey_file(tokenizer, files)
        except Exception as error:  # transformers raises a dozen kinds here; each means that this name will not do
            raise cannot_load("tokenizer", model_name, error, serialization_dir) from error
    if not tokenizer.is_fast:
        raise ConfigurationError(
            f'model_name: "{model_name}" has only a slow tokenizer ({type(tokenizer).__name__}), without offsets. '
            "Take an encoder with a tokenizer.json, or convert it with the tokenizers library."
        )
    if serialization_dir is not None:
        folder = kept_folder(model_name, serialization_dir)
        keep(folder, lambda draft: tokenizer.save_pretrained(draft, legacy_format=False), MARKER)
    return tokenizer
