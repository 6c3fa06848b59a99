"""Counts of a ledger whose lines are made up, counted by hand."""

import pytest

from tests.provenance.recorded import line
from xlamaml_allennlp.commands.episodes.summary import Summary
from xlamaml_allennlp.provenance import Example


def en(*ids):
    return tuple(Example("en", id, "dev.tsv", int(id)) for id in ids)


def hi(*ids):
    return tuple(Example("hi", id, "dev.tsv", 100 + int(id)) for id in ids)


LINES = [
    line(1, step=1, support=en("1", "2"), query=hi("1"), support_loss=8.0, query_loss=9.0, seconds=1.0, cosine=0.5),
    line(2, step=1, support=en("1", "3"), query=hi("2"), support_loss=6.0, query_loss=7.0, seconds=4.0, cosine=0.25),
    line(4, step=2, support=hi("1"), query=en("1"), support_loss=1.0, query_loss=1.5, seconds=2.0, worker=1),
    line(5, step=3, support=en("1", "2"), query=hi("1"), support_loss=4.0, query_loss=5.0, seconds=0.5, cosine=0.75),
    line(6, step=3, support=en("1", "2"), query=hi("1"), support_loss=3.0, query_loss=4.0, seconds=0.25, cosine=0.5),
    line(7, step=4, support=en("2", "1"), query=hi("1"), support_loss=2.0, query_loss=1.0, seconds=0.25, cosine=0.5),
]


@pytest.fixture(scope="module")
def figures():
    return Summary(LINES).figures()


def test_totals_and_what_is_missing(figures):
    assert [figures[key] for key in ("episodes", "steps", "workers", "seconds")] == [6, 4, 2, 8.0]
    assert figures["missing"] == [(3, 3)]


def test_losses_of_a_pair_have_a_mean_and_those_of_its_first_and_last_quarter(figures):
    # Five episodes: a quarter is two of them, where four would have one.
    pair = figures["pairs"]["en -> hi"]
    assert pair["episodes"] == 5
    assert pair["support_loss"] == pytest.approx({"mean": 4.6, "first": 7.0, "last": 2.5})
    assert pair["query_loss"] == pytest.approx({"mean": 5.2, "first": 8.0, "last": 2.5})
    assert pair["cosine"] == pytest.approx(0.5)
    assert pair["seconds"] == pytest.approx(1.2)
    assert figures["pairs"]["hi -> en"]["query_loss"] == {"mean": 1.5, "first": 1.5, "last": 1.5}
    assert figures["pairs"]["hi -> en"]["cosine"] is None


def test_how_often_the_examples_of_each_language_were_seen(figures):
    # Support of en: 1 five times, 2 four times, 3 once; query of hi: 1 four times, 2 once.
    assert figures["languages"]["en"]["support"] == {
        "seen": 10,
        "examples": 3,
        "fewest": 1,
        "median": 4,
        "most": 5,
        "examples_by_times": {"1": 1, "4": 1, "5": 1},
    }
    assert figures["languages"]["hi"]["query"]["examples_by_times"] == {"1": 1, "4": 1}
    assert figures["languages"]["hi"]["support"]["seen"] == figures["languages"]["en"]["query"]["seen"] == 1


def test_the_examples_seen_most_and_least_over_both_sets(figures):
    told = [(each["language"], each["id"], each["support"], each["query"]) for each in figures["most_seen"]]
    assert told == [("en", "1", 5, 1), ("hi", "1", 1, 4), ("en", "2", 4, 0), ("en", "3", 1, 0), ("hi", "2", 0, 1)]
    assert figures["most_seen"][1]["row"] == 101
    assert [each["id"] for each in figures["least_seen"]] == ["3", "2", "2", "1", "1"]


def test_the_slowest_come_first(figures):
    assert [each["episode"] for each in figures["slowest"]] == [2, 4, 1, 5, 6]
    assert figures["slowest"][0] == {"episode": 2, "step": 1, "languages": "en -> hi", "seconds": 4.0}


def test_a_ledger_without_a_line_has_counts_of_nothing():
    assert Summary([]).figures()["episodes"] == 0
