"""Instances that are made when somebody looks at them, and are no others than those that were read."""

import copy
import gc
import json
import pickle

import pytest
import torch
from allennlp.common import util
from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance, Vocabulary
from allennlp.data.data_loaders import MultiProcessDataLoader
from allennlp.data.data_loaders.data_collator import allennlp_collate
from allennlp.data.dataset_readers.dataset_reader import WorkerInfo
from allennlp.data.fields import TensorField

from tests.languages.same_examples import contents
from tests.nli.conftest import PAIRS
from tests.qa.cache_test import ENGLISH
from xlamaml_allennlp.languages import kept_instance
from xlamaml_allennlp.languages.kept_instance import KeptInstance, kept_whole
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.label_field import PairLabelField, tell
from xlamaml_allennlp.qa.dataset_reader import MlqaReader


@pytest.fixture
def read(bert_folder, tmp_path):
    """All instances of six pairs."""
    (tmp_path / "xnli.dev.tsv").write_text(PAIRS)

    def reading(cache=True, **keys):
        reader = XnliReader(str(bert_folder), 32, cache=str(tmp_path / "cache") if cache else None, **keys)
        return list(reader.read(str(tmp_path / "xnli.dev.tsv")))

    return reading


def _made(instances) -> int:
    return sum(instance._made is not None for instance in instances)


def test_few_are_made_at_a_time_and_each_is_what_was_read(read, monkeypatch):
    monkeypatch.setattr(kept_instance, "MADE", 2)
    kept, plain = read(), read(cache=False)
    assert len(kept) == 6
    assert _made(kept) == 0
    for _ in range(2):
        assert list(map(contents, kept)) == list(map(contents, plain))
        assert _made(kept) == 2


def test_a_batch_is_made_once_while_it_is_collated(read, monkeypatch):
    kept, made = read(), []
    examples = kept[0]._shelf.examples
    make = examples.instance
    monkeypatch.setattr(examples, "instance", lambda number: made.append(number) or make(number))
    allennlp_collate(kept[1:4])
    assert made == [1, 2, 3]


def test_a_list_of_all_is_a_hundred_bytes_for_each(read):
    instance = read()[0]
    assert not hasattr(instance, "__dict__")
    assert instance.__sizeof__() + gc.get_referents(instance)[0].__sizeof__() < 150


def test_all_know_the_vocabulary_that_one_was_shown(read, monkeypatch):
    monkeypatch.setattr(kept_instance, "MADE", 2)
    met = []
    monkeypatch.setattr(PairLabelField, "index", lambda self, vocab: met.append((self, vocab)))
    kept, first, second = read(), Vocabulary.empty(), Vocabulary.empty()
    _ = kept[0].fields
    assert not kept[0].indexed
    for vocab in (first, second):  # of two the first holds, as of AllenNLP's own
        kept[0].index_fields(vocab)
    assert kept[0].indexed
    for instance in kept:
        _ = instance.fields
    assert [vocab for _, vocab in met] == [first] * 6
    assert all(any(field is instance["label"] for field, _ in met) for instance in kept[-2:])


def test_labels_of_another_model_are_an_error_before_any_batch(read):
    of_model = Vocabulary.empty()
    tell(of_model, ("neutral", "entailment", "contradiction"))
    for instances in (read(cache=False), read(), read()):
        with pytest.raises(ConfigurationError, match="labels: a dataset reader has"):
            instances[0].index_fields(of_model)


@pytest.mark.parametrize("sent", [copy.deepcopy, lambda instance: pickle.loads(pickle.dumps(instance))])
def test_to_another_process_goes_a_plain_instance(read, sent):
    kept = read()[2]
    other = sent(kept)
    assert type(other) is Instance
    assert contents(other) == contents(kept)


def test_a_field_that_was_added_stays(read, monkeypatch):
    monkeypatch.setattr(kept_instance, "MADE", 1)
    kept = read()
    kept[0].add_field("more", TensorField(torch.ones(2)))
    assert all("more" not in instance for instance in kept[1:])
    assert "more" in kept[0]
    assert kept[0]._made is not None


def _shares(kind, folder, path, cache, monkeypatch, **keys):
    """What each of two workers reads, and each of the two processes of a data loader of a third."""
    found = []
    for rank in (0, 1):
        with monkeypatch.context() as patch:
            patch.setattr(util, "is_distributed", lambda: True)
            patch.setattr(torch.distributed, "get_rank", lambda rank=rank: rank)
            patch.setattr(torch.distributed, "get_world_size", lambda: 2)
            found.append(list(map(contents, kind(folder, cache=cache, **keys).read(path))))
        reader = kind(folder, cache=cache, **keys)
        reader._set_worker_info(WorkerInfo(2, rank))
        found.append(list(map(contents, reader.read(path))))
    return found


@pytest.mark.parametrize("limit", [None, 3])
@pytest.mark.parametrize("kind", [XnliReader, MlqaReader])
def test_workers_have_the_shares_that_they_would_have_read(bert_folder, tmp_path, monkeypatch, kind, limit):
    if kind is XnliReader:
        # A text of which the tokenizer makes nothing takes part in sharing out, and then is left out.
        (tmp_path / "xnli.dev.tsv").write_text(PAIRS.replace("The cat dreams.", "\ue000"))
        path, keys = str(tmp_path / "xnli.dev.tsv"), {"on_bad_pair": "skip"}
    else:
        (tmp_path / "dev-en.json").write_text(json.dumps(ENGLISH))
        path, keys = str(tmp_path / "dev-en.json"), {"max_length": 60, "stride": 4, "max_question_length": 40}
    keys["max_instances"] = limit
    plain = _shares(kind, str(bert_folder), path, None, monkeypatch, **keys)
    assert all(plain)
    for _ in range(2):
        assert _shares(kind, str(bert_folder), path, str(tmp_path / "cache"), monkeypatch, **keys) == plain


@pytest.mark.parametrize("workers", [1, 2])
def test_processes_of_a_loader_give_all_of_them_once(bert_folder, tmp_path, workers):
    (tmp_path / "xnli.dev.tsv").write_text(PAIRS)
    reader = XnliReader(str(bert_folder), 32, cache=str(tmp_path / "cache"))
    loader = MultiProcessDataLoader(reader, str(tmp_path / "xnli.dev.tsv"), batch_size=2, num_workers=workers)
    found = [str(contents(instance)) for instance in loader.iter_instances()]
    assert sorted(found) == sorted(str(contents(instance)) for instance in reader.read(str(tmp_path / "xnli.dev.tsv")))
    assert len(set(found)) == 6


def test_all_instances_of_some_examples_are_known_as_that(read):
    kept = read()
    assert isinstance(kept[0], KeptInstance)
    assert kept_whole(kept) is kept[0]._shelf.examples
    others = read()
    for not_all in ([], kept[1:], kept[:-1], [*kept, kept[0]], kept[::-1], [*kept[:3], *others[3:]], read(cache=False)):
        assert kept_whole(not_all) is None
