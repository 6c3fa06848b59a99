"""Readers in the processes of a stock data loader: each instance comes once, and with its token indexers."""

import json
from copy import deepcopy

import pytest
import torch
from allennlp.common import Params
from allennlp.data import DataLoader, DatasetReader, Vocabulary
from allennlp.data.data_loaders import MultiProcessDataLoader
from allennlp.data.dataset_readers.dataset_reader import WorkerInfo

from xlamaml_allennlp.languages.reading import read_examples
from xlamaml_allennlp.languages.tag import id_of, language_of

STOCK = {"type": "text_classification_json", "tokenizer": "whitespace"}
TAGGED = {"type": "tagged", "reader": STOCK}
EPISODES = {"type": "episodes", "reader": TAGGED}
# Five texts of one to five words per language.
TEXTS = ["one " * count for count in range(1, 6)]


@pytest.fixture
def paths(tmp_path):
    found = {}
    for language in ("en", "hi"):
        found[language] = str(tmp_path / f"{language}.jsonl")
        with open(found[language], "w") as file:
            file.writelines(json.dumps({"text": text, "label": "pos"}) + "\n" for text in TEXTS)
    return found


def built(reader: dict) -> DatasetReader:
    return DatasetReader.from_params(Params(deepcopy(reader)))  # AllenNLP takes params apart


def loader(reader: dict, paths: dict, **keys) -> DataLoader:
    return MultiProcessDataLoader(built(reader), paths, batch_size=2, **keys)


EVERYTHING = sorted((language, f"row {row}") for language in ("en", "hi") for row in range(5))


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("reader", [TAGGED, EPISODES], ids=["tagged", "episodes"])
def test_all_instances_come_once_and_with_indexers(reader, workers, paths):
    instances = list(loader(reader, paths, num_workers=workers).iter_instances())
    assert sorted((language_of(each), id_of(each)) for each in instances) == EVERYTHING
    assert all(each["tokens"].token_indexers for each in instances)


@pytest.mark.parametrize("reader", [TAGGED, EPISODES], ids=["tagged", "episodes"])
def test_batches_that_are_made_in_the_processes_hold_all_texts(reader, paths):
    batches = loader(reader, paths, num_workers=2, max_instances_in_memory=2)
    vocabulary = Vocabulary()
    vocabulary.add_token_to_namespace("pos", "labels")
    batches.index_with(vocabulary)
    lengths = torch.cat([batch["tokens"]["tokens"]["tokens"].ne(0).sum(1) for batch in batches])
    assert sorted(lengths.tolist()) == sorted(2 * [1, 2, 3, 4, 5])


@pytest.mark.parametrize("process", [0, 1])
def test_a_limit_of_the_wrapped_reader_holds_for_each_file_and_not_for_each_process(process, paths):
    reader = built({"type": "tagged", "reader": {**STOCK, "max_instances": 3}})
    reader._set_worker_info(WorkerInfo(2, process))
    # Rows 0, 1, 2 of en and of hi, dealt out in turn.
    assert [(language_of(each), id_of(each)) for each in reader.read(paths)] == [
        [("en", "row 0"), ("en", "row 2"), ("hi", "row 1")],
        [("en", "row 1"), ("hi", "row 0"), ("hi", "row 2")],
    ][process]


def test_all_examples_are_read_whatever_process_asks(paths):
    reader = built(EPISODES)
    reader._set_worker_info(WorkerInfo(2, 1))
    found = read_examples(reader, paths)
    assert sorted((found.tag(row).language, found.tag(row).id) for row in range(len(found))) == EVERYTHING
