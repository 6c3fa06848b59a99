"""A corpus as large as one likes: parallel sentence pairs of sampled words, as long as XNLI's."""

import random
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

LANGUAGES = ("en", "ar", "bg", "de", "el", "es", "fr", "hi", "ru", "sw", "th", "tr", "ur", "vi", "zh")
LABELS = ("entailment", "neutral", "contradiction")
# Pairs that share a premise, as in XNLI and MNLI.
SHARING = 3
HEADER = "language\tgold_label\tsentence1\tsentence2\tpairID\n"
# Of made-up languages: words, letters of a word, words of a premise and of a hypothesis at most.
WORDS, LETTERS, LONGEST = 5000, 8, (40, 20)


class Texts:
    """
    Makes texts of one language.

    # Parameters

    texts : `Sequence[tuple[str, str]]`
        Premises and hypotheses to sample words and lengths of.
    rng : `random.Random`
        The generator.
    """

    def __init__(self, texts: Sequence[tuple[str, str]], rng: random.Random) -> None:
        self._words = [word for pair in texts for text in pair for word in text.split()]
        self._lengths = [[len(pair[side].split()) for pair in texts] for side in (0, 1)]
        self._rng = rng

    def text(self, side: int) -> str:
        """A premise (0) or a hypothesis (1)."""
        return " ".join(self._rng.choices(self._words, k=self._rng.choice(self._lengths[side])))


def write_corpus(folder: Path, pairs: int, languages: int, data: Optional[Path]) -> None:
    """
    Writes `{language}.tsv` for each language, unless a corpus of that size is there.

    # Parameters

    folder : `Path`
        Where to.
    pairs : `int`
        Of all languages together.
    languages : `int`
        How many.
    data : `Optional[Path]`
        XNLI's development set, for words and lengths.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told, size = folder / "corpus.txt", f"{pairs} {languages} {data}"
    if told.exists() and told.read_text() == size:
        return
    for number, language in enumerate(LANGUAGES[:languages]):
        rng = random.Random(number)
        texts = Texts(_sampled(data, language) if data else _made_up(rng), rng)
        with open(folder / f"{language}.tsv", "w", encoding="utf-8") as file:
            file.write(HEADER)
            for pair in range(pairs // languages):
                if pair % SHARING == 0:  # the number makes it another premise wherever words are sentences
                    premise = f"{texts.text(0)} {pair}"
                label = LABELS[pair % len(LABELS)]
                file.write(f"{language}\t{label}\t{premise}\t{texts.text(1)}\t{pair}\n")
    told.write_text(size)


def _sampled(data: Path, language: str) -> list[tuple[str, str]]:
    header, *rows = (line.split("\t") for line in data.read_text(encoding="utf-8").splitlines())
    own, premise, hypothesis = map(header.index, ("language", "sentence1", "sentence2"))
    return [(row[premise], row[hypothesis]) for row in rows if row[own] == language]


def _made_up(rng: random.Random) -> list[tuple[str, str]]:
    words = ["".join(rng.choices(string.ascii_lowercase, k=rng.randint(1, LETTERS))) for _ in range(WORDS)]
    return [
        (" ".join(rng.choices(words, k=rng.randint(3, premise))), " ".join(rng.choices(words, k=rng.randint(3, other))))
        for premise, other in [LONGEST] * 1000
    ]
