"""Tab-separated files: XNLI, MNLI, XTREME."""

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.nli.formats import Row, read_rows

GLUE = "index promptID pairID genre sentence1_binary_parse sentence1 sentence2 label1 gold_label".split()


def texts(path: str) -> list[tuple]:
    return [(row.premise, row.hypothesis, row.label, row.language, row.id) for row in read_rows(path)]


def test_columns_of_xnli_go_by_their_names(pairs):
    first, *_, last = read_rows(pairs)
    assert first == Row("The cat sleeps.", "The cat dreams.", "neutral", "en", "1", number=2)
    assert last == Row("लाल छत पर बारिश होती है।", "छत भीगती है।", "entailment", "hi", "4", number=9)


def test_mnli_of_glue_has_other_columns_and_no_language(write):
    line = "\t".join(["0", "31193", "31193n", "government", "", "Cream skimming.", "Two dimensions.", "x", "neutral"])
    assert texts(write("train.tsv", "\t".join(GLUE) + "\n" + line + "\n")) == [
        ("Cream skimming.", "Two dimensions.", "neutral", None, "31193n")
    ]


def test_a_header_without_gold_label_is_of_unlabelled_pairs(write):
    path = write("test_matched.tsv", "index\tsentence1\tsentence2\n0\tA cat.\tA dog.\n")
    assert texts(path) == [("A cat.", "A dog.", None, None, None)]


def test_the_machine_translations_of_mnli_call_the_hypothesis_hypo(write):
    path = write("multinli.train.ur.tsv", "premise\thypo\tlabel\nایک بلی\tایک کتا\tneutral\n")
    assert texts(path) == [("ایک بلی", "ایک کتا", "neutral", None, None)]


def test_quotes_are_characters_like_any_other_where_there_is_a_header(write):
    path = write(
        "dev.tsv", 'sentence1\tsentence2\tgold_label\n"I said ""no"", he\tHe said "yes\tneutral\n"A"\t"B"\t-\n'
    )
    assert [row[:3] for row in texts(path)] == [
        ('"I said ""no"", he', 'He said "yes', "neutral"),
        ('"A"', '"B"', "-"),
    ]


def test_xtremes_files_have_premise_hypothesis_and_label(write):
    path = write("dev-hi.tsv", "बिल्ली\tकुत्ता\tneutral\r\nघर\tछत\tentailment\r\n")
    assert texts(path) == [
        ("बिल्ली", "कुत्ता", "neutral", None, None),
        ("घर", "छत", "entailment", None, None),
    ]


def test_xtremes_test_files_have_no_label(write):
    assert texts(write("test-hi.tsv", "बिल्ली\tकुत्ता\n")) == [("बिल्ली", "कुत्ता", None, None, None)]


def test_xtremes_translations_come_after_their_originals(write):
    assert texts(write("en-hi-translated.tsv", "A cat.\tA dog.\tबिल्ली\tकुत्ता\tneutral\n")) == [
        ("बिल्ली", "कुत्ता", "neutral", None, None)
    ]


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_NONE])
def test_xtremes_texts_come_back_whether_it_quoted_them_or_not(tmp_path, quoting):
    # Some of XTREME's scripts write with Python's csv module as it is, some with quoting off.
    written = [
        ('He said "no".', '"Never"', "neutral"),
        ('"Quoted"', 'One " only', "entailment"),
        ('"', "''", "neutral"),
    ]
    with open(tmp_path / "dev-en.tsv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t", quoting=quoting, quotechar='"').writerows(written) if quoting != (
            csv.QUOTE_NONE
        ) else file.writelines("\t".join(row) + "\n" for row in written)
    assert [row[:3] for row in texts(str(tmp_path / "dev-en.tsv"))] == written


def test_windows_line_ends_byte_order_mark_and_blank_lines_do_no_harm(write):
    path = write("dev.tsv", b"\xef\xbb\xbfsentence1\tsentence2\tgold_label\r\n\r\nA cat.\tA dog.\tneutral\r\n\n")
    (row,) = read_rows(path)
    assert row == Row("A cat.", "A dog.", "neutral", number=3)


def test_lines_end_at_line_feeds_only(write):
    # U+2028 and U+0085 separate lines in Unicode; real files have them inside of texts.
    path = write("dev-en.tsv", "A\u2028cat.\tA\x85dog.\tneutral\n")
    assert texts(path) == [("A\u2028cat.", "A\x85dog.", "neutral", None, None)]


@pytest.mark.parametrize("column", ["sentence1", "sentence2"])
def test_a_missing_column_is_named_with_those_there_are(write, column):
    header = [name for name in ("language", "gold_label", "sentence1", "sentence2", "pairID") if name != column]
    path = write("xnli.dev.tsv", "\t".join(header) + "\nen\tneutral\tA cat.\t1\n")
    with pytest.raises(ConfigurationError, match=re.escape(f'{path}:1: there is no column "{column}"')) as caught:
        list(read_rows(path))
    assert "language, gold_label" in str(caught.value)


