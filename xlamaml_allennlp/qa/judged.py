"""Questions with their gold answers and the one that a model gives them, their windows merged."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xlamaml_allennlp.encoders.finite import check_scores
from xlamaml_allennlp.languages.judged import Judged, Pass
from xlamaml_allennlp.languages.tag import group_of, id_of, language_of
from xlamaml_allennlp.qa.answer_span import Answer
from xlamaml_allennlp.qa.merging import QuestionKey, best_of, question_of
from xlamaml_allennlp.qa.metric import exact_match, f1

# What a window without an answer says.
NOTHING = Answer("", 0, 0, float("-inf"))


def judged_questions(passes: Iterable[Pass], rules: str) -> Iterator[Judged]:
    """
    The questions of an evaluation, with "em" and "f1" as their scores, after the last pass: windows come sorted by
    length, so that any of them may be the last of its question. A line has language, question_language, id, group (of
    its paragraph), question, gold (all gold answers), prediction, score, em and f1 (0 to 100) and right; without gold
    answers neither gold nor the last three. A question that got no answer has an empty prediction and no score (null).

    # Parameters

    passes : `Iterable[Pass]`
        Batches of the `mlqa` reader, and what the model made of them.
    rules : `str`
        Which evaluation's normalisation, as in `xlamaml_allennlp.qa.rules.normaliser`.

    # Raises

    `ConfigurationError`
        If a score is NaN or infinite.
    """
    answered: dict[QuestionKey, dict[int, Answer]] = {}
    asked: dict[QuestionKey, dict[str, Any]] = {}
    for batch, outputs in passes:
        for scores in (outputs["start_logits"], outputs["end_logits"]):
            check_scores(scores)
        for window, answers in zip(batch["metadata"], outputs["answers"], strict=True):
            question = question_of(window)
            answered.setdefault(question, {})[window["window"]] = answers[0] if answers else NOTHING
            if question not in asked:
                asked[question] = _asked(window)
    for question, windows in answered.items():
        yield _judged(asked.pop(question), best_of(windows, NOTHING), rules)


def _asked(window: Mapping[str, Any]) -> dict[str, Any]:
    # Without the context and the tensors of the pass, which would fill the memory.
    return {
        "language": language_of(window),
        "question_language": window["question_language"],
        "id": id_of(window),
        "group": group_of(window),
        "question": window["question"],
        "gold": window["answers"],
    }


def _judged(asked: dict[str, Any], best: Answer, rules: str) -> Judged:
    language = asked["language"]
    line = {**asked, "prediction": best.text, "score": None if best == NOTHING else best.score}
    if not asked["gold"]:
        del line["gold"]
        return Judged(language, asked["id"], {}, line)
    gold = asked["gold"], language, rules
    em, overlap = (0.0, 0.0) if best == NOTHING else (exact_match(best.text, *gold), f1(best.text, *gold))
    line |= {"em": em, "f1": overlap, "right": em == 100}
    return Judged(language, asked["id"], {"em": em / 100, "f1": overlap / 100}, line)
