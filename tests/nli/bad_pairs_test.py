"""Rows that are no pairs: counted and refused, or left out and listed."""

import json
import logging

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.languages.tag import id_of, language_of
from xlamaml_allennlp.nli.dataset_reader import XnliReader

BROKEN = """\
sentence1\tsentence2\tgold_label
A.\tB.\tneutral
A.\tB.\tmaybe
\u200b\tB.\tneutral
A.\t\ue000\tneutral
A.\tB.
A.\tB.\tentailment
"""
MIXED = '{"premise": "A.", "hypothesis": "B.", "label": "neutral"}\n{"premise": "A.", "hypothesis": "B."}\n'


@pytest.fixture
def skipping(bert_folder) -> XnliReader:
    return XnliReader(str(bert_folder), on_bad_pair="skip")


def test_an_error_names_the_first_bad_row_and_counts_all(reader, write):
    path = write("dev-en.tsv", BROKEN)
    with pytest.raises(ConfigurationError) as caught:
        list(reader.read(path))
    assert caught.value.message.startswith(f'{path}:3: label "maybe" is none of')
    # What no tokenizer was asked about is not among them: row 5 comes after the first.
    assert '(3 bad rows in all; on_bad_pair: "skip" leaves such rows out.)' in caught.value.message


def test_an_error_counts_the_bad_rows_of_every_file(reader, write):
    files = {"en": write("a.tsv", "A.\tB.\tmaybe\n"), "hi": write("b.tsv", "A.\t\tneutral\n\tB.\tneutral\n")}
    with pytest.raises(
        ConfigurationError, match=r"a\.tsv:1: .*\(3 bad rows in all: .*a\.tsv 1, .*b\.tsv 2; on_bad_pair"
    ):
        list(reader.read(files))


