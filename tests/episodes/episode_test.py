from allennlp.data import allennlp_collate

from tests.episodes.tagged import instance
from xlamaml_allennlp.episodes import Episode, describe, ids_of_batch, languages_of_batch


def test_an_episode_is_two_arrays_of_rows():
    episode = Episode.of([3, 1], iter([2]))
    assert (episode.support.tolist(), episode.query.tolist()) == ([3, 1], [2])
    assert episode == Episode.of([3, 1], [2]) != Episode.of([1, 3], [2])


def test_a_yielded_side_tells_its_languages_and_ids_each_once():
    side = allennlp_collate([instance("hi", 7, 1, 0), instance("hi", 7, 1, 1), instance("de", 3)])
    assert languages_of_batch(side) == ["hi", "de"]
    assert ids_of_batch(side) == ["7", "3"]


def test_a_batch_without_metadata_has_no_languages_to_tell():
    assert languages_of_batch({"number": 1}) == []
    assert ids_of_batch({"number": 1}) == []
    assert describe({"number": 1}) == "batch of unknown languages (no metadata)"


def test_a_batch_of_a_stock_reader_has_no_languages_to_tell_either():
    batch = {"metadata": [{"text": "x"}, "y"]}
    assert languages_of_batch(batch) == ids_of_batch(batch) == []
    assert describe(batch) == "batch of unknown languages (no tags in its metadata)"


def test_describe_names_both_sides_of_an_episode():
    batch = {
        "support": allennlp_collate([instance("en", 3), instance("en", 7)]),
        "query": allennlp_collate([instance("hi", 3), instance("hi", 3, window=1), instance("de", 7)]),
    }
    assert describe(batch) == "support en (ids 3, 7), query hi (ids 3), de (ids 7)"


def test_describe_names_a_stock_batch():
    assert describe(allennlp_collate([instance("en", 3)])) == "batch en (ids 3)"
