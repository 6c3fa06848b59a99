"""JSON lines."""

import json

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.nli.formats import Row, rows

MNLI = {
    "annotator_labels": ["neutral"], "genre": "government", "gold_label": "neutral", "pairID": "31193n",
    "promptID": "31193", "sentence1": "Cream skimming.", "sentence1_parse": "", "sentence2": "Two dimensions.",
}  # fmt: skip


def lines(*objects: dict) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


def test_mnli_has_no_language(write):
    assert list(rows(write("multinli_1.0_train.jsonl", lines(MNLI)))) == [
        Row("Cream skimming.", "Two dimensions.", "neutral", None, "31193n", number=1)
    ]


def test_xnli_has_one(write):
    xnli = {**MNLI, "language": "hi", "sentence1": "बिल्ली", "sentence2": "कुत्ता", "pairID": 7}
    assert list(rows(write("xnli.dev.jsonl", lines(xnli)))) == [Row("बिल्ली", "कुत्ता", "neutral", "hi", "7", 1)]


def test_keys_of_datasets_and_numbered_labels_are_understood(write):
    path = write("x.jsonl", lines({"premise": "A.", "hypothesis": "B.", "label": 2}))
    assert list(rows(path)) == [Row("A.", "B.", 2, number=1)]


@pytest.mark.parametrize("label", [None, -1])
def test_a_label_that_is_kept_back_is_none(write, label):
    path = write("x.jsonl", lines({"premise": "A.", "hypothesis": "B.", "label": label}))
    assert [row.label for row in rows(path)] == [None]


def test_without_an_ending_the_first_line_tells_the_format(write):
    path = write("dev", lines(MNLI))
    assert [row.id for row in rows(path)] == ["31193n"]


def test_a_broken_line_is_named(write):
    path = write("train.jsonl", lines(MNLI) + '{"gold_label": "neutral", "sentence1": "cut sho\n')
    with pytest.raises(ConfigurationError, match=r"train\.jsonl:2: not JSON, or cut short: .* in column \d+\. Fix"):
        list(rows(path))


@pytest.mark.parametrize("key", ["sentence1", "sentence2"])
def test_a_key_that_no_line_has_is_named(write, key):
    path = write("train.jsonl", lines({name: value for name, value in MNLI.items() if name != key}))
    with pytest.raises(ConfigurationError, match=rf'train\.jsonl:1: there is no column "{key}" or .* among annotator'):
        list(rows(path))


@pytest.mark.parametrize("key", ["sentence2", "gold_label", "pairID"])
def test_a_key_that_one_line_lacks_is_named(write, key):
    path = write("train.jsonl", lines(MNLI, {name: value for name, value in MNLI.items() if name != key}))
    with pytest.raises(ConfigurationError, match=rf'train\.jsonl:2: "{key}" is missing\. The line has the keys'):
        list(rows(path))


@pytest.mark.parametrize(("key", "value"), [("sentence1", None), ("sentence2", 3), ("gold_label", ["neutral"])])
def test_a_value_of_the_wrong_kind_is_named(write, key, value):
    with pytest.raises(ConfigurationError, match=rf'train\.jsonl:1: "{key}" is '):
        list(rows(write("train.jsonl", lines({**MNLI, key: value}))))


def test_a_line_that_is_no_object_is_named(write):
    with pytest.raises(ConfigurationError, match=r"train\.jsonl:2: a list, not an object"):
        list(rows(write("train.jsonl", lines(MNLI) + "[1, 2]\n")))
