import numpy as np

from xlamaml_allennlp.languages.tag import Tag
from xlamaml_allennlp.languages.tag_table import TagTable

TAGS = [Tag("hi", "7", "p", 0), Tag("en", "7", "p", 1), Tag("hi", "8", "p", None), Tag("en", "9", "q", 0)]


def test_tags_are_numbered_in_order_of_reading_and_groups_within_their_language():
    table = TagTable.of(TAGS)
    assert (table.languages, table.ids, table.labels) == (["hi", "en"], ["7", "8", "9"], [0, 1])
    assert table.language.tolist() == [0, 1, 0, 1]
    assert table.id.tolist() == [0, 0, 1, 2]
    assert table.group.tolist() == [0, 1, 0, 2]
    assert table.label.tolist() == [0, 1, -1, 0]


def test_rows_and_counts_are_by_language():
    table = TagTable.of(TAGS)
    assert table.rows_of("en").tolist() == [1, 3]
    assert table.rows_of("de").tolist() == []
    assert table.counts() == {"hi": 2, "en": 2}
    some = table.take(np.array([3, 1]))
    assert (some.counts(), some.id.tolist()) == ({"en": 2}, [2, 0])
