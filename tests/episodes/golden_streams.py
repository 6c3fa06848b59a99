"""
What the samplers dealt out when `goldens/streams.json` was written: streams of episodes, and workers' batches.

    python -m tests.episodes.golden_streams

writes the file anew, from this package's readers on XNLI and MLQA and from data that need no folder. A change to the
file is a change to every user's episodes.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from itertools import islice, product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch.distributed
from allennlp.common import Params, util
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader, Instance, Vocabulary

from tests.episodes.tagged import TaggedReader, instance, loader, names, stream
from xlamaml_allennlp.episodes import EpisodeDataLoader

FILE = Path(__file__).parent / "goldens" / "streams.json"
SHARED = Path(os.environ.get("XLAMAML_SHARED", Path(__file__).parents[3] / "shared"))
XNLI = SHARED / "data" / "XNLI-1.0" / "xnli.dev.tsv"
MLQA = SHARED / "data" / "MLQA_V1" / "dev"
SEEDS = (0, 1, 2)
TYPES = ("covering", "random")
# The most episodes of a stream, and those of an epoch of batches: divisible among one, two or three workers.
LONGEST, EPOCH = 120, 12
LANGUAGES = ("en", "hi", "de", "zh")
PLANS: dict[str, tuple[dict[str, Any], tuple[Any, ...]]] = {
    "one_to_one": ({"support": ["en"], "query": ["hi"]}, (False, True, "where_possible")),
    "many_to_many": (
        {"support": ["en", "de", "hi"], "query": ["hi", "de"], "languages_per_support": 1},
        (False, True, "where_possible"),
    ),
    "two_at_once": (
        {"support": ["en", "zh"], "query": ["hi", "de"], "languages_per_support": 2, "languages_per_query": 2},
        (False, True, "where_possible"),
    ),
    "same": ({"type": "same_language", "query": ["hi", "de", "zh"]}, (False,)),
    "same_together": ({"type": "same_language", "query": ["hi", "de", "zh"], "languages_per_query": 2}, (False,)),
}


def own() -> list[Instance]:
    """Four languages of unequal size, in groups of three, some examples in several windows."""
    counts = {"en": 41, "hi": 37, "de": 29, "zh": 41}
    return [
        instance(language, i, i // 3, window)
        for language, count in counts.items()
        for i in range(count)
        for window in range(1 + i % 3)
    ]


def xnli(encoder: Path) -> list[Instance]:
    return read({"type": "xnli", "model_name": str(encoder)}, dict.fromkeys(LANGUAGES, str(XNLI)))


def mlqa(encoder: Path) -> list[Instance]:
    reader = {"type": "mlqa", "model_name": str(encoder), "max_length": 256, "windows": "answer"}
    return read(reader, {each: str(MLQA / f"dev-context-{each}-question-{each}.json") for each in LANGUAGES})


def read(reader: dict[str, Any], paths: Any) -> list[Instance]:
    return list(DatasetReader.from_params(Params({"type": "episodes", "reader": reader})).read(paths))


def cases() -> Iterator[tuple[str, Any, Any]]:
    """Each sampler, plan, parallel setting and seed: its name, `languages` and `sampler`."""
    for type, (plan, (languages, settings)), seed in product(TYPES, PLANS.items(), SEEDS):
        for parallel in settings:
            sampler = {"type": type, "support_size": 8, "query_size": 8, "parallel": parallel, "seed": seed}
            yield f"{type}/{plan}/parallel={parallel}/{seed}", dict(languages), sampler


def streams(rows: list[Instance]) -> dict[str, str]:
    """By case, a digest of the first episodes: those of a pass and a half."""
    found = {}
    for case, languages, sampler in cases():
        try:
            built = loader(TaggedReader({"all": rows}), languages=dict(languages), sampler=dict(sampler))
        except ConfigurationError as error:  # say, that an example has no translation
            found[case] = str(error)
            continue
        count = min(LONGEST, len(built) * 3 // 2)
        found[case] = digest([names(episode) for episode in islice(stream(built), count)])
    return found


def batches(rows: list[Instance]) -> dict[str, str]:
    """By case and worker, a digest of the batches of two epochs: ids, windows and tensors."""
    found = {}
    plans = ("many_to_many", "same")
    wanted = [(case, *rest) for case, *rest in cases() if case.split("/")[1] in plans and case.endswith("False/0")]
    for (case, languages, sampler), workers in product(wanted, (1, 2, 3)):
        for rank in range(workers):
            built = worker(rows, rank, workers, languages=dict(languages), sampler=dict(sampler))
            epochs = [[told(batch) for batch in built] for _ in range(2)]
            found[f"{case}/worker {rank} of {workers}"] = digest(epochs)
    return found


def worker(rows: list[Instance], rank: int, workers: int, **params: Any) -> EpisodeDataLoader:
    """The loader of one of several workers."""
    with (
        patch.object(util, "is_distributed", lambda: workers > 1),
        patch.object(torch.distributed, "get_world_size", lambda: workers),
        patch.object(torch.distributed, "get_rank", lambda: rank),
    ):
        built = loader(TaggedReader({"all": rows}), episodes_per_epoch=EPOCH, **params)
    built.index_with(Vocabulary())
    return built


def told(value: Any) -> Any:
    """A batch as plain values; of its metadata what tells an example."""
    if isinstance(value, Mapping):
        return {
            key: [[tags["language"], tags["id"], tags["group"], tags.get("window")] for tags in item]
            if key == "metadata"
            else told(item)
            for key, item in value.items()
        }
    return value.tolist() if isinstance(value, torch.Tensor) else value


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:16]


def recorded(bert: Path, xlmr: Path) -> dict[str, dict[str, str]]:
    data = {"own": own(), "xnli": xnli(bert), "mlqa": mlqa(xlmr)}
    return {name: {**streams(rows), **batches(rows)} for name, rows in data.items()}


if __name__ == "__main__":
    from tests import conftest

    with tempfile.TemporaryDirectory() as folder:

        class Factory:
            def mktemp(self, name: str) -> Path:
                (path := Path(folder) / name).mkdir()
                return path

        makers: tuple[Any, ...] = (conftest.bert_folder, conftest.xlmr_folder)
        encoders = (make.__wrapped__(Factory()) for make in makers)
        FILE.write_text(json.dumps(recorded(*encoders), indent=1) + "\n", encoding="utf-8")
