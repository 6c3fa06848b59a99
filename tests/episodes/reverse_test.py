"""Episodes that are each followed by the one with support and query exchanged."""

from itertools import islice

import pytest

from tests.episodes.data_loader_test import ready
from tests.episodes.tagged import TaggedReader, instances
from xlamaml_allennlp.episodes import ids_of_batch, languages_of_batch


def sides(batch):
    return [(languages_of_batch(batch[side]), ids_of_batch(batch[side])) for side in ("support", "query")]


@pytest.mark.parametrize("type", ["covering", "random"])
def test_every_second_episode_is_the_one_before_with_its_sides_exchanged(type):
    plain = [sides(batch) for batch in islice(ready(type=type), 4)]
    found = [sides(batch) for batch in ready(type=type, reverse=True, episodes_per_epoch=8)]
    assert found[::2] == plain
    assert found[1::2] == [side[::-1] for side in plain]


def test_a_covering_pass_has_twice_as_many_episodes_and_covers_the_query_examples_once_each_way():
    reader = TaggedReader({"all": instances({"en": 10, "hi": 10})})
    built = ready(reader, support_size=4, query_size=4, sampler={"parallel": True}, reverse=True)
    assert len(built) == built.episodes_per_epoch == 6  # 4, 4 and 2, each way
    drawn = [sides(batch)[1] for batch in built]
    for language, from_ in (("hi", 0), ("en", 1)):
        assert {tuple(languages) for languages, _ in drawn[from_::2]} == {(language,)}
        assert sorted(id for _, ids in drawn[from_::2] for id in ids) == sorted(map(str, range(10)))


def test_the_reverse_of_an_epochs_last_episode_begins_the_next_one():
    whole = [sides(batch) for batch in islice(ready(reverse=True), 6)]
    built = ready(reverse=True, episodes_per_epoch=3)
    assert [sides(batch) for _ in range(2) for batch in built] == whole
    skipping = ready(reverse=True, episodes_per_epoch=3)
    skipping.skip(3)
    assert [sides(batch) for batch in skipping] == whole[3:]
