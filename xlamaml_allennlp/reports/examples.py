"""Examples that one method gets right and the other does not, to be read by a person."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from xlamaml_allennlp.reports.comparison import Comparison
from xlamaml_allennlp.reports.evaluation import Evaluation
from xlamaml_allennlp.reports.predictions import lines_of, target_of
from xlamaml_allennlp.reports.results import Results

PER_TARGET, MOST = 2, 12
TEXTS: tuple[str, ...] = ("premise", "hypothesis", "question")


class Example(NamedTuple):
    """
    An example on which two methods differ.

    # Parameters

    target, id : `str`
        Which it is.
    texts : `Mapping[str, str]`
        Its texts by what they are: premise and hypothesis, or question.
    gold, of_method, of_control : `str`
        What is right, and what the two say on the first seed.
    won, lost : `int`
        On how many seeds the method is better, and worse.
    seeds : `int`
        How many there are.
    """

    target: str
    id: str
    texts: Mapping[str, str]
    gold: str
    of_method: str
    of_control: str
    won: int
    lost: int
    seeds: int


class Candidate(NamedTuple):
    """An example before its texts are read: which it is, and on how many seeds the method is better and worse."""

    target: str
    id: str
    won: int
    lost: int
    seeds: int


def telling_examples(results: Results, comparison: Comparison, targets: Sequence[str]) -> list[Example]:
    """
    Those on which the method is better on most seeds, then those on which it is worse; as many of each target, those
    with the largest differences.

    # Parameters

    results : `Results`
        What was measured.
    comparison : `Comparison`
        Which two.
    targets : `Sequence[str]`
        On what.
    """
    better: list[Candidate] = []
    worse: list[Candidate] = []
    pairs: dict[str, tuple[Evaluation, Evaluation]] = {}
    for target in targets:
        one, other = (
            results.of(setting, comparison.measure, target) for setting in (comparison.method, comparison.control)
        )
        shared = [seed for seed in one if seed in other]
        found = _candidates(results, comparison.measure, target, [(one[seed], other[seed]) for seed in shared])
        if found:
            pairs[target] = one[shared[0]], other[shared[0]]
            better += [each for each in found[:PER_TARGET] if each.won > each.lost]
            worse += [each for each in reversed(found[-PER_TARGET:]) if each.lost > each.won]
    chosen = [*better[:MOST], *worse[:MOST]]
    lines = _lines(pairs, {(each.target, each.id) for each in chosen})
    return [_example(each, *lines[each.target, each.id]) for each in chosen]


def _candidates(
    results: Results, measure: str, target: str, runs: Sequence[tuple[Evaluation, Evaluation]]
) -> list[Candidate]:
    """All examples of a target, those on which the method gains most first; none if runs have not the same."""
    judged = [results.judged[e.name].get(target) for pair in runs for e in pair]
    known = [each for each in judged if each is not None and measure in each.scores]
    if not known or len(known) < len(judged) or any(each.ids != known[0].ids for each in known):
        return []
    # Shape: (num_seeds, num_examples)
    gains = np.stack([each.scores[measure] for each in known[::2]]) - np.stack([e.scores[measure] for e in known[1::2]])
    won, lost = (gains > 0).sum(axis=0), (gains < 0).sum(axis=0)
    order = np.argsort(-gains.mean(axis=0), kind="stable")
    return [Candidate(target, known[0].ids[i], int(won[i]), int(lost[i]), len(runs)) for i in order]


def _lines(
    pairs: Mapping[str, tuple[Evaluation, Evaluation]], wanted: set[tuple[str, str]]
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What the predictions' files of the two say of the wanted examples."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {key: [{}, {}] for key in wanted}
    for place in (0, 1):
        for evaluation in {pair[place].name: pair[place] for pair in pairs.values()}.values():
            for _, line in lines_of(evaluation.folder / "predictions.jsonl"):
                key = target_of(line), str(line["id"])
                if key in found and pairs[key[0]][place] == evaluation:
                    found[key][place] = line
    return found


def _example(each: Candidate, first: Mapping[str, Any], second: Mapping[str, Any]) -> Example:
    texts = {key: str(first[key]) for key in TEXTS if key in first}
    gold = first.get("gold", "")
    told = " / ".join(map(str, gold)) if isinstance(gold, list) else str(gold)
    said, other = (str(line.get("prediction", "")) for line in (first, second))
    return Example(each.target, each.id, texts, told, said, other, each.won, each.lost, each.seeds)
