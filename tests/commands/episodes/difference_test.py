"""Where two runs begin to differ, and in what: differences that are planted are the ones that are found."""

import math
from dataclasses import replace

import pytest

from tests.provenance.recorded import line
from xlamaml_allennlp.commands.episodes.difference import compare
from xlamaml_allennlp.provenance import Example

MEASURED = {"support_gradient_norm": 1.0, "query_gradient_norm": 1.0, "cosine": 0.5}
LINES = [line(number, **MEASURED) for number in range(1, 7)]
(QUERY,) = LINES[0].query


def planted(number, **change):
    return [replace(each, **change) if each.episode >= number else each for each in LINES]


@pytest.mark.parametrize(
    "change, what",
    [
        ({"query": (QUERY._replace(language="ur", id="8"),), "query_loss": 3.0}, "languages"),
        ({"query": (QUERY._replace(id="8", row=109),)}, "ids"),
        ({"query": (QUERY, QUERY)}, "languages"),
        ({"query": (QUERY._replace(row=109),)}, "rows"),
        ({"support": (Example("en", "7", "test.tsv", 8),)}, "files"),
        ({"support_loss": 1.5}, "support loss"),
        ({"support_loss": None}, "support loss"),
        ({"query_loss": 1.6}, "query loss"),
        ({"meta_gradient_norm": 2.5}, "length of the meta-gradient"),
        ({"support_gradient_norm": 0.75}, "length of the support gradient"),
        ({"query_gradient_norm": 0.75}, "length of the query gradient"),
        ({"cosine": -0.5}, "cosine"),
        ({"step": 5}, "step"),
    ],
)
def test_the_first_episode_that_differs_is_found_and_in_what(change, what):
    first, beyond = compare(LINES, planted(4, **change))
    assert first is beyond
    assert (first.episode, first.step, first.what) == (4, 4, what)
    assert not first.within_rounding


def test_what_no_run_has_in_common_with_another_is_no_difference():
    moved = (QUERY._replace(source="elsewhere/data.zip!folder/dev.tsv"),)
    assert compare(LINES, planted(2, seconds=9.0, worker=3, query=moved)) == (None, None)


@pytest.mark.parametrize("name", MEASURED)
def test_what_one_ledger_does_not_measure_is_no_difference(name):
    assert compare(LINES, planted(2, **{name: None})) == (None, None)


def test_losses_that_are_no_numbers_in_both_are_the_same():
    lost = planted(2, query_loss=math.nan)
    assert compare(lost, planted(2, query_loss=float("nan"))) == (None, None)
    assert compare(LINES, lost)[1].episode == 2


def test_a_cosine_of_nearly_nought_is_rounded_like_any_other():
    # 2e-9 and 1e-9 are 1e-9 apart, of a scale from -1 to 1.
    first, beyond = compare(planted(1, cosine=2e-9), planted(1, cosine=1e-9))
    assert (first.what, beyond) == ("cosine", None)
    assert first.relative == pytest.approx(1e-9)


def test_rounding_is_told_apart_from_what_follows_it():
    # 1.5 and 1.500001 are 7e-7 apart, relative to the larger; 1.5 and 1.6 are 0.1 / 1.6.
    rounded = planted(3, query_loss=1.500001)
    first, beyond = compare(LINES, rounded)
    assert (first.episode, first.within_rounding) == (3, True)
    assert first.relative == pytest.approx(1e-6 / 1.500001)
    assert beyond is None
    first, beyond = compare(LINES, [*rounded[:4], replace(rounded[4], query_loss=1.6), rounded[5]])
    assert (first.episode, beyond.episode) == (3, 5)
    assert beyond.relative == pytest.approx(0.1 / 1.6)


def test_rounding_of_one_figure_does_not_hide_another_one_of_the_episode():
    first, beyond = compare(LINES, planted(2, support_loss=1.250001, query_loss=3.0))
    assert (first.what, beyond.what, beyond.episode) == ("support loss", "query loss", 2)


@pytest.mark.parametrize(
    "ours, theirs, episode, there", [(6, 4, 5, "there"), (4, 6, 5, "missing"), (0, 1, 1, "missing")]
)
def test_a_run_that_ends_earlier_differs_there(ours, theirs, episode, there):
    first, beyond = compare(LINES[:ours], LINES[:theirs])
    assert first is beyond
    assert (first.episode, first.what, first.ours) == (episode, "end", there)


def test_a_gap_in_one_ledger_is_a_difference_at_the_episode_that_is_lost():
    first, _ = compare(LINES, [each for each in LINES if each.episode != 3])
    assert (first.episode, first.what, first.theirs) == (3, "end", "missing")
