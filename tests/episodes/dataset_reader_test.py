import logging

import pytest
import torch.distributed
from allennlp.common import Params, util
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader
from allennlp.data.fields import MetadataField

from tests.episodes.tagged import TaggedReader, instance, instances
from xlamaml_allennlp.episodes import EpisodesReader
from xlamaml_allennlp.languages.tag import language_of

FILES = {"all.tsv": instances({"ar": 2, "en": 3, "hi": 4}), "de.tsv": instances({"de": 1})}


def languages(rows) -> list[str]:
    return [language_of(row) for row in rows]


@pytest.mark.parametrize("as_params", [False, True])
def test_a_shared_file_is_parsed_once_and_rows_of_other_languages_are_left_out(as_params):
    wrapped = TaggedReader(FILES)
    mapping = {"hi": "all.tsv", "de": "de.tsv", "en": "all.tsv"}
    rows = list(EpisodesReader(wrapped).read(Params(mapping) if as_params else mapping))
    assert languages(rows) == ["en"] * 3 + ["hi"] * 4 + ["de"]
    assert wrapped.opened == {"all.tsv": 1, "de.tsv": 1}


def test_a_plain_path_is_read_as_the_wrapped_reader_reads_it():
    assert languages(EpisodesReader(TaggedReader(FILES)).read("de.tsv")) == ["de"]


@pytest.mark.parametrize("as_text", [False, True])
def test_a_language_without_examples_is_an_error_that_names_it_its_file_and_those_there_are(as_text):
    mapping = '{"hi": "all.tsv", "sw": "all.tsv"}' if as_text else {"hi": "all.tsv", "sw": "all.tsv"}
    with pytest.raises(ConfigurationError, match=r'"sw", of which all\.tsv holds no example.*hi \(4\)'):
        list(EpisodesReader(TaggedReader(FILES)).read(mapping))


def test_a_reader_that_does_not_leave_rows_out_is_put_right_with_a_count(caplog):
    class Careless(TaggedReader):
        def _read(self, file_path):
            return super()._read("all.tsv")

    with caplog.at_level(logging.INFO):
        rows = list(EpisodesReader(Careless(FILES)).read({"hi": "all.tsv"}))
    assert languages(rows) == ["hi"] * 4
    assert "'ar': 2, 'en': 3" in caplog.text


@pytest.mark.parametrize("rank", [0, 1])
def test_every_distributed_worker_reads_everything(rank, monkeypatch):
    monkeypatch.setattr(util, "is_distributed", lambda: True)
    monkeypatch.setattr(torch.distributed, "get_world_size", lambda: 2)
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: rank)
    reader = EpisodesReader(TaggedReader(FILES))
    assert languages(reader.read({"en": "all.tsv"})) == ["en"] * 3


def test_single_instances_and_indexers_are_the_wrapped_readers_business():
    class Speaking(TaggedReader):
        def text_to_instance(self, premise, language="en"):
            return instance(language, premise)

        def apply_token_indexers(self, instance):
            instance.add_field("touched", MetadataField(True))

    made = EpisodesReader(Speaking(FILES)).text_to_instance("p", language="hi")
    assert languages([made]) == ["hi"]
    row = next(iter(EpisodesReader(Speaking(FILES)).read("de.tsv")))
    assert "touched" in row.fields


def test_the_wrapped_reader_gets_the_serialization_folder_and_a_typo_is_an_error():
    DatasetReader.register("tagged_for_this_test", exist_ok=True)(NeedsFolder)
    built = DatasetReader.from_params(
        Params({"type": "episodes", "reader": {"type": "tagged_for_this_test"}}), serialization_dir="runs/x"
    )
    assert isinstance(built, EpisodesReader)
    assert built.reader.serialization_dir == "runs/x"
    with pytest.raises(ConfigurationError, match="raeder"):
        DatasetReader.from_params(Params({"type": "episodes", "reader": {"type": "tagged_for_this_test"}, "raeder": 1}))


class NeedsFolder(DatasetReader):
    def __init__(self, serialization_dir: str | None = None) -> None:
        super().__init__(serialization_dir=serialization_dir)
