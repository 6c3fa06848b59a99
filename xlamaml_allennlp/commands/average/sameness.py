"""Whether archives are of one configuration, so that a mean of their weights means something."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from allennlp.common.checks import ConfigurationError

# What repetitions of a run differ in.
SEEDS = {"random_seed", "numpy_seed", "pytorch_seed", "seed"}
# Where things lie, and what made the stage before: of repetitions that is another seed's.
PLACES = {"pretrained_file", "base_config", "cache"}
# Of these languages count, where they are named, and the paths do not.
DATA = {"train_data_path", "validation_data_path", "test_data_path"}
MISSING = object()
# Files that say what a weight is of: which label or token an index is, and how the encoder's layers are put together.
MEANINGS = ("vocabulary/*.txt", "encoder/*/config.json", "encoder/*/tokenizer.json")
# A set, which AllenNLP writes in the order that this process's hashes give it.
UNORDERED = "vocabulary/non_padded_namespaces.txt"
# What an encoder's configuration says of who has written it.
WRITERS = {"transformers_version", "_name_or_path"}
_ONE = "Give archives of one vocabulary and one encoder."


def check_configs(configs: Mapping[str, Any]) -> None:
    """
    # Parameters

    configs : `Mapping[str, Any]`
        The configs of archives, by the archives' names.

    # Raises

    `ConfigurationError`
        If two of them differ in more than seeds and paths.
    """
    (first, expected), *others = configs.items()
    for name, config in others:
        if found := next(_differences(expected, config), None):
            key, one, other = found
            raise ConfigurationError(
                f"average: {key} is {one} in {first} and {other} in {name}. Give archives of one config, which differ "
                "in seeds and paths only."
            )


def check_files(extracts: Mapping[str, Path]) -> None:
    """
    The same of vocabularies and encoders: a `ConfigurationError` names a file that differs. Weights of one shape may be
    those of other labels, or of another tokenizer that lay at the same path.
    """
    (first, folder), *others = extracts.items()
    expected = _meanings(folder)
    for name, other in others:
        found = _meanings(other)
        for file in sorted({*expected, *found}):
            if file not in expected or file not in found:
                with_it, without = (first, name) if file in expected else (name, first)
                raise ConfigurationError(f"average: {file} is in {with_it} and not in {without}. {_ONE}")
            if found[file] != expected[file]:
                raise ConfigurationError(f"average: {file} of {first} and that of {name} differ. {_ONE}")


def check_weights(weights: Mapping[str, Mapping[str, torch.Tensor]]) -> None:
    """The same of weights: a `ConfigurationError` names one that is missing or of another shape or kind."""
    (first, expected), *others = weights.items()
    for name, found in others:
        for key in sorted({*expected, *found}):
            one, other = (_shown(of.get(key)) for of in (expected, found))
            if one != other:
                raise ConfigurationError(
                    f"average: {key} is {one} in {first} and {other} in {name}. Give archives of one model."
                )


def mean(tensors: Sequence[torch.Tensor], name: str) -> torch.Tensor:
    """
    The mean of one weight, added up in float64 and rounded once; what counts or marks something has to be the same.

    # Raises

    `ConfigurationError`
        If it is no weight and differs.
    """
    first = tensors[0]
    if first.is_floating_point():
        total = torch.zeros(first.shape, dtype=torch.float64)
        for tensor in tensors:
            total += tensor
        return (total / len(tensors)).to(first.dtype)
    if not all(torch.equal(first, tensor) for tensor in tensors):
        raise ConfigurationError(f"average: {name} holds whole numbers, and they differ. Give archives of one model.")
    return first.clone()


def _meanings(folder: Path) -> dict[str, Any]:
    found = {}
    for path in sorted(path for pattern in MEANINGS for path in folder.glob(pattern)):
        name, text = path.relative_to(folder).as_posix(), path.read_text("utf-8")
        content = json.loads(text) if path.suffix == ".json" else text
        if isinstance(content, dict):
            content = {key: value for key, value in content.items() if key not in WRITERS}
        found[name] = sorted(text.splitlines()) if name == UNORDERED else content
    return found


def _differences(one: Any, other: Any, key: str = "") -> Iterator[tuple[str, str, str]]:
    name = key.rpartition(".")[2]
    if name in SEEDS | PLACES:
        return
    if name in DATA:
        one, other = (sorted(paths) if isinstance(paths, Mapping) else paths is None for paths in (one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for each in sorted({*one, *other}):
            yield from _differences(one.get(each, MISSING), other.get(each, MISSING), f"{key}.{each}".lstrip("."))
    elif one != other:
        yield key, _said(one), _said(other)


def _said(value: Any) -> str:
    return "not there" if value is MISSING else f"{value!r:.80}"


def _shown(tensor: Any) -> str:
    return "not there" if tensor is None else f"{tuple(tensor.shape)}, {tensor.dtype}"
