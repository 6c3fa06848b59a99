from itertools import pairwise

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from allennlp.training.metrics import Metric
from hypothesis import given
from hypothesis import strategies as st

from xlamaml_allennlp.languages.metric import LanguageMean, by_language


def test_the_mean_of_the_languages_weighs_each_language_alike():
    # en: 3 of 4 right; hi: 0 of 1. Over all examples 3/5, mean of the languages (3/4 + 0) / 2.
    metric = LanguageMean("accuracy")
    metric(torch.tensor([True, False, True]), ["en", "hi", "en"])
    metric(torch.tensor([1.0, 0.0]), ["en", "en"])
    assert metric.get_metric(reset=True) == {
        "accuracy": 0.6,
        "accuracy/en": 0.75,
        "accuracy/hi": 0.0,
        "accuracy/mean": 0.375,
    }


def test_languages_appear_only_at_the_end_of_an_epoch():
    metric = LanguageMean("em")
    metric(torch.tensor([0.5]), ["en"])
    assert metric.get_metric() == {"em": 0.5}
    assert metric.get_metric() == {"em": 0.5}


def test_reset_forgets_everything():
    metric = LanguageMean()
    metric(torch.ones(2), ["en", "hi"])
    metric.get_metric(reset=True)
    assert metric.get_metric() == {"accuracy": 0.0}
    # A 0 would read as the result of an evaluation on files without labels.
    assert metric.get_metric(reset=True) == {}


def test_no_graph_is_kept_alive():
    metric = LanguageMean()
    values = torch.ones(2, requires_grad=True) * 2
    metric(values, ["en", "en"])
    result = metric.get_metric(reset=True)
    assert all(type(value) is float for value in result.values())
    assert result["accuracy/en"] == 2.0


def test_half_precision_values_are_added_in_full_precision():
    # 1/3 in bfloat16 is 0.333984375 exactly; 1000 of them would stall near 1 if added in bfloat16.
    metric = LanguageMean()
    for _ in range(10):
        metric(torch.full((100,), 1 / 3, dtype=torch.bfloat16), ["en"] * 100)
    assert metric.get_metric()["accuracy"] == pytest.approx(0.333984375, rel=1e-12)


@pytest.mark.parametrize("values", [torch.ones(3), torch.ones(2, 1), torch.tensor(1.0)])
def test_values_and_languages_must_match(values):
    with pytest.raises(ConfigurationError, match=r"shape .* for 2 languages"):
        LanguageMean()(values, ["en", "hi"])


def test_it_is_a_registered_metric():
    assert Metric.by_name("language_mean") is LanguageMean


EXAMPLES = st.lists(st.tuples(st.booleans(), st.sampled_from(["en", "hi", "th"])), max_size=40)


@given(examples=EXAMPLES, cuts=st.lists(st.integers(0, 40), max_size=5))
def test_any_split_into_batches_gives_the_same(examples, cuts):
    bounds = [0, *sorted(min(cut, len(examples)) for cut in cuts), len(examples)]
    metric = LanguageMean()
    for start, end in pairwise(bounds):
        part = examples[start:end]
        metric(torch.tensor([right for right, _ in part], dtype=torch.bool), [language for _, language in part])
    result = metric.get_metric(reset=True)

    by_hand = {language: [right for right, of in examples if of == language] for language in {of for _, of in examples}}
    if not examples:
        assert result == {}
        return
    assert set(result) == {"accuracy", "accuracy/mean", *(f"accuracy/{language}" for language in by_hand)}
    means = [sum(rights) / len(rights) for rights in by_hand.values()]
    assert result["accuracy"] == pytest.approx(sum(r for r, _ in examples) / len(examples))
    assert result["accuracy/mean"] == pytest.approx(sum(means) / len(means))


def test_totals_that_a_task_keeps_itself_become_the_same_keys():
    assert by_language("f1", {"hi": (150.0, 2), "en": (50.0, 2)}) == {
        "f1": 50.0,
        "f1/en": 25.0,
        "f1/hi": 75.0,
        "f1/mean": 50.0,
    }


def test_a_metric_goes_on_counting_where_another_was_saved():
    # en: 1 of 2 right before, 1 of 1 after; hi: 0 of 1 before.
    first, second = LanguageMean(), LanguageMean()
    first(torch.tensor([True, False, False]), ["en", "en", "hi"])
    second(torch.tensor([True]), ["sw"])  # forgotten
    second.load_state_dict(first.state_dict())
    second(torch.tensor([True]), ["en"])
    assert second.get_metric(reset=True) == {
        "accuracy": 0.5,
        "accuracy/en": pytest.approx(2 / 3),
        "accuracy/hi": 0.0,
        "accuracy/mean": pytest.approx(1 / 3),
    }
