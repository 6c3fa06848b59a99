"""JSON lines."""

import json

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.nli.formats import Row, read_rows

MNLI = {
    "annotator_labels": ["neutral"], "genre": "government", "gold_label": "neutral", "pairID": "31193n",
    "promptID": "31193", "sentence1": "Cream skimming.", "sentence1_parse": "", "sentence2": "Two dimensions.",
}  # fmt: skip


def lines(*objects: dict) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


def test_mnli_has_no_language(write):
    assert list(read_rows(write("multinli_1.0_train.jsonl", lines(MNLI)))) == [
        Row("Cream skimming.", "Two dimensions.", "neutral", None, "31193n", number=1)
    ]


def test_xnli_has_one(write):
    xnli = {**MNLI, "language": "hi", "sentence1": "बिल्ली", "sentence2": "कुत्ता", "pairID": 7}
    assert list(read_rows(write("xnli.dev.jsonl", lines(xnli)))) == [Row("बिल्ली", "कुत्ता", "neutral", "hi", "7", 1)]


def test_keys_of_datasets_and_numbered_labels_are_understood(write):
    path = write("x.jsonl", lines({"premise": "A.", "hypothesis": "B.", "label": 2}))
    assert list(read_rows(path)) == [Row("A.", "B.", 2, number=1)]


def test_capitals_do_not_matter_in_keys(write):
    path = write("x.jsonl", lines({"Premise": "A.", "HYPOTHESIS": "B.", "Label": "neutral", "pairid": 3}))
    assert list(read_rows(path)) == [Row("A.", "B.", "neutral", None, "3", number=1)]


def test_without_an_ending_the_first_line_tells_the_format(write):
    path = write("dev", lines(MNLI))
    assert [row.id for row in read_rows(path)] == ["31193n"]


def test_a_broken_line_is_named(write):
    path = write("train.jsonl", lines(MNLI) + '{"gold_label": "neutral", "sentence1": "cut sho\n')
    with pytest.raises(ConfigurationError, match=r"train\.jsonl:2: not JSON, or cut short: .* in column \d+\. Fix"):
        list(read_rows(path))


@pytest.mark.parametrize("key", ["sentence1", "sentence2"])
def test_a_key_that_no_line_has_is_named(write, key):
    path = write("train.jsonl", lines({name: value for name, value in MNLI.items() if name != key}))
    with pytest.raises(ConfigurationError, match=rf'train\.jsonl:1: there is no column "{key}" or .* among annotator'):
        list(read_rows(path))


def test_a_text_that_one_line_lacks_is_named(write):
    path = write("train.jsonl", lines(MNLI, {name: value for name, value in MNLI.items() if name != "sentence2"}))
    with pytest.raises(ConfigurationError, match=r'train\.jsonl:2: there is no column "sentence2" or .* among annotat'):
        list(read_rows(path))


def test_label_language_and_id_may_be_missing_in_some_lines_and_be_told_by_others(write):
    bare = {"premise": "A.", "hypothesis": "B."}
    full = {**bare, "label": 1, "language": "hi", "pairID": 7}
    assert list(read_rows(write("x.jsonl", lines(bare, full, {**bare, "language": None, "id": 8})))) == [
        Row("A.", "B.", number=1),
        Row("A.", "B.", 1, "hi", "7", number=2),
        Row("A.", "B.", id="8", number=3),
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sentence1", None),
        ("sentence2", 3),
        ("language", {"a": 1}),
        ("language", 1),
        ("language", 1.5),
        ("pairID", [1]),
        ("pairID", True),
        ("pairID", "\ud83d"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(write, key, value):
    with pytest.raises(ConfigurationError, match=rf'train\.jsonl:1: "{key}" is '):
        list(read_rows(write("train.jsonl", json.dumps({**MNLI, key: value}) + "\n")))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[" * 2000, "brackets within brackets"),
        (f'{{"sentence1": {"9" * 5000}}}', "a whole number of thousands of digits"),
    ],
)
def test_what_python_cannot_read_is_an_error_with_the_line(write, line, reason):
    with pytest.raises(ConfigurationError, match=rf"train\.jsonl:2: {reason}.*Fix the line"):
        list(read_rows(write("train.jsonl", lines(MNLI) + line + "\n")))


def test_a_line_that_is_no_object_is_named(write):
    with pytest.raises(ConfigurationError, match=r"train\.jsonl:2: a list, not an object"):
        list(read_rows(write("train.jsonl", lines(MNLI) + "[1, 2]\n")))
