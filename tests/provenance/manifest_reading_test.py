import pytest
from allennlp.common import Lazy
from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance
from allennlp.data.fields import MetadataField

from xlamaml_allennlp.languages.tag import metadata
from xlamaml_allennlp.provenance.manifest import Manifest
from xlamaml_allennlp.provenance.manifest_reading import Reading, uses_of
from xlamaml_allennlp.provenance.protocol import Protocol

ANYTHING = Protocol()


class Loader:
    """Two pairs of the language that the path's last part names."""

    def __init__(self, data_path):
        self._language = data_path.split("-")[-1]

    def iter_instances(self):
        for number in (1, 2):
            texts = {"premise": self._language, "hypothesis": str(number)}
            yield Instance({"metadata": MetadataField(metadata(self._language, str(number), "group", **texts))})


def read(protocol=ANYTHING, **stock):
    reading = Reading("run", protocol, uses_of(stock))
    loader = reading.watched(Lazy(lambda data_path: Loader(data_path)))
    for key in ("train_data_path", "validation_data_path", "test_data_path"):
        if key in stock:
            assert isinstance(loader.construct(data_path=stock[key]), Loader)
    (stage,) = reading.after(Manifest()).stages
    return [(one.use, one.language, one.examples) for one in stage.read]


def test_what_is_read_is_told_with_its_use():
    paths = {"train_data_path": "a-en", "validation_data_path": "a-hi", "test_data_path": "a-sw"}
    expected = [("select", "hi", 2), ("train", "en", 2)]
    assert read(**paths, evaluate_on_test=True) == [*expected[:1], ("test", "sw", 2), *expected[1:]]
    # Read for a vocabulary, and scored by nobody.
    assert read(**paths) == read(**paths, evaluate_on_test=False) == expected
    assert read(train_data_path="a-en", test_data_path="a-sw", evaluate_on_test=True)[0] == ("test", "sw", 2)


def test_a_loader_whose_languages_are_not_allowed_is_the_last_one_to_be_made():
    with pytest.raises(ConfigurationError, match=r'trains on the language "en" \(train_data_path: a-en'):
        read(Protocol(train=["hi"]), train_data_path="a-en")
    with pytest.raises(ConfigurationError, match='tests on the language "sw"'):
        read(Protocol(test=["hi"]), train_data_path="a-en", test_data_path="a-sw", evaluate_on_test=True)
    read(Protocol(test=["hi"]), train_data_path="a-en", test_data_path="a-sw")
