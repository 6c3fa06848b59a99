import pytest
from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance
from allennlp.data.fields import LabelField, MetadataField

from xlamaml_allennlp.languages.tag import group_of, id_of, language_of, metadata

TAGS = metadata("hi", "7", "premise 3", premise="यह")


def test_tags_are_read_from_an_instance_as_from_its_metadata():
    instance = Instance({"metadata": MetadataField(TAGS)})
    for tagged in (TAGS, instance):
        assert (language_of(tagged), id_of(tagged), group_of(tagged)) == ("hi", "7", "premise 3")


def test_what_a_task_adds_is_kept_beside_the_tags():
    assert TAGS["premise"] == "यह"


@pytest.mark.parametrize(
    "untagged", [Instance({}), Instance({"metadata": LabelField("a")}), {}, Instance({"metadata": MetadataField({})})]
)
def test_an_instance_without_tags_says_which_readers_write_them(untagged):
    with pytest.raises(ConfigurationError, match=r'no "language".*xnli or mlqa'):
        language_of(untagged)