def test_a_row_with_another_number_of_columns_is_named(write, pairs):
    content = Path(pairs).read_text(encoding="utf-8").replace("The cat runs.", "The cat\truns.")
    with pytest.raises(ConfigurationError, match=r"broken\.tsv:3: 20 columns, where the header has 19\. Fix the row"):
        list(read_rows(write("broken.tsv", content)))


def test_a_headerless_row_with_another_number_of_columns_is_named(write):
    path = write("dev-hi.tsv", "a\tb\tneutral\nc\td\n")
    with pytest.raises(ConfigurationError, match=r"dev-hi\.tsv:2: 2 columns, where the first line has 3"):
        list(read_rows(path))


@pytest.mark.parametrize(("line", "seen"), [("one text", "1 column"), ("a\tb\tc\td", "4 columns")])
def test_a_file_of_neither_kind_says_what_would_be_right(write, line, seen):
    with pytest.raises(ConfigurationError, match=rf"dev\.tsv:1: {seen}, and no header\. Give premise, hypothesis"):
        list(read_rows(write("dev.tsv", line + "\n")))


def test_a_header_alone_is_an_error(write):
    with pytest.raises(ConfigurationError, match=r"dev\.tsv: a header without rows"):
        list(read_rows(write("dev.tsv", "sentence1\tsentence2\tgold_label\n")))


def test_line_numbers_count_blank_lines_and_the_header(write):
    content = "sentence1\tsentence2\n" + "\n".join(f"text {i}\ttext\n" for i in range(5))
    numbers = [row.number for row in read_rows(write("dev.tsv", content))]
    assert numbers[0] == 2
    assert [b - a for a, b in pairwise(numbers)] == [2, 2, 2, 2]


# The same pairs, as whoever writes tables writes them.
QUOTED = [('He said "no".', 'x, "y"', "neutral"), ("A, b.", "C.", "entailment"), ('"', "D.", "neutral")]
HEADER = ("premise", "hypothesis", "label")


@pytest.mark.parametrize(
    ("name", "separator", "quoting"),
    [
        ("a.tsv", "\t", csv.QUOTE_MINIMAL),
        ("a.tsv", "\t", csv.QUOTE_ALL),
        ("a.csv", "\t", csv.QUOTE_MINIMAL),
        ("a.csv", ",", csv.QUOTE_MINIMAL),
        ("a.csv", ",", csv.QUOTE_ALL),
    ],
)
def test_what_csv_writers_quote_comes_back_with_a_header(tmp_path, name, separator, quoting):
    with open(tmp_path / name, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator, quoting=quoting).writerows([HEADER, *QUOTED])
    assert [row[:3] for row in texts(str(tmp_path / name))] == QUOTED


def test_csv_needs_no_header(write):
    path = write("dev-hi.csv", '"घर, छत",B.,neutral\nA.,"He ""said""",neutral\n')
    assert texts(path) == [("घर, छत", "B.", "neutral", None, None), ("A.", 'He "said"', "neutral", None, None)]


def test_a_quote_that_is_not_closed_takes_no_other_row_with_it(write):
    path = write("dev-hi.csv", 'A.,"B.,neutral\nA.,B.,neutral\n')
    with pytest.raises(ConfigurationError, match=r"dev-hi\.csv:1: not CSV: .*Fix the row: one pair per line"):
        list(read_rows(path))
    table = 'language\tsentence1\tsentence2\tgold_label\nen\t"He left\tHe stayed\tneutral\nen\t" again\tx\tneutral\n'
    assert [row.premise for row in read_rows(write("a.tsv", table))] == ['"He left', '" again']


def test_a_premise_header_quotes_as_a_headerless_file_does(write):
    line = '"He said ""hi"""\t"A"\tneutral\n'
    for content in (line, "premise\thypothesis\tlabel\n" + line):
        assert texts(write("dev-en.tsv", content)) == [('He said "hi"', '"A"', "neutral", None, None)]


def test_capitals_and_spaces_do_not_matter_in_a_header(write):
    path = write("test-en.tsv", "Premise\t Hypothesis\nA.\tB.\n")
    assert texts(path) == [("A.", "B.", None, None, None)]


def test_a_column_that_is_there_twice_is_an_error(write):
    with pytest.raises(ConfigurationError, match=r'dev-en\.tsv:1: there are 2 columns "Premise"\. Leave one of them'):
        list(read_rows(write("dev-en.tsv", "premise\thypothesis\tPremise\nA.\tB.\tC.\n")))
