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

from collections import Counter
from collections.abc import Iterator
from itertools import product
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
    The 36 pairs of a scene whose lines are three facts, each "fact | said at length | its opposite | said at length".

    First six premises about one fact, then six that affirm one and deny another; each fact as it is and as its
    opposite. Every hypothesis has each label equally often.
    """
    facts = [[sentence.strip() for sentence in line.split("|")] for line in lines]
    said = [(fact[1], fact[3]) for fact in facts]
    claimed = [(fact[0], fact[2]) for fact in facts]
    for one, sign in product(range(3), (0, 1)):
        yield from _triple(said[one][sign], claimed[one][sign], claimed[(one + 1) % 3][sign], claimed[one][1 - sign])
    for one, sign in product(range(3), (0, 1)):
        denied, opened = (one + 1 + sign) % 3, (one + 2 - sign) % 3
        clauses = [said[one][sign], said[denied][sign]]
        premise = " ".join(clauses if one % 2 == sign else reversed(clauses))
        yield from _triple(premise, claimed[one][sign], claimed[opened][sign], claimed[denied][1 - sign])


def _triple(premise: str, *hypotheses: str) -> Iterator[Pair]:
    return ((label, premise, hypothesis) for label, hypothesis in zip(LABELS, hypotheses, strict=True))


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


def best_guess(split: str, column: str) -> float:
    """
    How often, in percent, the best of all classifiers that see one sentence of a pair only can be right: it knows which
    label each sentence has most often.
    """
    position = COLUMNS.index(column)
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in (row for code in languages(split) for row in _rows(split, code)):
        counts.setdefault((row[0], row[position]), Counter())[row[1]] += 1
    right = sum(max(labels.values()) for labels in counts.values())
    return 100 * right / sum(labels.total() for labels in counts.values())


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
