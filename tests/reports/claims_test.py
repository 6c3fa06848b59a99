"""What a report says in sentences."""

from xlamaml_allennlp.reports.claims import claims
from xlamaml_allennlp.reports.comparison import Comparison
from xlamaml_allennlp.reports.crossed import BOTH, EXAMPLES, Effect
from xlamaml_allennlp.reports.setting import Setting


def compared(control: str, difference: float, over: str = BOTH) -> Comparison:
    """A comparison on one target with a standard error of 0.5 and endless examples."""
    effect = Effect(difference, 0.5, 0.0, 3, 100_000, 100_000, over)
    return Comparison(Setting("maml"), Setting(control), "accuracy", ("hi",), {"hi": effect})


def test_a_gain_that_a_control_has_too_is_said_to_be_none_of_the_method():
    # 2.5758 standard errors: p = 0.01, twice that by Holm for two comparisons. At half the level, 2.2414 + 0.8416 of
    # them are found with power 0.8.
    told = claims([compared("baseline", 2.5758 * 0.5), compared("inner step off", 0.1)])
    assert told[0] == (
        "maml − baseline, accuracy, hi: +1.29 points (+0.31 to +2.27), p = 0.02 (Holm), 3 seeds. They differ, over "
        "other seeds and examples. Such a study finds differences of 1.54 points and more."
    )
    assert "They are not shown to differ" in told[1]
    assert told[2] == (
        "The gain of maml over baseline (+1.29) is not shown to be more than inner step off gains: against it, +0.10 "
        "(accuracy)."
    )


def test_a_gain_over_every_control_needs_no_such_sentence():
    assert len(claims([compared("baseline", 6.2), compared("inner step off", 3.0)])) == 2


def test_one_seed_is_said_to_tell_nothing_of_the_method():
    (told,) = claims([compared("baseline", 6.2, EXAMPLES)])
    assert "for these trained models only" in told


def test_what_is_larger_than_the_smallest_difference_is_said_to_differ():
    # Of a single comparison 1.40 is found; ten of them, 2.804 standard errors each, have p = 0.0505 by Holm.
    told = claims([compared(f"control {place}", 1.402) for place in range(10)])
    assert all("They are not shown to differ" in each and "differences of 1.82 points" in each for each in told)
