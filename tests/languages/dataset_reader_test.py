"""Any AllenNLP reader, with the tags that episodes are made by."""

import json
from pathlib import Path

import pytest
import torch.distributed
from allennlp.commands.train import train_model
from allennlp.common import Params, util
from allennlp.common.checks import ConfigurationError
from allennlp.data import Batch, DatasetReader, Instance, Vocabulary
from allennlp.data.fields import LabelField, MetadataField
from allennlp.models import Model
from allennlp.models.archival import load_archive

from xlamaml_allennlp.languages.dataset_reader import TaggedReader
from xlamaml_allennlp.languages.tag import group_of, id_of, language_of

TEXTS = {"en": "good day|bad day|good food|bad food", "hi": "achchha din|bura din|achchha khana|bura khana"}


class LinesReader(DatasetReader):
    """A text and its label per line; writes what `notes` says of a line into the metadata, if anything."""

    def __init__(self, notes=None) -> None:
        super().__init__()
        self.notes = notes

    def _read(self, file_path):
        for number, line in enumerate(Path(file_path).read_text().splitlines()):
            fields = {"label": LabelField(line)}
            if self.notes:
                fields["metadata"] = MetadataField(self.notes(number))
            yield Instance(fields)

    def text_to_instance(self, text):
        return Instance({"label": LabelField(text)})

    def apply_token_indexers(self, instance):
        instance.fields["seen"] = MetadataField(True)


@pytest.fixture
def paths(tmp_path):
    for language in ("en", "hi"):
        (tmp_path / f"{language}.txt").write_text("a\nb\nc\n")
    return {language: str(tmp_path / f"{language}.txt") for language in ("en", "hi")}


def tags(instances) -> list[tuple[str, str, str]]:
    return [(language_of(each), id_of(each), group_of(each)) for each in instances]


def test_languages_come_from_the_mapping_and_rows_count_from_the_top_of_each_file(paths):
    assert tags(TaggedReader(LinesReader()).read(paths)) == [
        (language, f"row {row}", f"row {row}") for language in ("en", "hi") for row in range(3)
    ]


