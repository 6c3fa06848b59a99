import numpy as np
import pytest
from scipy.stats import binomtest

from xlamaml_allennlp.languages.interval import mean_over_examples, mean_over_languages

DRAWS = 2000


def rights(right, of):
    return np.array([1.0] * right + [0.0] * (of - right))


def names(number):
    return np.array([str(i) for i in range(number)])


def wilson(right, of):
    found = binomtest(right, of).proportion_ci(method="wilson")
    return found.low, found.high


@pytest.mark.parametrize(("right", "of"), [(8, 10), (1, 2), (1, 40), (333, 700), (0, 5), (7, 7)])
def test_of_independent_examples_it_is_wilsons_interval(right, of):
    estimate = mean_over_examples(rights(right, of), names(of))
    assert estimate.mean == pytest.approx(right / of)
    assert (estimate.low, estimate.high) == pytest.approx(wilson(right, of))


def test_translations_that_always_agree_count_once():
    # Two texts in two languages, one right in both: residuals 2 * 0.5 / 4 and -2 * 0.5 / 4, V = 2 / 16,
    # n = 0.25 / V = 2. As four texts each residual is 0.5 / 4, V = 4 / 64 and n = 4.
    values = np.array([1.0, 0.0, 1.0, 0.0])
    together = mean_over_examples(values, np.array(["1", "2", "1", "2"]))
    apart = mean_over_examples(values, names(4))
    assert (together.low, together.high) == pytest.approx(wilson(1, 2))
    assert (apart.low, apart.high) == pytest.approx(wilson(2, 4))


def test_the_mean_of_the_languages_has_the_variance_of_paper_and_pencil():
    # en: 2 of 4, weights 1/8 each, residuals 1/16: V = 4 / 256. hi: 1 of 2, weights 1/4, residuals 1/8: V = 2 / 64.
    # Together 12 / 256; the mean is 1/2, so n = (1/4) / (12/256) = 16 / 3, and not 6.
    values = np.array([1.0, 1.0, 0.0, 0.0, 1.0, 0.0])
    estimate = mean_over_languages(values, np.array(["en"] * 4 + ["hi"] * 2), names(6))
    z, n = 1.959964, 16 / 3
    half = z / (1 + z**2 / n) * (0.25 / n + z**2 / (4 * n**2)) ** 0.5
    assert estimate == pytest.approx((0.5, 0.5 - half, 0.5 + half), rel=1e-6)


def test_languages_of_unequal_size_weigh_alike_in_their_mean():
    values = np.concatenate([rights(90, 100), rights(1, 2)])
    languages = np.array(["en"] * 100 + ["hi"] * 2)
    assert mean_over_languages(values, languages, names(102)).mean == pytest.approx(0.7)
    assert mean_over_examples(values, names(102)).mean == pytest.approx(91 / 102)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_where_all_are_alike_the_texts_count_and_not_their_translations(value):
    texts = np.tile(names(10), 7)
    languages = np.repeat([f"l{i}" for i in range(7)], 10)
    expected = wilson(int(10 * value), 10)
    for estimate in (
        mean_over_examples(np.full(70, value), texts),
        mean_over_languages(np.full(70, value), languages, texts),
    ):
        assert estimate.mean == pytest.approx(value)
        assert estimate[1:] == pytest.approx(expected)


def test_errors_that_cancel_leave_an_interval_with_a_width():
    # Each text is right in exactly one of two languages: within the texts residuals add up to zero.
    estimate = mean_over_examples(np.array([1.0, 0, 1, 0, 0, 1, 0, 1]), np.tile(names(4), 2))
    assert (estimate.low, estimate.high) == pytest.approx(wilson(2, 4))


def coverage(truth, draw):
    generator = np.random.default_rng(0)
    estimates = [draw(generator) for _ in range(DRAWS)]
    return np.mean([estimate.low <= truth <= estimate.high for estimate in estimates])


def test_it_covers_a_proportion_in_95_of_100_simulated_evaluations():
    ids = names(80)
    found = coverage(0.9, lambda g: mean_over_examples((g.random(80) < 0.9).astype(float), ids))
    assert 0.93 < found < 0.97


def test_it_covers_the_mean_of_a_score_between_0_and_1():
    # F1: nothing in common (0.3), all (0.5), else anything in between: 0.5 + 0.2 / 2.
    ids = names(60)

    def draw(generator):
        kind, part = generator.random(60), generator.random(60)
        return mean_over_examples(np.where(kind < 0.3, 0.0, np.where(kind < 0.8, 1.0, part)), ids)

    assert 0.93 < coverage(0.6, draw) < 0.97


SIZES = (60, 60, 45, 30)
SHIFTS = np.array([0.04, 0.0, -0.02, -0.06])
LANGUAGES = np.repeat(["ar", "en", "hi", "zh"], SIZES)
TEXTS = np.concatenate([names(size) for size in SIZES])


def parallel(generator):
    """Texts of which half are easy in every language (0.9) and half are hard (0.3)."""
    easy = np.where(generator.random(60) < 0.5, 0.9, 0.3)
    chances = np.concatenate([easy[:size] + shift for size, shift in zip(SIZES, SHIFTS, strict=True)])
    return (generator.random(len(chances)) < chances).astype(float)


def test_it_covers_both_means_where_examples_are_translations_of_each_other():
    over_all = 0.6 + (SHIFTS * SIZES).sum() / sum(SIZES)
    assert 0.93 < coverage(over_all, lambda g: mean_over_examples(parallel(g), TEXTS)) < 0.97
    over_languages = 0.6 + SHIFTS.mean()
    assert 0.93 < coverage(over_languages, lambda g: mean_over_languages(parallel(g), LANGUAGES, TEXTS)) < 0.97
    # What it is for: as independent examples they miss the mean three times as often as they may.
    alone = names(len(TEXTS))
    assert coverage(over_languages, lambda g: mean_over_languages(parallel(g), LANGUAGES, alone)) < 0.87
