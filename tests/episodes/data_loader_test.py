import logging
from itertools import islice

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary

from tests.episodes.tagged import TaggedReader, instance, instances, loader, names, stream
from xlamaml_allennlp.episodes import EpisodesReader, describe, ids_of_batch, languages_of_batch

COUNTS = {"en": 20, "hi": 21, "de": 5}


def ready(reader=None, data_path="all", support_size=4, query_size=4, type="covering", **params):
    built = loader(
        reader or TaggedReader({"all": instances(COUNTS)}),
        data_path,
        languages=params.pop("languages", {"support": ["en"], "query": ["hi"]}),
        sampler={"type": type, "support_size": support_size, "query_size": query_size, **params.pop("sampler", {})},
        **params,
    )
    built.index_with(Vocabulary())
    return built


def test_a_batch_holds_both_sides_as_a_stock_batch_would():
    for batch in ready():
        assert list(batch) == ["support", "query"]
        assert batch["support"]["number"].shape == (4, 1)
        assert languages_of_batch(batch["support"]) == ["en"]
        assert languages_of_batch(batch["query"]) == ["hi"]
        assert describe(batch).startswith("support en (ids ")


def test_without_a_number_of_episodes_an_epoch_is_one_covering_pass():
    built = ready()
    assert len(built) == 6  # 21 query examples, 4 at a time
    assert sorted(id for batch in built for id in ids_of_batch(batch["query"])) == sorted(map(str, range(21)))


def test_the_stream_goes_on_over_epochs_so_that_a_pass_is_finished():
    built = ready(episodes_per_epoch=4)
    assert len(built) == 4
    epochs = [[ids_of_batch(batch["query"]) for batch in built] for _ in range(3)]
    assert [len(epoch) for epoch in epochs] == [4, 4, 4]
    stream = [ids for epoch in epochs for ids in epoch]
    for batches in (stream[:6], stream[6:]):
        assert sorted(id for ids in batches for id in ids) == sorted(map(str, range(21)))


@pytest.mark.parametrize("type", ["covering", "random"])
def test_a_new_loader_begins_the_same_stream_for_recovery(type):
    first, second = ready(type=type), ready(type=type)
    for _ in range(2):
        assert [describe(batch) for batch in first] == [describe(batch) for batch in second]


@pytest.mark.parametrize("type", ["covering", "random"])
def test_a_loader_that_begins_anew_yields_its_first_episodes_again(type):
    built = ready(type=type, episodes_per_epoch=4)
    first, second = ([describe(batch) for batch in built] for _ in range(2))
    built.begin_anew()
    assert first != second
    assert [describe(batch) for batch in built] == first


@pytest.mark.parametrize("type", ["covering", "random"])
@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8, 11])
def test_what_is_skipped_is_missing_and_nothing_else_moves(type, count):
    whole, skipping = ready(type=type, episodes_per_epoch=4), ready(type=type, episodes_per_epoch=4)
    expected = [describe(batch) for _ in range(4) for batch in whole]
    skipping.skip(count)
    epochs = [[describe(batch) for batch in skipping] for _ in range(2)]
    # The rest of the epoch in which the last one is, and a whole one.
    assert [len(epoch) for epoch in epochs] == [4 - count % 4, 4]
    assert [*epochs[0], *epochs[1]] == expected[count : count + 8 - count % 4]
    skipping.begin_anew()
    assert [describe(batch) for batch in skipping] == expected[:4]


@pytest.mark.parametrize("drawn", [0, 1])
def test_a_pass_that_was_begun_after_skipping_and_abandoned_leaves_the_next_one_whole(drawn):
    whole, skipping = ready(episodes_per_epoch=4), ready(episodes_per_epoch=4)
    expected = [describe(batch) for _ in range(3) for batch in whole]
    skipping.skip(2)
    assert [describe(batch) for batch in islice(iter(skipping), drawn)] == expected[2 : 2 + drawn]
    assert [describe(batch) for batch in skipping] == expected[2 + drawn : 6 + drawn]


