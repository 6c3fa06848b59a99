"""The predictions of an evaluation, example by example."""

import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.reports.questions import OTHER, length_of, question_word

logger = logging.getLogger(__name__)

ARROW = "→"


@dataclass
class Judged:
    """
    The examples of one evaluation in one target language.

    # Parameters

    ids : `list[str]`
        Their ids; translations share one.
    groups : `list[str]`
        What several of them are about: a premise, a paragraph; else the id.
    scores : `dict[str, np.ndarray]`
        By measure, in [0, 1]. Shape of each: (num_examples,)
    confusion : `Counter[tuple[str, str]]`
        How often a class (first) was predicted as another (second); empty for question answering.
    words, lengths : `list[str]`
        The question word and the range of the answer's length of each question; empty for pairs.
    """

    ids: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    scores: dict[str, np.ndarray] = field(default_factory=dict)
    confusion: Counter = field(default_factory=Counter)
    words: list[str] = field(default_factory=list)
    lengths: list[str] = field(default_factory=list)


def lines_of(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines of a predictions' file with their numbers; an error names the line that is none."""
    with path.open(encoding="utf-8", errors="surrogateescape") as file:
        for number, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                line = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise ConfigurationError(
                    f"{path}:{number}: no JSON ({error}). Was the file cut? Evaluate again."
                ) from error
            if not isinstance(line, dict):
                raise ConfigurationError(f"{path}:{number}: {type(line).__name__}, where an object is wanted.")
            yield number, line


def target_of(line: Mapping[str, Any]) -> str:
    """
    What a line's example counts for: its language; "de→hi" where a German question is asked of a Hindi paragraph, as in
    MLQA's generalised transfer.
    """
    language = str(line["language"])
    question = str(line.get("question_language") or language)
    return sys.intern(language if question == language else f"{question}{ARROW}{language}")


def read_predictions(path: Path) -> dict[str, Judged]:
    """
    The examples of an evaluation by target, of which somebody knows what is right. Nothing where the evaluator was not
    `per_language`: such lines do not tell examples apart, which is logged.

    # Parameters

    path : `Path`
        The file.

    # Raises

    `ConfigurationError`
        If an example is there twice, or a line is no JSON object.
    """
    found: dict[str, Judged] = {}
    values: dict[str, dict[str, list[float]]] = {}
    seen: set[tuple[str, str]] = set()
    english: dict[str, str] = {}
    for number, line in lines_of(path):
        if "language" not in line or "id" not in line:
            logger.warning("%s:%d tells no language and id: its predictions are left out.", path, number)
            return {}
        target, id = target_of(line), sys.intern(str(line["id"]))
        if (target, id) in seen:
            raise ConfigurationError(f'{path}:{number}: example "{id}" of {target} is there twice. Evaluate again.')
        seen.add((target, id))
        if "question" in line and line.get("question_language", line["language"]) == "en":
            english[id] = question_word(str(line["question"]), "en")
        if "right" in line:
            _add(found.setdefault(target, Judged()), values.setdefault(target, {}), id, line)
    for target, judged in found.items():
        judged.scores = {measure: np.array(numbers) for measure, numbers in values[target].items()}
        # Translations ask the same, and English question words are the plainest.
        judged.words = [english.get(id, word) if word == OTHER else word for id, word in _words(judged)]
    return found


def _words(judged: Judged) -> list[tuple[str, str]]:
    return list(zip(judged.ids, judged.words, strict=True)) if judged.words else []


def _add(judged: Judged, values: dict[str, list[float]], id: str, line: Mapping[str, Any]) -> None:
    judged.ids.append(id)
    judged.groups.append(sys.intern(str(line.get("group") or line.get("premise") or id)))
    if "em" in line:
        for measure in ("em", "f1"):
            values.setdefault(measure, []).append(float(line[measure]) / 100)
        judged.words.append(question_word(str(line["question"]), str(line.get("question_language", line["language"]))))
        judged.lengths.append(length_of(line["gold"]))
    else:
        values.setdefault("accuracy", []).append(float(line["right"]))
        if "gold" in line:
            judged.confusion[str(line["gold"]), str(line["prediction"])] += 1
