"""A manifest tells the same of examples that are kept as of those that were read."""

import dataclasses
import json

import numpy as np
import pytest
from allennlp.data.data_loaders import MultiProcessDataLoader

from tests.episodes.tagged import loader
from tests.nli.conftest import PAIRS
from tests.qa.conftest import DELHI, GANGES, asked, squad
from xlamaml_allennlp.languages.cached_examples import CachedExamples
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.provenance import kept_reading, manifest_examples, manifest_reading
from xlamaml_allennlp.provenance.manifest import union
from xlamaml_allennlp.provenance.manifest_reading import _reads
from xlamaml_allennlp.qa.dataset_reader import MlqaReader

QUESTIONS = squad(
    (DELHI, [asked("1" * 24, "Where is Delhi?", "north", DELHI), asked("2" * 24, "Where is it?", "north", DELHI)]),
    (GANGES, [asked("q3", "Where?", "हिमालय", GANGES)]),
)


def plain(read):
    return {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in vars(read).items()}


@pytest.mark.parametrize("part", [1, 50_000])
@pytest.mark.parametrize("task", ["pairs", "questions"])
def test_what_is_told_is_the_same_with_a_cache_and_without(bert_folder, tmp_path, monkeypatch, task, part):
    monkeypatch.setattr(kept_reading, "PART", part)
    if task == "pairs":
        (tmp_path / "xnli.dev.tsv").write_text(PAIRS)
        kind, paths = XnliReader, dict.fromkeys(("en", "hi"), str(tmp_path / "xnli.dev.tsv"))
    else:
        for language in ("en", "hi"):
            file = tmp_path / f"dev-context-{language}-question-de.json"
            file.write_text(json.dumps(QUESTIONS))
        kind = MlqaReader
        paths = {one: str(tmp_path / f"dev-context-{one}-question-de.json") for one in ("en", "hi")}
    found = []
    for cache in (None, str(tmp_path / "cache"), str(tmp_path / "cache")):
        built = loader(
            kind(str(bert_folder), cache=cache),
            paths,
            languages={"support": ["en"], "query": ["hi"]},
            sampler={"support_size": 1, "query_size": 1},
        )
        assert isinstance(built.examples, CachedExamples) == (cache is not None)
        found.append([plain(read) for read in union(_reads(built, paths, "train"))])
    assert found[0] == found[1] == found[2]
    assert [read["examples"] for read in found[0]] == [3, 3]
    assert all(read["texts"] for read in found[0])


@pytest.mark.parametrize("keys", [{}, {"max_instances_in_memory": 2}], ids=["all", "some at a time"])
def test_so_it_is_of_a_stage_that_reads_no_episodes(bert_folder, tmp_path, monkeypatch, keys):
    (tmp_path / "xnli.dev.tsv").write_text(PAIRS)
    paths, found, remembered = dict.fromkeys(("en", "hi"), str(tmp_path / "xnli.dev.tsv")), [], []
    remember = manifest_reading.remember
    monkeypatch.setattr(manifest_reading, "remember", lambda *given: remembered.append(1) or remember(*given))
    for cache in (None, str(tmp_path / "cache"), str(tmp_path / "cache")):
        reader = XnliReader(str(bert_folder), cache=cache)
        built = MultiProcessDataLoader(reader, paths, batch_size=2, quiet=True, **keys)
        found.append([plain(read) for read in union(_reads(built, paths, "train"))])
    assert found[0] == found[1] == found[2]
    assert [(read["language"], read["examples"]) for read in found[0]] == [("en", 3), ("hi", 3)]
    # Fingerprints that are kept are not computed again, where all instances are at hand.
    assert len(remembered) == (3 if keys else 1)


def test_fingerprints_are_computed_once_and_again_where_their_file_is_damaged(bert_folder, tmp_path, monkeypatch):
    (tmp_path / "xnli.dev.tsv").write_text(PAIRS)
    path = str(tmp_path / "xnli.dev.tsv")
    examples = XnliReader(str(bert_folder), cache=str(tmp_path / "cache")).examples(path)
    first = kept_reading.kept_read(examples, "hi", path, "train")
    (kept,) = (tmp_path / "cache").glob("examples-*/*.npz")
    monkeypatch.setattr(kept_reading, "_parts", None)
    again = kept_reading.kept_read(examples, "hi", path, "select")
    assert plain(dataclasses.replace(again, use="train")) == plain(first)
    monkeypatch.undo()
    kept.write_bytes(kept.read_bytes()[:-30])
    assert plain(kept_reading.kept_read(examples, "hi", path, "train")) == plain(first)


def test_examples_are_hashed_together(bert_folder, tmp_path, monkeypatch):
    (tmp_path / "xnli.dev.tsv").write_text(PAIRS)
    path, hashed = str(tmp_path / "xnli.dev.tsv"), []
    examples = XnliReader(str(bert_folder), cache=str(tmp_path / "cache")).examples(path)

    def counting(kind, firsts, seconds, fingerprints=manifest_examples.text_fingerprints):
        hashed.append(len(firsts))
        return fingerprints(kind, firsts, seconds)

    monkeypatch.setattr(manifest_examples, "text_fingerprints", counting)
    kept_reading.kept_read(examples, "hi", path, "train")
    assert [count for count in hashed if count] == [3]
