"""Compares what a trainer or an evaluation gets of a reader whose examples are kept and of one that reads them."""

import random
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

from allennlp.common import Params
from allennlp.data import DataLoader, DatasetReader, Vocabulary
from allennlp.models import Model

from tests.languages.same_examples import contents, plain
from xlamaml_allennlp.languages.evaluator import PerLanguageEvaluator

BUCKETS = {"type": "bucket", "batch_size": 2, "sorting_keys": ["tokens"]}
# As stages 1, 3b and evaluations batch, and as users may.
LOADERS: dict[str, dict[str, Any]] = {
    "shuffled": {"batch_size": 2, "shuffle": True},
    "in order": {"batch_size": 2, "drop_last": True},
    "buckets": {"batch_sampler": BUCKETS},
    "sampled": {"type": "sampled", "batch_sampler": {**BUCKETS, "padding_noise": 0}, "batch_size": 3},
    "tokens": {"batch_sampler": {"type": "max_tokens_sampler", "max_tokens": 80, "sorting_keys": ["tokens"]}},
    "some at a time": {"batch_size": 2, "shuffle": True, "max_instances_in_memory": 3},
}


def batched(reader: DatasetReader, data_path: Any, keys: dict[str, Any]) -> Any:
    """Every instance of a loader, and the batches of two passes, from the same random numbers."""
    random.seed(7)
    loader = DataLoader.from_params(Params({"quiet": True, **deepcopy(keys)}), reader=reader, data_path=data_path)
    instances = [contents(instance) for instance in loader.iter_instances()]
    loader.index_with(Vocabulary.empty())
    return instances, [[_values(batch) for batch in loader] for _ in range(2)], random.random()


def check_batches(build: Callable[[Any], DatasetReader], data_path: Any, cache: Any, keys: dict[str, Any]) -> None:
    """Checks that they are those without a cache, when it is made and when it is there, with something in them."""
    expected = batched(build(None), data_path, keys)
    assert expected[0]
    for _ in range(2):
        assert batched(build(str(cache)), data_path, keys) == expected
    assert list(cache.glob("examples-*/whole.txt"))


def check_evaluation(
    model: Model, build: Callable[[Any], DatasetReader], data_path: Any, folder: Path, capsys: Any
) -> None:
    """Checks that an evaluation's metrics, table and predictions are those without a cache."""
    found = []
    for cache in (None, str(folder / "cache"), str(folder / "cache")):
        keys = {"quiet": True, **deepcopy(LOADERS["sampled"])}
        loader = DataLoader.from_params(Params(keys), reader=build(cache), data_path=data_path)
        loader.index_with(model.vocab)
        metrics = PerLanguageEvaluator()(model, loader, predictions_output_file=str(folder / "predictions"))
        found.append((metrics, (folder / "predictions").read_text(encoding="utf-8"), capsys.readouterr().out))
    assert found[0] == found[1] == found[2]
    assert all(found[0])


def _values(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _values(each) for key, each in value.items()}
    return [_values(each) for each in value] if isinstance(value, list) else plain(value)
