import pytest

from xlamaml_allennlp.commands.meta_check.estimators import Estimator
from xlamaml_allennlp.commands.meta_check.report import Row, advice, table, verdict


def row(name, error=0.0, seconds=1.0, megabytes=100.0, configured=False, failure="", **keys):
    estimator = Estimator(name, {"type": name, **keys}, "float32", configured)
    if failure:
        return Row(estimator, failure=failure)
    errors = dict.fromkeys(("gradient", "second_order", "slope", "second_order_slope"), error)
    return Row(estimator, {"seconds": seconds, "megabytes": megabytes}, errors)


def test_the_table_has_a_line_per_estimator_and_says_why_one_failed():
    lines = table([row("exact", configured=True), row("higher", failure="does not fit in memory")]).splitlines()
    assert lines[2].split() == ["exact" and ">", "exact", "float32", *["0.0e+00"] * 4, "1.000", "100"]
    assert lines[3].split()[:3] == ["higher", "float32", "failed"]
    assert "higher in float32: does not fit in memory" in lines[4]


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