def test_skipping_adds_up_and_makes_no_batch():
    rows = instances(COUNTS)
    expected, built = [describe(batch) for batch in ready()], ready(TaggedReader({"all": rows}))
    kept = [dict(row.fields) for row in rows]
    for row in rows:
        row.fields.clear()  # nothing to collate
    built.skip(2)
    built.skip(1)
    for row, fields in zip(rows, kept, strict=True):
        row.fields.update(fields)
    assert [describe(batch) for batch in built] == expected[3:]


def test_the_stream_can_be_looked_at_without_moving_the_loader():
    built = ready()
    ahead = [names(episode)[1] for episode in islice(stream(built), 6)]
    assert [[f"hi:{id}" for id in ids_of_batch(batch["query"])] for batch in built] == ahead


@pytest.mark.parametrize("type", ["covering", "random"])
def test_all_windows_of_the_drawn_questions_are_in_the_batch_in_order(type):
    rows = [instance(language, i, i, w) for language in ("en", "hi") for i in range(8) for w in range(1 + i % 3)]
    for batch in ready(TaggedReader({"all": rows}), type=type):
        windows = [(tags["id"], tags["window"]) for tags in batch["query"]["metadata"]]
        assert windows == [(id, w) for id in ids_of_batch(batch["query"]) for w in range(1 + int(id) % 3)]


@pytest.mark.parametrize("as_params", [True, False])
def test_languages_come_from_a_mapping_of_files(as_params):
    files = {"a": instances({"en": 9, "ar": 3}), "b": instances({"hi": 9})}
    mapping = {"en": "a", "hi": "b"}
    reader = EpisodesReader(TaggedReader(files))
    built = ready(reader, Params(mapping) if as_params else mapping)
    assert len(list(built.iter_instances())) == 18
    assert len(built) == 3


def test_the_instances_of_the_plans_languages_are_there_for_a_vocabulary():
    rows = list(ready().iter_instances())
    assert {row["metadata"].metadata["language"] for row in rows} == {"en", "hi"}
    assert len(rows) == 41


def test_batches_move_to_the_device_that_was_set():
    built = ready()
    built.set_target_device(torch.device("meta"))
    batch = next(iter(built))
    assert batch["support"]["number"].device.type == batch["query"]["number"].device.type == "meta"


def test_what_episodes_are_drawn_from_is_in_the_log_once(caplog):
    with caplog.at_level(logging.INFO, logger="xlamaml_allennlp"):
        built = ready(episodes_per_epoch=500)
        next(iter(built))
    # AllenNLP logs every parameter where a training run of another test has set up logging.
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("xlamaml_allennlp")]
    assert ours == [
        "Episodes: support from en, query from hi. Examples read: en (20), hi (21), de (5); in query sets: hi (21). "
        "6 episodes per pass, 500 per epoch, 500 of them for worker 0 of 1."
    ]


@pytest.mark.parametrize(
    "params, message",
    [
        ({"episodes_per_epoch": 0}, r"data_loader\.episodes_per_epoch is 0; give at least 1"),
        ({"episodes_per_epohc": 5}, "episodes_per_epohc"),
        ({"languages": {"support": ["en"], "query": ["xx"]}}, r"names xx.*en \(20\), hi \(21\), de \(5\)"),
        ({"query_size": 22}, "query_size is 22, but hi has only 21"),
        (
            {"sampler": {"parallel": True}, "languages": {"type": "same_language", "query": ["hi"]}},
            "parallel is true.*cross_lingual",
        ),
        ({"sampler": {"parallel": True}}, 'example "20" of "hi" has no translation'),
    ],
)
def test_errors_come_when_the_loader_is_built(params, message):
    with pytest.raises(ConfigurationError, match=message):
        ready(**params)


def test_iterating_without_a_vocabulary_is_an_error():
    built = loader(
        TaggedReader({"all": instances(COUNTS)}),
        languages={"support": ["en"], "query": ["hi"]},
        sampler={"support_size": 2, "query_size": 2},
    )
    with pytest.raises(ConfigurationError, match="index_with"):
        next(iter(built))
