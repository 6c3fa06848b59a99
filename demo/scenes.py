"""
How the demo's sentence pairs are made: scenes in demo/data/scenes/, laid out so that neither sentence of a pair
alone says anything about its label.

    python -m demo.scenes        writes demo/data/*.tsv anew, after a scene was changed

A scene has three independent facts A, B and C. Three sentences state one fact each: the hypotheses. Each of three
premises affirms one fact, denies another, and leaves the third open:

    |                       | hypothesis A  | hypothesis B  | hypothesis C  |
    | premise 1: A, not C   | entailment    | neutral       | contradiction |
    | premise 2: B, not A   | contradiction | entailment    | neutral       |
    | premise 3: C, not B   | neutral       | contradiction | entailment    |

So every premise and every hypothesis occurs once with each label, and whoever looks at one sentence only is right in
one case of three. In `dev` and `test` the six sentences of a scene are written out, in every language. In the larger
English `train` the premises are put together from sentences about one fact each.
"""

from collections.abc import Iterator
from itertools import permutations, product
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
SCENES = DATA / "scenes"
COLUMNS = ("language", "gold_label", "sentence1", "sentence2", "promptID", "pairID")
LABELS = ("entailment", "neutral", "contradiction")

Pair = tuple[str, str, str]
"""Label, premise, hypothesis."""


def read(name: str) -> list[list[str]]:
    """The scenes of a file: blocks of lines, parted by empty lines."""
    text = (SCENES / f"{name}.txt").read_text(encoding="utf-8")
    return [block.split("\n") for block in text.strip().split("\n\n")]


def languages(split: str) -> list[str]:
    return sorted(path.name.split(".")[1] for path in SCENES.glob(f"{split}.*.txt"))


def written_pairs(lines: list[str]) -> Iterator[Pair]:
    """The nine pairs of a scene whose lines are three hypotheses and three premises."""
    hypotheses, premises = lines[:3], lines[3:]
    for i, premise in enumerate(premises):
        for j, hypothesis in enumerate(hypotheses):
            yield LABELS[(j - i) % 3], premise, hypothesis


def composed_pairs(lines: list[str]) -> Iterator[Pair]:
    """
    The 72 pairs of a scene whose lines are three facts, each "fact | said at length | its opposite | said at length".

    Each fact in turn is affirmed, each other one denied, each of them as it is or as its opposite. A hypothesis about
    the open third fact alternates between the two, so that every hypothesis has each label equally often.
    """
    facts = [[sentence.strip() for sentence in line.split("|")] for line in lines]
    opened = [0, 0, 0]
    for affirmed, denied in permutations(range(3), 2):
        left = 3 - affirmed - denied
        for a, d in product((0, 1), repeat=2):
            clauses = facts[affirmed][2 * a + 1], facts[denied][2 * d + 1]
            premise = " ".join(clauses if (affirmed + a + d) % 2 else reversed(clauses))
            yield "entailment", premise, facts[affirmed][2 * a]
            yield "neutral", premise, facts[left][2 * (opened[left] % 2)]
            yield "contradiction", premise, facts[denied][2 * (1 - d)]
            opened[left] += 1


def tables() -> dict[str, str]:
    """The text of every file of data by its name. One file holds all languages, as in XNLI, whose names these are."""
    texts = {"train.en.tsv": _table(_rows("train", "en"))}
    for split in ("dev", "test"):
        texts[f"xnli.{split}.tsv"] = _table(row for code in languages(split) for row in _rows(split, code))
    return texts


def sentences() -> list[str]:
    """Every sentence that the demo's encoder is to read."""
    rows = (line.split("\t") for text in tables().values() for line in text.splitlines()[1:])
    return sorted({sentence for row in rows for sentence in row[2:4]})


def _rows(split: str, language: str) -> Iterator[tuple[str, ...]]:
    pairs_of = composed_pairs if split == "train" else written_pairs
    pairs = [pair for scene in read(f"{split}.{language}") for pair in pairs_of(scene)]
    for pair_id, (label, premise, hypothesis) in enumerate(pairs, start=1):
        # Three consecutive pairs share a premise, as in XNLI; the same number means a translation.
        yield language, label, premise, hypothesis, str((pair_id + 2) // 3), str(pair_id)


def _table(rows: Iterator[tuple[str, ...]]) -> str:
    return "".join("\t".join(row) + "\n" for row in (COLUMNS, *rows))


if __name__ == "__main__":
    for name, text in tables().items():
        (DATA / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"{DATA / name}: {text.count(chr(10)) - 1} pairs")
