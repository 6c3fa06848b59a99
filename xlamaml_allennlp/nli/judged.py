"""Sentence pairs with the label that they have and the one that a model gives them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Optional

from xlamaml_allennlp.encoders.finite import check_scores
from xlamaml_allennlp.languages.judged import Judged, Pass
from xlamaml_allennlp.languages.tag import id_of, language_of


def judged_pairs(passes: Iterable[Pass], labels: Sequence[str]) -> Iterator[Judged]:
    """
    The pairs of an evaluation, with "accuracy" as their score. A line has language, id, premise, hypothesis, gold,
    prediction, probs (by label) and right; without gold labels neither gold nor right.

    # Parameters

    passes : `Iterable[Pass]`
        Batches of the `xnli` reader, and what the model made of them.
    labels : `Sequence[str]`
        Names of the classes in the order of their indices.

    # Raises

    `ConfigurationError`
        If a probability is NaN.
    """
    for batch, outputs in passes:
        check_scores(outputs["probs"])
        predicted = outputs["probs"].argmax(dim=-1).tolist()
        gold = batch["label"].tolist() if "label" in batch else [None] * len(predicted)
        rows = zip(batch["metadata"], gold, predicted, outputs["probs"].tolist(), strict=True)
        yield from (_judged(labels, *row) for row in rows)


def _judged(
    labels: Sequence[str], pair: dict[str, Any], gold: Optional[int], predicted: int, probs: list[float]
) -> Judged:
    language, id = language_of(pair), id_of(pair)
    right = gold == predicted
    line = {
        "language": language,
        "id": id,
        "premise": pair["premise"],
        "hypothesis": pair["hypothesis"],
        **({} if gold is None else {"gold": labels[gold]}),
        "prediction": labels[predicted],
        "probs": dict(zip(labels, probs, strict=True)),
        **({} if gold is None else {"right": right}),
    }
    return Judged(language, id, {} if gold is None else {"accuracy": float(right)}, line)
