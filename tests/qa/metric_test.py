import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.languages.tag import metadata
from xlamaml_allennlp.qa.answer_span import Answer
from xlamaml_allennlp.qa.metric import SpanMetric, exact_match, f1
from xlamaml_allennlp.resuming.plain import plain


def window(language, id, answers=("red fox",), index=0, question_language=None):
    return metadata(
        language, id, "paragraph", question_language=question_language or language, window=index, answers=list(answers)
    )


def said(text, score=0.0):
    return Answer(text, 0, len(text), score)


def test_exact_match_takes_any_of_the_gold_answers_after_normalisation():
    assert exact_match("The Red Fox.", ["a dog", "red fox"], "en") == 100.0
    assert exact_match("red foxes", ["a dog", "red fox"], "en") == 0.0


def test_f1_is_the_best_overlap_of_tokens_as_multisets():
    # Two of three predicted tokens, two of two gold ones: 2 * (2/3) * 1 / (5/3) = 4/5.
    assert f1("red red fox", ["cat", "red fox"], "en") == pytest.approx(80.0)
    assert f1("dog", ["red fox"], "en") == 0.0
    # One of two tokens said, one of two gold ones: the second "red" is not there twice.
    assert f1("red red", ["red fox"], "en") == pytest.approx(50.0)


def test_a_chinese_answer_is_compared_by_character():
    # Three of four characters, three of three: 2 * (3/4) / (7/4) = 6/7.
    assert f1("北京大学", ["京大学"], "zh") == pytest.approx(600 / 7)


def test_two_answers_without_tokens_are_equal_and_overlap_in_nothing():
    assert (exact_match("the", ["..."], "en"), f1("the", ["..."], "en")) == (100.0, 0.0)


@pytest.mark.parametrize("answers", [[], "red fox"])
def test_gold_answers_must_be_a_list_of_texts(answers):
    with pytest.raises(ConfigurationError, match="Give a list"):
        f1("red fox", answers, "en")


def test_numbers_are_over_all_questions_per_language_and_the_mean_of_languages():
    metric = SpanMetric()
    metric(
        [said("red fox"), said("red"), said("dog"), said("red fox")],
        [window("en", "1"), window("en", "2"), window("en", "3"), window("hi", "1")],
    )
    # "red" of "red fox": precision 1, recall 1/2, F1 2/3.
    found = metric.get_metric(reset=True)
    assert found == pytest.approx(
        {
            "em": 50.0, "em/en": 100 / 3, "em/hi": 100.0, "em/mean": 200 / 3,
            "f1": (500 / 3 + 100) / 4, "f1/en": 500 / 9, "f1/hi": 100.0, "f1/mean": 700 / 9,
        }
    )  # fmt: skip


def test_a_question_counts_once_with_its_best_window_in_whatever_batches_they_come():
    windows = [(said("red", 1.0), 0), (said("red fox", 3.0), 1), (said("dog", 2.0), 2)]
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2)):
        metric = SpanMetric()
        for answer, index in (windows[i] for i in order):
            metric([answer], [window("en", "1", index=index)])
        metric([said("dog")], [window("en", "2")])
        assert metric.get_metric() == {"em": 50.0, "f1": 50.0}
        assert metric.get_metric(reset=True)["em/en"] == 50.0


def test_of_equally_scored_windows_the_first_counts_in_whatever_order_they_come():
    for order in ((0, 1), (1, 0)):
        metric = SpanMetric()
        for index in order:
            metric([said("red fox" if index == 0 else "dog", 1.0)], [window("en", "1", index=index)])
        assert metric.get_metric()["em"] == 100.0


def test_an_unanswered_question_scores_nothing_and_counts():
    metric = SpanMetric()
    # Empty gold tokens would equal an empty answer.
    metric([None, said("red fox")], [window("en", "1", answers=["..."]), window("en", "2")])
    assert metric.get_metric(reset=True)["em"] == 50.0


def test_a_window_without_answer_does_not_hide_those_with_one():
    metric = SpanMetric()
    metric([said("red fox", -7.0), None], [window("en", "1", index=0), window("en", "1", index=1)])
    assert metric.get_metric()["em"] == 100.0


def test_a_window_seen_again_replaces_what_it_said():
    metric = SpanMetric()
    metric([said("red fox", 9.0)], [window("en", "1")])
    metric([said("dog", 1.0)], [window("en", "1")])
    assert metric.get_metric() == {"em": 0.0, "f1": 0.0}


def test_one_question_in_two_languages_is_two_questions():
    metric = SpanMetric()
    metric(
        [said("red fox", 1.0), said("dog", 2.0)],
        [window("en", "1", question_language="hi"), window("en", "1", question_language="de")],
    )
    assert metric.get_metric(reset=True)["em/en"] == 50.0


def test_resetting_forgets_and_not_resetting_does_not():
    metric = SpanMetric()
    metric([said("red fox")], [window("en", "1")])
    assert metric.get_metric() == metric.get_metric() == {"em": 100.0, "f1": 100.0}
    metric.get_metric(reset=True)
    assert metric.get_metric() == {"em": 0.0, "f1": 0.0}
    assert metric.get_metric(reset=True) == {}


def test_rules_of_squad_keep_unicode_punctuation():
    for rules, em in (("mlqa", 100.0), ("squad_v1.1", 0.0)):
        metric = SpanMetric(rules)
        metric([said("“red fox”")], [window("en", "1")])
        assert metric.get_metric()["em"] == em


def test_a_language_without_rules_is_an_error_in_its_first_batch_even_unanswered():
    with pytest.raises(ConfigurationError, match=r'"el".*any_language'):
        SpanMetric()([None], [window("el", "1")])
    metric = SpanMetric("any_language")
    metric([said("κόκκινη «αλεπού»")], [window("el", "1", answers=["Κόκκινη αλεπού"])])
    assert metric.get_metric(reset=True)["em/el"] == 100.0


def test_unknown_rules_are_refused_at_construction():
    with pytest.raises(ConfigurationError, match="rules"):
        SpanMetric("squad")


def test_a_metric_goes_on_counting_where_another_was_saved_as_plain_values():
    first, second = SpanMetric(), SpanMetric()
    first([said("dog", 1.0), said("red fox")], [window("en", "a"), window("hi", "b")])
    second([said("dog")], [window("en", "forgotten")])
    second.load_state_dict(plain(first.state_dict()))
    # A second window of the same question, with a better answer.
    second([said("red fox", 2.0)], [window("en", "a", index=1)])
    assert second.get_metric() == {"em": 100.0, "f1": 100.0}
    assert second.get_metric(reset=True)["em/en"] == 100.0
