import re

import pytest

from xlamaml_allennlp.commands.meta_check.estimators import Estimator
from xlamaml_allennlp.commands.meta_check.report import HEAD, Row, Table, advice, opening, verdict


def row(name, error=0.0, seconds=1.0, megabytes=100.0, configured=False, failure="", **keys):
    estimator = Estimator(name, {"type": name, **keys}, "float32", configured)
    if failure:
        return Row(estimator, failure=failure)
    errors = dict.fromkeys(("gradient", "second_order", "slope", "second_order_slope"), error)
    return Row(estimator, {"seconds": seconds, "megabytes": megabytes}, errors)


def test_a_table_has_a_line_per_estimator_in_columns_that_are_known_before_any_is_measured():
    rows = [row("exact", seconds=1234.5, configured=True), row("higher", failure="does not fit in memory")]
    table = Table([each.estimator for each in rows])
    head, rule = table.head().splitlines()
    assert rule == "-" * len(head)
    (exact,), (higher, why) = (table.line(each).splitlines() for each in rows)
    assert exact.split() == [">", "exact", "float32", *["0.0e+00"] * 4, "1234.500", "100"]
    assert higher.split()[:3] == ["higher", "float32", "failed"]
    assert len(exact) == len(higher) == len(head)
    assert all(exact[head.index(name) + len(name) - 1] != " " for name in HEAD[2:])
    assert why == "  higher in float32: does not fit in memory"


@pytest.mark.parametrize(
    "error, tolerance, said",
    [
        (1e-7, 0.01, "Good.*exact in float32, is off by 1.0e-07: the same gradient, up to rounding"),
        (9e-3, 0.01, "Good.*off by 9.0e-03: the same gradient, within one percent"),
        (0.2, 0.5, "Good.*off by 2.0e-01: within your tolerance of 0.5"),
        (0.2, 0.01, "Not good.*off by 0.2, more than the tolerance of 0.01"),
    ],
)
def test_the_verdict_comes_first_and_says_what_its_number_means(error, tolerance, said):
    rows = [row("exact", error=error, configured=True)]
    assert re.match(said, opening(rows, verdict(rows, [], tolerance), tolerance))


def test_the_advice_is_the_fastest_and_the_smallest_within_the_tolerance():
    rows = [
        row("higher", seconds=4, megabytes=400, configured=True),
        row("exact", seconds=2, megabytes=300),
        row("hessian_free", seconds=3, megabytes=100),
        row("first_order", error=0.5, seconds=1, megabytes=50),
    ]
    said = advice(rows, size_of_second_order=0.5, tolerance=0.01)
    assert "50 % of the meta-gradient" in said
    assert "fastest is exact in float32: 0.50 of the configured one's time, 0.75 of its memory" in said
    assert "least memory is hessian_free in float32" in said
    assert "first_order" not in said


def test_a_small_second_order_term_is_said_to_be_small():
    rows = [row("exact", configured=True), row("first_order", error=1e-4, seconds=0.5)]
    assert "first_order is within the tolerance too" in advice(rows, 1e-4, 0.01)


def test_without_a_good_estimator_there_is_no_advice_but_a_hint():
    assert "No estimator is within" in advice([row("exact", error=1, configured=True)], 1.0, 0.01)


@pytest.mark.parametrize(
    ("own", "traps", "named"),
    [
        (row("exact", configured=True), [], None),
        (row("first_order", error=0.02, configured=True), [], "off by 0.02"),
        (row("exact", error=float("nan"), configured=True), [], "off by nan"),
        (row("higher", configured=True, failure="no room"), [], "failed: no room"),
        (row("exact", configured=True, micro_batch_size=2), ["it is no mean over examples"], "micro_batch_size is set"),
        (row("exact", configured=True), ["it is no mean over examples"], None),
    ],
)
def test_the_verdict_is_about_the_configured_estimator(own, traps, named):
    found = verdict([own, row("other", error=9)], traps, tolerance=0.01)
    assert found is None if named is None else named in found


@pytest.mark.parametrize("key", ["gradient", "slope"])
def test_an_error_that_is_not_a_number_is_within_nothing(key):
    own = row("exact", configured=True)
    own.errors[key] = float("nan")
    assert not own.within(1.0)
