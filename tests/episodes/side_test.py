"""A set that collates itself, whole and in parts."""

import pytest
import torch
from allennlp.data import Instance
from allennlp.data.fields import MetadataField, TensorField
from hypothesis import given
from hypothesis import strategies as st

from xlamaml_allennlp.episodes import Side, describe
from xlamaml_allennlp.languages.dataset_reader import UnseenMetadata
from xlamaml_allennlp.languages.examples import InMemoryExamples
from xlamaml_allennlp.languages.tag import Tag


def side(*windows: int, kind: type[Instance] = Instance) -> Side:
    """Questions with so many windows each; window w of question q holds w + 1 times q."""
    tagged = [
        (
            Tag("hi", str(q), str(q)),
            kind({"number": TensorField(torch.full([w + 1], float(q))), "metadata": MetadataField((q, w))}),
        )
        for q, count in enumerate(windows)
        for w in range(count)
    ]
    return Side.of(InMemoryExamples(tagged), range(len(windows)), lambda batch: batch)


def test_a_side_is_the_batch_of_all_windows():
    whole = side(1, 2)
    assert whole["number"].tolist() == [[0, 0], [1, 0], [1, 1]]
    assert whole["metadata"] == [(0, 0), (1, 0), (1, 1)]
    assert whole.size == 3


@pytest.mark.parametrize(
    ("most", "parts"),
    # Sorted by length, question 1 of two windows comes last.
    [(1, [[0], [2], [3], [1, 1]]), (2, [[0, 2], [3], [1, 1]]), (3, [[0, 2, 3], [1, 1]]), (5, [[0, 2, 3, 1, 1]])],
)
def test_windows_of_one_question_are_in_one_part(most, parts):
    split = side(1, 2, 1, 1).split(most)
    assert [[question for question, _ in part["metadata"]] for _, part in split] == parts
    assert [share for share, _ in split] == [len(part) / 5 for part in parts]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=6), st.integers(1, 7))
def test_parts_are_the_whole_by_length_and_padded_to_their_own_longest(windows, most):
    whole = side(*windows)
    split = whole.split(most)
    assert sum(share for share, _ in split) == pytest.approx(1)
    assert sorted(place for _, part in split for place in part.places) == list(range(whole.size))
    for _, part in split:
        width = max(window + 1 for _, window in part["metadata"])
        assert torch.equal(part["number"], whole["number"][list(part.places), :width])
        assert [whole["metadata"][place] for place in part.places] == part["metadata"]
        assert part.size <= most or len(part.tags) == 1
    widths = [part["number"].shape[1] for _, part in split]
    assert widths == sorted(widths)


def test_parts_of_a_part_stand_where_they_stand_in_the_whole():
    _, (_, last) = side(3, 1, 2).split(3)
    assert [list(part.places) for _, part in last.split(1)] == [[0, 1, 2]]
    assert [list(part.places) for _, part in side(1, 1, 2).split(2)] == [[0, 1], [2, 3]]


def test_a_change_holds_for_the_whole_and_for_its_parts():
    changed = side(1, 1).convert(lambda batch: {"number": batch["number"] + 1})
    assert changed["number"].tolist() == [[1], [2]]
    assert [part["number"].tolist() for _, part in changed.split(1)] == [[[1]], [[2]]]


def test_a_side_tells_its_examples_where_the_model_is_not_given_them():
    unseen = side(1, 2, kind=UnseenMetadata)
    assert "metadata" not in unseen
    assert describe({"support": unseen, "query": unseen}) == "support hi (ids 0, 1), query hi (ids 0, 1)"
