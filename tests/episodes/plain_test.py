"""Episodes of plain examples: the samplers' rules, with lists of a user's own dicts."""

from itertools import islice

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.episodes import CoveringSampler, CrossLingualPlan, RandomSampler, episodes_of

PLAN = CrossLingualPlan(["en"], ["hi"])
WORDS = {"en": ["one", "two", "three", "four"], "hi": ["ek", "do", "teen", "chaar"]}
EXAMPLES = [{"text": text, "language": language} for language, texts in WORDS.items() for text in texts]


def texts(side):
    return [example["text"] for example in side]


def test_a_pass_covers_every_query_example_once_beside_its_translations_in_lists_of_one_order():
    sampler = CoveringSampler(2, 2, parallel=True)
    drawn = list(islice(episodes_of(EXAMPLES, PLAN, sampler), 2))
    assert sorted(text for _, query in drawn for text in texts(query)) == sorted(WORDS["hi"])
    translation = dict(zip(WORDS["hi"], WORDS["en"], strict=True))
    for support, query in drawn:
        assert texts(support) == [translation[text] for text in texts(query)]


def test_an_episode_holds_the_examples_themselves_and_not_copies():
    (support, query), *_ = islice(episodes_of(EXAMPLES, PLAN, RandomSampler(1, 1)), 1)
    assert any(support[0] is example for example in EXAMPLES[:4])
    assert any(query[0] is example for example in EXAMPLES[4:])


def test_what_has_a_group_in_common_is_not_on_both_sides_of_an_episode():
    # One language on both sides, two groups of two: S of two examples is one group, and Q the other.
    examples = [{"language": "en", "id": str(k), "group": k // 2} for k in range(4)]
    from xlamaml_allennlp.episodes import SameLanguagePlan

    for support, query in islice(episodes_of(examples, SameLanguagePlan(["en"]), RandomSampler(2, 2)), 20):
        assert {example["group"] for example in support} & {example["group"] for example in query} == set()


@pytest.mark.parametrize(
    "last, said",
    [
        ({"text": "paanch"}, r"examples\[8\] has no language"),
        ({"language": "hi", "id": "row 0"}, r'examples\[8\]: examples\[4\] is in hi and has the id "row 0" too'),
    ],
)
def test_an_example_that_cannot_be_told_from_others_is_named(last, said):
    with pytest.raises(ConfigurationError, match=said):
        episodes_of([*EXAMPLES, last], PLAN, RandomSampler(1, 1))


def test_more_than_there_is_is_refused_at_once():
    with pytest.raises(ConfigurationError, match="support_size is 5, but en has only 4"):
        episodes_of(EXAMPLES, PLAN, RandomSampler(5, 1))
