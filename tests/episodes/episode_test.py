from allennlp.data import allennlp_collate

from tests.episodes.tagged import instance
from xlamaml_allennlp.episodes import Episode, ExamplePool, describe, ids_of_batch, languages_of_batch
from xlamaml_allennlp.episodes.episode import instances_of


def test_an_episode_names_the_languages_of_its_sets_in_order_of_appearance():
    examples = list(ExamplePool([instance("hi", 1), instance("en", 1), instance("hi", 2), instance("de", 9)]))
    episode = Episode(support=examples[3:], query=examples[:3])
    assert episode.support_languages == ("de",)
    assert episode.query_languages == ("hi", "en")


def test_the_instances_of_examples_keep_the_order_of_examples_and_of_their_windows():
    windows = [instance("en", "b", "p", 0), instance("en", "b", "p", 1), instance("en", "a", "p", 0)]
    b, a = ExamplePool(windows)
    assert instances_of([a, b]) == [windows[2], windows[0], windows[1]]


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
