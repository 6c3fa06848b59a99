"""The fast tokenizer of an encoder."""

import hashlib
from pathlib import Path
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from xlamaml_allennlp.encoders.archive import model_params_in
from xlamaml_allennlp.encoders.configuration import configuration_in
from xlamaml_allennlp.encoders.folder import files_of, keep, kept_folder
from xlamaml_allennlp.encoders.kind import encoder_class
from xlamaml_allennlp.encoders.problem import cannot_load
from xlamaml_allennlp.encoders.tokenizer_fit import fit_tokenizer
from xlamaml_allennlp.upstream.tokenizer_file import obey_file

MARKER = "tokenizer.json"
# Several scripts, and what tokenizers treat in ways of their own: case, accents, numbers, punctuation.
PROBE = "The Café costs 2,008 €. Où? नमस्ते दुनिया! 你好 мир"


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
        The tokenizer; it is in memory, and its files are not needed any more. `model_max_length` is the most tokens
        that the encoder takes, and `model_input_names` holds token types where it takes them.

    # Raises

    `ConfigurationError`
        If there is none, or only one in Python (a slow one), which has no offsets and is a tenth as fast; if the name
        stands for no encoder, or the tokenizer is not that of its encoder.
    """
    with files_of(model_name, serialization_dir, MARKER) as files:
        # What a run keeps was seen to fit when it was kept.
        kept = serialization_dir is not None and files == str(kept_folder(model_name, serialization_dir))
        config = None if kept else configuration_in(files, model_name, serialization_dir)
        if config is not None:
            encoder_class(config, model_name)  # what is no encoder need not have a tokenizer of ours
        try:
            tokenizer = _tokenizer_in(files)
        except Exception as error:  # as there, a dozen kinds
            raise cannot_load("tokenizer", model_name, error, serialization_dir, files) from error
    if not tokenizer.is_fast:
        raise ConfigurationError(
            f'model_name: "{model_name}" has a tokenizer in Python only ({type(tokenizer).__name__}), and texts are '
            "read with the tokenizers library, for its offsets and its speed. Take an encoder with a tokenizer.json."
        )
    if config is not None:
        fit_tokenizer(tokenizer, config, model_name)
    if serialization_dir is not None:
        folder = kept_folder(model_name, serialization_dir)
        keep(folder, tokenizer.save_pretrained, MARKER)
        # AllenNLP reads the training data before it makes the model, which would find this out.
        if (theirs := _models_name(serialization_dir)) not in (None, model_name):
            check_same_tokenizer(theirs, serialization_dir)
    return tokenizer


def tokenizer_content(tokenizer: PreTrainedTokenizerFast) -> str:
    """Everything that decides what a tokenizer makes of texts, in short: the same wherever its files are."""
    backend = tokenizer.backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    told = backend.to_str(), tokenizer.pad_token_id, tokenizer.model_max_length, list(tokenizer.model_input_names)
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


def _models_name(serialization_dir: str) -> Any:
    """The `model_name` in the `model` section of a run's config, where there is one."""
    run = Path(serialization_dir)
    return model_params_in(run).get("model_name") if (run / "config.json").exists() else None


def _tokenizer_in(files: str) -> PreTrainedTokenizerFast:
    tokenizer = AutoTokenizer.from_pretrained(files, trust_remote_code=False)
    return obey_file(tokenizer, files) if tokenizer.is_fast else tokenizer


def check_same_tokenizer(model_name: str, serialization_dir: str) -> None:
    """
    Checks that a run's readers, which have kept their tokenizers, and its model have the same one.

    Two names for one encoder are fine, such as a hub's and the folder of a copy.

    # Raises

    `ConfigurationError`
        If a reader's tokenizer is another than that of `model_name`.
    """
    own = kept_folder(model_name, serialization_dir)
    others = [file.parent for file in own.parent.glob(f"*/{MARKER}") if file.parent != own]
    if not others:
        return
    try:
        ours = _reading(load_tokenizer(model_name, serialization_dir if (own / MARKER).exists() else None))
    except ConfigurationError:
        # An archive whose model and readers were given two names, on a machine without the model's tokenizer: they
        # were compared when it was made.
        if (own / "config.json").exists():
            return
        raise
    for folder in sorted(others):
        if _reading(_tokenizer_in(str(folder))) != ours:
            raise ConfigurationError(
                f'model_name: the model has "{model_name}", and a dataset reader the tokenizer of another encoder, '
                f'"{folder.name.rpartition("-")[0]}" (kept in {folder}), whose ids mean something else to it. Give '
                "the model and all readers the same model_name."
            )


def _reading(tokenizer: PreTrainedTokenizerFast) -> tuple[dict[str, int], list[int]]:
    """What a tokenizer makes of texts: its pieces with their ids, and the ids of some text."""
    return tokenizer.get_vocab(), tokenizer(PROBE)["input_ids"]