def test_skipped_rows_are_listed_in_the_log_and_leave_the_others_their_ids(skipping, write, caplog):
    path = write("dev-en.tsv", BROKEN)
    with caplog.at_level(logging.INFO):
        instances = list(skipping.read(path))
    # Six rows, of which the first and the last are pairs.
    assert [(id_of(instance), instance["label"].label) for instance in instances] == [("row 0", 1), ("row 5", 0)]
    (warning,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    head, *listed = warning.split("\n")
    assert head == "4 bad pairs left out (on_bad_pair):"
    assert [line.removeprefix(path)[:3] for line in sorted(listed)] == [":3:", ":4:", ":5:", ":6:"]


def test_a_column_of_languages_that_says_nothing_leaves_rows_their_places(skipping, write):
    path = write("a.tsv", "premise\thypothesis\tlabel\tlanguage\nA.\tB.\tneutral\t\nA.\tB.\nA.\tC.\tneutral\t\n")
    assert [id_of(instance) for instance in skipping.read({"en": path})] == ["row 0", "row 2"]


def test_a_text_of_which_the_tokenizer_makes_nothing_is_like_an_empty_one(reader, write):
    with pytest.raises(
        ConfigurationError, match=r"dev-en\.tsv:2: the tokenizer makes nothing of the hypothesis '\\ue000'"
    ):
        list(reader.read(write("dev-en.tsv", "A.\tB.\tneutral\nA.\t\ue000\tneutral\n")))
    with pytest.raises(ConfigurationError, match=r"pair 0: the tokenizer makes nothing of the premise"):
        reader.text_to_instance("\ue000", "B.")


def test_a_line_that_is_not_json_can_be_left_out(skipping, write):
    row = json.dumps({"premise": "A.", "hypothesis": "B.", "label": 0, "language": "sw"}) + "\n"
    instances = list(skipping.read(write("x.jsonl", row + '{"premise": "cut sho\n[1]\n' + row)))
    assert [(language_of(instance), id_of(instance)) for instance in instances] == [("sw", "row 0"), ("sw", "row 1")]


def test_a_file_of_bad_rows_only_is_an_error_that_counts_them(skipping, write):
    with pytest.raises(ConfigurationError, match=r'no examples of language "en" among .*; 2 bad rows'):
        list(skipping.read(write("dev-en.tsv", "A.\t\tneutral\n\tB.\tneutral\n")))


def test_labelled_and_unlabelled_rows_of_a_file_do_not_mix(reader, skipping, write):
    path = write("dev-en.jsonl", MIXED)
    with pytest.raises(ConfigurationError, match=r"dev-en\.jsonl:2: it has no label, and the pair of line 1 has one"):
        list(reader.read(path))
    assert len(list(skipping.read(path))) == 1


@pytest.mark.parametrize("order", ["labelled first", "unlabelled first"])
def test_labelled_and_unlabelled_files_do_not_mix(reader, skipping, write, order):
    labelled, unlabelled = write("a.tsv", "A.\tB.\tneutral\n"), write("b.tsv", "A.\tB.\n")
    first, second = (labelled, unlabelled) if order == "labelled first" else (unlabelled, labelled)
    for one in (reader, skipping):
        with pytest.raises(ConfigurationError, match=rf"{second}:1: it has .*label, and {first}:1 has .*\. Read files"):
            list(one.read({"en": first, "hi": second}))


def test_pairs_without_a_gold_label_are_skipped_and_counted_however_that_is_written(reader, write, caplog):
    labels = [0, -1, "-", "-1", "neutral"]
    rows = "".join(json.dumps({"premise": "A.", "hypothesis": "B.", "label": label}) + "\n" for label in labels)
    with caplog.at_level(logging.INFO):
        instances = list(reader.read(write("dev-en.jsonl", rows)))
    assert [instance["label"].label for instance in instances] == [0, 1]
    assert "read 2 pairs (en 2); skipped 3 pairs (en 3) without a gold label" in caplog.text


@pytest.mark.parametrize("content", ['{"premise": "A.", "hypothesis": "B.", "label": true}\n', "A.\tB.\ttrue\n"])
def test_true_is_no_label_in_any_format(reader, write, content):
    with pytest.raises(ConfigurationError, match=r":1: label .?true.? is n"):
        list(reader.read({"en": write("x", content)}))


@pytest.mark.parametrize("label", ["2", '"2"'])
def test_digits_are_an_index_in_every_format(reader, write, label):
    table = write("a.tsv", f"A.\tB.\t{label.strip(chr(34))}\n")
    lines = write("b.jsonl", f'{{"premise": "A.", "hypothesis": "B.", "label": {label}}}\n')
    assert [instance["label"].label for instance in reader.read({"en": table, "hi": lines})] == [2, 2]


def test_an_alias_reads_xnlis_translations_of_mnli_beside_xnli(bert_folder, pairs, write):
    reader = XnliReader(str(bert_folder), label_aliases={"contradictory": "contradiction"})
    translated = write("multinli.train.ur.tsv", "premise\thypo\tlabel\nA.\tB.\tcontradictory\n")
    assert [instance["label"].label for instance in reader.read({"hi": pairs, "ur": translated})] == [1, 2, 0, 2]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"on_bad_pair": "ignore"}, 'on_bad_pair: "ignore" is neither "error" nor "skip"'),
        ({"max_file_megabytes": 0}, "max_file_megabytes: 0 is below 1"),
    ],
)
def test_a_setting_of_what_to_read_fails_at_construction(bert_folder, settings, message):
    with pytest.raises(ConfigurationError, match=message):
        XnliReader(str(bert_folder), **settings)


def test_a_file_beyond_the_readers_limit_is_an_error(bert_folder, write):
    path = write("dev-en.tsv", "A.\tB.\tneutral\n" * 80_000)
    with pytest.raises(
        ConfigurationError, match=r"dev-en\.tsv: more than 1 MB\. Split it, or raise .*max_file_megabytes"
    ):
        list(XnliReader(str(bert_folder), max_file_megabytes=1).read(path))
