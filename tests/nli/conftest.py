"""Small files of sentence pairs, written where a test can take them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from xlamaml_allennlp.nli.dataset_reader import XnliReader

# XNLI's own, in its order.
XNLI_COLUMNS = (
    "language gold_label sentence1_binary_parse sentence2_binary_parse sentence1_parse sentence2_parse sentence1 "
    "sentence2 promptID pairID genre label1 label2 label3 label4 label5 sentence1_tokenized sentence2_tokenized match"
).split()


def xnli_row(language: str, label: str, premise: str, hypothesis: str, pair_id: str) -> str:
    cells = {
        "language": language, "gold_label": label, "sentence1": premise, "sentence2": hypothesis, "pairID": pair_id,
        "promptID": "1", "genre": "facetoface", "match": "True",
    }  # fmt: skip
    return "\t".join(cells.get(column, "") for column in XNLI_COLUMNS)


def xnli_tsv(*rows: str) -> str:
    return "".join(line + "\n" for line in ("\t".join(XNLI_COLUMNS), *rows))


# Two premises with three pairs each, in two languages; the annotators did not agree on the third pair.
PAIRS = xnli_tsv(
    xnli_row("en", "neutral", "The cat sleeps.", "The cat dreams.", "1"),
    xnli_row("en", "contradiction", "The cat sleeps.", "The cat runs.", "2"),
    xnli_row("en", "-", "The cat sleeps.", "The cat is old.", "3"),
    xnli_row("en", "entailment", "It rains on the red roof.", "The roof gets wet.", "4"),
    xnli_row("hi", "neutral", "बिल्ली सोती है।", "बिल्ली सपने देखती है।", "1"),
    xnli_row("hi", "contradiction", "बिल्ली सोती है।", "बिल्ली दौड़ती है।", "2"),
    xnli_row("hi", "-", "बिल्ली सोती है।", "बिल्ली बूढ़ी है।", "3"),
    xnli_row("hi", "entailment", "लाल छत पर बारिश होती है।", "छत भीगती है।", "4"),
)


@pytest.fixture
def write(tmp_path) -> Callable[[str, str | bytes], str]:
    """Writes a file and returns its path."""

    def written(name: str, content: str | bytes) -> str:
        path: Path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return written


@pytest.fixture
def pairs(write) -> str:
    """A file in XNLI's format with two languages."""
    return write("xnli.dev.tsv", PAIRS)


@pytest.fixture(scope="session")
def reader(bert_folder) -> XnliReader:
    return XnliReader(str(bert_folder), max_length=64)
