"""What an encoder's own tokenizer.json says, whatever the class of its name has become."""

from pathlib import Path
from typing import Any, Optional

from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast
from transformers.convert_slow_tokenizer import DebertaV2Converter, import_protobuf
from transformers.utils import cached_file

FILE = "tokenizer.json"
# The keys of `from_pretrained` that say where files are.
WHERE = ("revision", "cache_dir", "subfolder")


def obey_file(tokenizer: PreTrainedTokenizerFast, files: str, **keys: Any) -> PreTrainedTokenizerFast:
    """
    Gives a fast tokenizer the rules of the tokenizer.json that it was loaded with, if there is one.

    From transformers 5 on, classes like XLMRobertaTokenizer and DebertaV2Tokenizer take nothing but the pieces from
    that file, and normalise and split texts by rules of their own: other pieces than those the encoder was trained on
    (DebertaV2Tokenizer no longer knows NFKC), and other offsets.

    # Parameters

    tokenizer : `PreTrainedTokenizerFast`
        The tokenizer.
    files : `str`
        The folder or the hub name that it was loaded from.
    keys : `Any`
        What it was loaded with; `revision`, `cache_dir` and `subfolder` say where its files are.

    # Raises

    `FileNotFoundError`
        If there are no files of a tokenizer: transformers makes an empty one.
    """
    where = {name: keys[name] for name in WHERE if keys.get(name) is not None}
    if not any(_path(files, name, where) for name in tokenizer.vocab_files_names.values()):
        raise FileNotFoundError(f"none of {', '.join(tokenizer.vocab_files_names.values())} is there")
    path = _path(files, FILE, where)
    if path is None:
        return _normalised_by_pieces(tokenizer, _path(files, "spm.model", where))
    backend = Tokenizer.from_file(path)
    backend.no_padding()
    backend.no_truncation()
    if backend.post_processor is None:
        backend.post_processor = tokenizer.backend_tokenizer.post_processor
    added = tokenizer.added_tokens_decoder.values()
    backend.add_tokens([token for token in added if backend.token_to_id(token.content) is None])
    tokenizer._tokenizer = backend
    return tokenizer


def _normalised_by_pieces(tokenizer: PreTrainedTokenizerFast, path: Optional[str]) -> PreTrainedTokenizerFast:
    # mDeBERTa comes with a sentencepiece model alone. Its class leaves out the map of characters that is in there.
    if type(tokenizer).__name__ == "DebertaV2Tokenizer" and path is not None:
        model = import_protobuf().ModelProto()
        model.ParseFromString(Path(path).read_bytes())
        converter = DebertaV2Converter.__new__(DebertaV2Converter)
        converter.original_tokenizer = tokenizer
        tokenizer.backend_tokenizer.normalizer = converter.normalizer(model)
    return tokenizer


def _path(files: str, name: str, where: dict[str, Any]) -> Optional[str]:
    """Where a file of a folder or a hub name is, if there is one: transformers has just brought it from the hub."""
    return cached_file(
        files,
        name,
        local_files_only=True,
        _raise_exceptions_for_missing_entries=False,
        _raise_exceptions_for_connection_errors=False,
        _raise_exceptions_for_gated_repo=False,
        **where,
    )
