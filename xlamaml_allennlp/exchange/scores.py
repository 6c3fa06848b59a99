"""The scores of an evaluation, as a card shows them: with intervals and numbers of examples where predictions tell."""

import json
import math
from pathlib import Path
from typing import Any, NamedTuple, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.languages.data_use import UNKNOWN
from xlamaml_allennlp.languages.judged import Judged
from xlamaml_allennlp.languages.scores import MEAN, Row, Scores

# The measures of our tasks, and what makes percent of the values that `allennlp evaluate` writes.
PERCENT = {"accuracy": 100.0, "em": 1.0, "f1": 1.0}


class Score(NamedTuple):
    """
    A number of an evaluation.

    # Parameters

    measure : `str`
        "accuracy", "em" or "f1".
    language : `str`
        A language, or "mean" of them.
    value : `float`
        In percent.
    interval : `Optional[tuple[float, float]]`, optional (default = `None`)
        Of 95 %, over examples.
    examples : `Optional[int]`, optional (default = `None`)
        How many there were.
    zero_shot : `Optional[bool]`, optional (default = `None`)
        What the evaluation said of it; `None` if it did not say, or did not know.
    seen : `str`, optional (default = `"unknown"`)
        How many of the examples, or of their translations, were seen in training.
    """

    measure: str
    language: str
    value: float
    interval: Optional[tuple[float, float]] = None
    examples: Optional[int] = None
    zero_shot: Optional[bool] = None
    seen: str = UNKNOWN


def scores_in(metrics: Path, predictions: Optional[Path] = None) -> list[Score]:
    """
    The scores per language that `allennlp evaluate` wrote.

    # Parameters

    metrics : `Path`
        Its `--output-file`.
    predictions : `Optional[Path]`, optional (default = `None`)
        Its `--predictions-output-file`, for intervals and numbers of examples.

    # Raises

    `ConfigurationError`
        If a file cannot be read, the metrics have no scores of languages or one that is no number, or the two are of
        different evaluations.
    """
    try:
        numbers = json.loads(metrics.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"--metrics: {metrics} cannot be read: {error}") from error
    named = [(key.partition("/"), value) for key, value in numbers.items()] if isinstance(numbers, dict) else []
    rows = {} if predictions is None else {row.name: row for row in _rows(predictions)}
    found = [
        _score(measure, language, PERCENT[measure] * value, numbers, rows, predictions)
        for (measure, _, language), value in named
        if measure in PERCENT and language and isinstance(value, (int, float))
    ]
    if not found:
        raise ConfigurationError(
            f"--metrics: {metrics} has no scores of languages, such as accuracy/hi. Give what "
            "`allennlp evaluate ARCHIVE DATA --output-file FILE` wrote."
        )
    return found


def _score(
    measure: str, language: str, value: float, numbers: dict[str, Any], rows: dict[str, Row], where: Optional[Path]
) -> Score:
    said = numbers.get(f"zero_shot/{language}")
    seen = [numbers.get(f"{key}/{language}", UNKNOWN) for key in ("seen", "seen_translations")]
    told = UNKNOWN if UNKNOWN in seen else f"{seen[0]} + {seen[1]}"
    if not math.isfinite(value):
        raise ConfigurationError(
            f"--metrics: {measure} of {language} is {value}, no number, so the card has no result to tell. Evaluate "
            "an archive whose training did not diverge."
        )
    score = Score(measure, language, value, None, None, said if isinstance(said, bool) else None, told)
    if not rows:
        return score
    row = rows.get(MEAN if language == "mean" else language)
    estimate = row.estimates.get(measure) if row is not None else None
    if row is None or estimate is None or abs(100 * estimate.mean - value) > 0.01:
        seen_there = "nothing" if estimate is None else f"{100 * estimate.mean:.4g} %"
        raise ConfigurationError(
            f"--predictions: {where} says {seen_there} of {measure} of {language}, and --metrics {value:.4g} %: these "
            "are of different evaluations. Give both files of one `allennlp evaluate`."
        )
    return score._replace(interval=(100 * estimate.low, 100 * estimate.high), examples=row.examples)


def _rows(predictions: Path) -> list[Row]:
    scores, number = Scores(), 0
    try:
        with predictions.open(encoding="utf-8") as lines:
            for text in lines:
                number += 1
                line = json.loads(text)
                judged = {m: float(line[m]) / 100 for m in ("em", "f1") if m in line}
                judged = judged or {"accuracy": float(line["right"])}
                scores.add(Judged(str(line["language"]), str(line["id"]), judged, line))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"--predictions: {predictions} cannot be read: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"--predictions: {predictions}:{number} is no line of predictions with what is right ({error!r:.80}). Give "
            "what `allennlp evaluate ARCHIVE DATA --predictions-output-file FILE` wrote."
        ) from error
    return scores.rows()
