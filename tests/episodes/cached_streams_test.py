"""The stream of episodes and its batches are the same whether examples are kept in memory or on disk."""

from itertools import islice
from pathlib import Path

import pytest
import torch
from allennlp.data import Vocabulary

from tests.episodes.golden_streams import MLQA, XNLI
from tests.episodes.tagged import loader, names, stream
from xlamaml_allennlp.languages.cached_examples import CachedExamples
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.qa.dataset_reader import MlqaReader

LANGUAGES = ("de", "en", "hi")


def _data(task: str):
    if task == "pairs":
        return XnliReader, dict.fromkeys(LANGUAGES, str(XNLI))
    return MlqaReader, {one: str(MLQA / f"dev-context-{one}-question-{one}.json") for one in LANGUAGES}


@pytest.mark.parametrize("task", ["pairs", "questions"])
def test_real_data_give_one_stream_with_a_cache_and_without(bert_folder, tmp_path, task):
    kind, paths = _data(task)
    if not Path(paths["de"]).exists():
        pytest.skip(f"no {paths['de']}; the variable XLAMAML_SHARED tells where real data are")
    readers = [kind(str(bert_folder), cache=cache) for cache in (None, *[str(tmp_path / "cache")] * 2)]
    read = [reader.examples(paths) for reader in readers]
    assert [isinstance(found, CachedExamples) for found in read] == [False, True, True]
    for type in ("covering", "random"):
        for parallel in (False, "where_possible"):
            found = []
            for reader, examples in zip(readers, read, strict=True):
                vars(reader)["examples"] = lambda data_path, examples=examples: examples
                built = loader(
                    reader,
                    paths,
                    languages={"support": ["en", "de"], "query": ["hi", "de"]},
                    sampler={"type": type, "support_size": 4, "query_size": 4, "parallel": parallel, "seed": 3},
                )
                built.index_with(Vocabulary.empty())
                batches = list(islice(built, 3))
                found.append(([names(each) for each in islice(stream(built), 300)], batches, built.episodes_per_epoch))
            (streams, batches, counts) = zip(*found, strict=True)
            assert streams[0] == streams[1] == streams[2]
            assert counts[0] == counts[1] == counts[2]
            for mine, *others in zip(*batches, strict=True):
                for side in ("support", "query"):
                    tensors = mine[side]["tokens"]
                    for other in others:
                        assert other[side].tags == mine[side].tags
                        assert all(torch.equal(other[side]["tokens"][name], tensors[name]) for name in tensors)