def test_ids_and_groups_are_what_the_readers_metadata_say_under_the_named_keys(paths):
    notes = LinesReader(lambda number: {"number": number + 10, "page": number // 2, "id": "x", "text": "kept"})
    instances = list(TaggedReader(notes, id="number", group="page").read({"hi": paths["hi"]}))
    assert tags(instances) == [("hi", "10", "0"), ("hi", "11", "0"), ("hi", "12", "1")]
    assert [each["metadata"]["text"] for each in instances] == ["kept"] * 3


def test_an_id_and_a_group_that_the_reader_writes_itself_stay(paths):
    notes = LinesReader(lambda number: {"id": f"q{number}", "group": "one"})
    assert tags(TaggedReader(notes).read({"hi": paths["hi"]})) == [("hi", f"q{n}", "one") for n in range(3)]


def test_a_plain_path_is_of_the_language_that_its_name_tells(paths):
    assert [language for language, _, _ in tags(TaggedReader(LinesReader()).read(paths["hi"]))] == ["hi"] * 3


@pytest.mark.parametrize(
    ("notes", "keys", "message"),
    [
        (lambda number: {"page": 1}, {"id": "number"}, r'instance 0: id is "number", .* \(it has: page\)'),
        (None, {"group": "page"}, r'group is "page", .* \(it has: nothing\)'),
        (lambda number: "text", {}, 'the reader\'s field "metadata" is a str'),
        (lambda number: {"id": None}, {}, 'instance 0: the reader\'s metadata has null under "id", which is no id'),
        (lambda number: {"page": " "}, {"group": "page"}, 'has " " under "page", which is no group'),
        (lambda number: {"language": "sw"}, {}, 'says that the language is "sw", and the data path says "en"'),
    ],
)
def test_metadata_that_cannot_take_the_tags_are_an_error_with_the_place(paths, notes, keys, message):
    with pytest.raises(ConfigurationError, match=message):
        list(TaggedReader(LinesReader(notes), **keys).read({"en": paths["en"]}))


def test_different_texts_with_one_id_are_an_error_with_both_rows(paths):
    notes = LinesReader(lambda number: {"id": number // 2, "hypothesis": "he" if number else "she"})
    with pytest.raises(ConfigurationError, match=r'id "0", .*/hi\.txt:0 and .*/hi\.txt:1: they differ in label'):
        TaggedReader(notes).examples({"hi": paths["hi"]})


def test_a_file_for_two_languages_is_an_error_for_nothing_tells_its_rows_apart(paths):
    with pytest.raises(
        ConfigurationError, match=r"is the data path of en, hi, and the reader .* one file per language"
    ):
        list(TaggedReader(LinesReader()).read({"hi": paths["en"], "en": paths["en"]}))


def test_single_instances_and_indexers_are_the_wrapped_readers_business(paths):
    reader = TaggedReader(LinesReader())
    assert reader.text_to_instance("a")["label"].label == "a"
    assert all("seen" in each.fields for each in reader.read(paths))


@pytest.mark.parametrize("rank", [0, 1])
def test_workers_share_the_rows_out_and_count_them_alike(paths, rank, monkeypatch):
    monkeypatch.setattr(util, "is_distributed", lambda: True)
    monkeypatch.setattr(torch.distributed, "get_world_size", lambda: 2)
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: rank)
    ids = [id for _, id, _ in tags(TaggedReader(LinesReader()).read({"hi": paths["hi"]}))]
    assert ids == [["row 0", "row 2"], ["row 1"]][rank]


def test_a_model_that_takes_no_metadata_is_given_none(paths):
    for metadata_for_model, keys in ((True, {"label", "metadata", "seen"}), (False, {"label", "seen"})):
        instances = list(TaggedReader(LinesReader(), metadata_for_model=metadata_for_model).read(paths))
        batch = Batch(instances)
        batch.index_instances(Vocabulary.from_instances(instances))
        assert set(batch.as_tensor_dict()) == keys


@Model.register("words_without_metadata")
class WithoutMetadata(Model):
    """A stock text classifier whose forward takes no metadata."""

    def __init__(self, vocab, classifier: Model) -> None:
        super().__init__(vocab)
        self.classifier = classifier

    def forward(self, tokens, label=None):
        return self.classifier(tokens, label)


@pytest.mark.parametrize("metadata_for_model", [True, False])
def test_a_stock_classifier_trains_on_episodes_of_a_stock_reader(tmp_path, metadata_for_model):
    for language, texts in TEXTS.items():
        rows = [{"text": text, "label": "neg" if text[0] == "b" else "pos"} for text in texts.split("|")]
        (tmp_path / f"{language}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    classifier = {
        "type": "basic_classifier",
        "text_field_embedder": {"token_embedders": {"tokens": {"type": "embedding", "embedding_dim": 4}}},
        "seq2vec_encoder": {"type": "boe", "embedding_dim": 4},
    }
    stock = {"type": "text_classification_json", "tokenizer": "whitespace"}
    wrapped = {"type": "tagged", "reader": stock, "metadata_for_model": metadata_for_model}
    params = {
        "dataset_reader": {"type": "episodes", "reader": wrapped},
        "validation_dataset_reader": wrapped,
        "train_data_path": {language: str(tmp_path / f"{language}.jsonl") for language in TEXTS},
        "validation_data_path": {"hi": str(tmp_path / "hi.jsonl")},
        "validation_data_loader": {"batch_size": 4},
        "model": classifier if metadata_for_model else {"type": "words_without_metadata", "classifier": classifier},
        "data_loader": {
            "type": "episodes",
            "languages": {"type": "cross_lingual", "support": ["en"], "query": ["hi"]},
            "sampler": {"type": "covering", "support_size": 2, "query_size": 2, "parallel": True},
        },
        "trainer": {"type": "meta", "inner_loop": "exact", "num_epochs": 25, "optimizer": {"type": "adam", "lr": 0.1}},
    }
    train_model(Params(json.loads(json.dumps(params))), str(tmp_path / "run"))
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert metrics["best_validation_loss"] < 0.1
    if metadata_for_model:
        assert metrics["best_validation_accuracy"] == 1
        archive = load_archive(tmp_path / "run" / "model.tar.gz")
        instance = archive.validation_dataset_reader.text_to_instance("bura din")
        archive.validation_dataset_reader.apply_token_indexers(instance)
        assert archive.model.forward_on_instance(instance)["label"] == "neg"
