"""What the `xnli` reader says to input that is not as it should be."""

from pathlib import Path

import pytest
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader

from xlamaml_allennlp.nli.formats import Row


def read(reader, path):
    return list(reader.read(path))


def test_an_unknown_label_names_line_labels_and_way_out(reader, write, pairs):
    path = write("x/xnli.dev.tsv", Path(pairs).read_text().replace("hi\tcontradiction", "hi\tcontradictory"))
    with pytest.raises(ConfigurationError) as caught:
        read(reader, path)
    assert caught.value.message == (
        f'{path}:7: label "contradictory" is none of contradiction, entailment, neutral. '
        'Fix the row, give the reader label_aliases: {"its name": "a label"}, or give every reader and the model the '
        "same labels: [...] (the configs of NLI in training_configs have an argument `labels` that does). "
        '(1 bad row in all; on_bad_pair: "skip" leaves such rows out.)'
    )


@pytest.mark.parametrize("label", ["", "Neutral", "3"])
def test_other_spellings_are_unknown_too(reader, write, label):
    with pytest.raises(ConfigurationError, match=rf'dev-en\.tsv:1: label "{label}" is none of'):
        read(reader, write("dev-en.tsv", f"A.\tB.\t{label}\n"))


@pytest.mark.parametrize("number", [3, -2])
def test_a_number_that_is_no_index_is_an_unknown_label(reader, write, number):
    path = write("dev-en.jsonl", f'{{"premise": "A.", "hypothesis": "B.", "label": {number}}}\n')
    with pytest.raises(ConfigurationError, match=rf'dev-en\.jsonl:1: label "{number}" is none of'):
        read(reader, path)


@pytest.mark.parametrize(("row", "name"), [(" \tB.\tneutral", "premise"), ("A.\t\tneutral", "hypothesis")])
def test_an_empty_text_is_named(reader, write, row, name):
    with pytest.raises(ConfigurationError, match=rf"dev-en\.tsv:2: the {name} is empty\. Fix the row, or remove it"):
        read(reader, write("dev-en.tsv", f"A.\tB.\tneutral\n{row}\n"))


def test_a_language_that_nothing_tells_says_how_to_tell_it(reader, write):
    path = write("multinli_1.0_train.jsonl", '{"sentence1": "A.", "sentence2": "B.", "gold_label": "neutral"}\n')
    with pytest.raises(
        ConfigurationError, match=r'neither its rows nor its name tell the language.*\{"CODE": ".*jsonl"\}'
    ):
        read(reader, path)


@pytest.mark.parametrize("language", ["Hindi", "sw"])
def test_a_language_that_the_file_does_not_have_is_named_with_those_it_has(reader, pairs, language):
    with pytest.raises(ConfigurationError) as caught:
        read(reader, {"hi": pairs, language: pairs})
    assert f'no examples of language "{language}" among 8 pairs (en 4, hi 4)' in caught.value.message


def test_a_language_of_which_no_pair_has_a_gold_label_is_an_error(reader, write):
    with pytest.raises(
        ConfigurationError, match=r'no examples of language "en" among 1 pairs \(en 1\), 1 of which have'
    ):
        read(reader, write("dev-en.tsv", "A.\tB.\t-\n"))


def test_a_missing_file_is_an_error(reader, tmp_path):
    with pytest.raises(ConfigurationError, match=r"dev-hi\.tsv: no such file"):
        read(reader, {"hi": str(tmp_path / "dev-hi.tsv")})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"max_length": 4}, "max_length: 4 is not between 5"),
        ({"max_length": 600}, "max_length: 600 is not between 5 .* and the 512 tokens"),
        ({"labels": ["neutral"]}, "labels: .* is not a list of two or more different labels"),
        ({"labels": ["neutral", "neutral"]}, "labels: .* is not a list of two or more different labels"),
    ],
)
def test_a_setting_out_of_range_fails_at_construction(bert_folder, settings, message):
    with pytest.raises(ConfigurationError, match=message):
        DatasetReader.by_name("xnli")(str(bert_folder), **settings)


def test_a_folder_without_a_tokenizer_fails_at_construction(tmp_path):
    with pytest.raises(ConfigurationError, match=r'model_name: ".*" cannot be|model_name: '):
        DatasetReader.by_name("xnli")(str(tmp_path))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (Row("", "B."), "pair 1: the premise is empty"),
        (Row("A.", "B.", "maybe"), 'pair 1: label "maybe" is none of contradiction, entailment, neutral'),
    ],
)
def test_a_pair_that_comes_without_a_file_is_named_by_its_place(reader, row, message):
    with pytest.raises(ConfigurationError, match=message):
        reader.texts_to_instances([Row("A.", "B."), row])
