"""Reader and model agree on labels, or no step is taken."""

from copy import deepcopy
from typing import Any

import pytest
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import DataLoader, DatasetReader, Vocabulary
from allennlp.models import Model

from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.label_field import known_to, tell

ORDER = ["contradiction", "neutral", "entailment"]
LOADERS: dict[str, dict[str, Any]] = {
    "stock": {"batch_size": 2},
    "episodes": {
        "type": "episodes",
        "languages": {"type": "cross_lingual", "support": ["en"], "query": ["hi"]},
        "sampler": {"type": "covering", "support_size": 1, "query_size": 1},
    },
}


def loader(kind: str, folder: str, data: str, labels) -> DataLoader:
    reader = DatasetReader.from_params(Params({"type": "xnli", "model_name": folder, "labels": labels}))
    if kind == "episodes":
        reader = DatasetReader.by_name("episodes")(reader)
    return DataLoader.from_params(Params(deepcopy(LOADERS[kind])), reader=reader, data_path={"en": data, "hi": data})


def model(folder: str, labels) -> Model:
    keys = {"type": "cross_lingual_pair_classifier", "model_name": folder, "labels": labels}
    return Model.from_params(Params(keys), vocab=Vocabulary.empty())


# What AllenNLP does with each loader, of training and of validation, before it makes a trainer: index_with.
@pytest.mark.parametrize("kind", LOADERS)
def test_a_reader_with_the_models_labels_in_another_order_is_refused_before_any_step(kind, bert_folder, pairs):
    with pytest.raises(
        ConfigurationError, match=r"a dataset reader has \['contradiction', .* model has \['entailment'"
    ):
        loader(kind, str(bert_folder), pairs, ORDER).index_with(model(str(bert_folder), None).vocab)


@pytest.mark.parametrize("kind", LOADERS)
@pytest.mark.parametrize("labels", [None, ORDER])
def test_a_reader_with_the_models_labels_is_not(kind, labels, bert_folder, pairs):
    data = loader(kind, str(bert_folder), pairs, labels)
    data.index_with(model(str(bert_folder), labels).vocab)
    assert next(iter(data))


def test_numbers_as_labels_are_refused_by_both_in_a_config(bert_folder, pairs):
    for build in (lambda: loader("stock", str(bert_folder), pairs, [0, 1]), lambda: model(str(bert_folder), [0, 1])):
        with pytest.raises(ConfigurationError, match="labels: 0 is not a text"):
            build()


def test_a_vocabulary_of_no_model_agrees_with_every_reader_and_stays_as_it_is(bert_folder):
    vocab = Vocabulary.empty()
    XnliReader(str(bert_folder), labels=ORDER).text_to_instance("A.", "B.", "neutral").index_fields(vocab)
    assert vocab.get_namespaces() == Vocabulary.empty().get_namespaces()


def test_a_saved_vocabulary_still_knows_its_models_labels(tmp_path):
    vocab = Vocabulary.empty()
    tell(vocab, tuple(ORDER))
    vocab.save_to_files(str(tmp_path / "vocabulary"))
    loaded = Vocabulary.from_files(str(tmp_path / "vocabulary"))
    assert known_to(loaded) == tuple(ORDER)
    tell(loaded, tuple(ORDER))
    with pytest.raises(ConfigurationError, match=r"the vocabulary is of a model with \['contradiction'"):
        tell(loaded, ("entailment", "neutral", "contradiction"))
