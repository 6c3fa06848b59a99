"""The tables of a report: scores, differences, costs."""

import re
from collections.abc import Mapping, Sequence
from statistics import mean, stdev
from typing import Optional

from xlamaml_allennlp.reports.asked import TableAsked
from xlamaml_allennlp.reports.choosing import chosen
from xlamaml_allennlp.reports.comparison import Comparison, controls_of, differing_means, scope_of
from xlamaml_allennlp.reports.crossed import Effect
from xlamaml_allennlp.reports.paper import paper_rows, paper_source
from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.setting import Setting
from xlamaml_allennlp.reports.table import Cell, Table, named, number, signed

NOT_ZERO_SHOT = "† is not zero-shot: the run has trained on that language."


def file_name(*parts: str) -> str:
    """A name for files, of letters and digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", " ".join(parts).lower()).strip("-")[:100]


def scores_table(
    results: Results, asked: TableAsked, measure: str, compared: Mapping[Setting, Comparison], place: int
) -> Table:
    """
    Means and standard deviations over seeds of a measure.

    # Parameters

    results : `Results`
        What was measured.
    asked : `TableAsked`
        Which rows and columns.
    measure : `str`
        Of what.
    compared : `Mapping[Setting, Comparison]`
        Each row's comparison with the baseline.
    place : `int`
        The table's number, for its name.
    """
    targets = list(asked.targets or results.targets(measure))
    settings = chosen(results, asked.methods)
    starred = differing_means(compared)
    rows = [_scores(results, s, measure, targets, compared.get(s), "*" * (s in starred)) for s in settings]
    of_paper = paper_rows(asked.paper, measure) if asked.paper else []
    for row in of_paper:
        values = [number(row.values.get(target), "{:.2f}") for target in targets]
        rows.append([named(f"paper, {row.name}"), *values, number(row.mean, "{:.2f}"), Cell()])
    several = results.most_seeds(settings, measure, targets) > 1
    caption = "Percent, mean ± standard deviation over seeds" if several else "Percent, of one seed each"
    caption += "; a mean needs all targets. "
    if compared:
        caption += (
            f"* differs from {controls_of(compared)} (p < 0.05 {scope_of(compared)}; Holm over targets, of means "
        )
        caption += "over rows). "
    caption += NOT_ZERO_SHOT
    if (left_out := dict.fromkeys(s.method for s in results.left_out)) and not asked.methods:
        caption += f" Left out, for their evaluations only chose among runs: {', '.join(left_out)}."
    if of_paper:
        caption += f" Rows of the paper: {paper_source()}; other encoders, data and steps than ours unless they say so."
    title = asked.title or f"{measure} by target"
    rules = frozenset({len(settings)} if of_paper else ())
    columns = ["", *targets, "mean", "seeds"]
    return Table(file_name("scores", str(place), measure), title, caption, columns, rows, rules)


def _scores(
    results: Results,
    setting: Setting,
    measure: str,
    targets: Sequence[str],
    compared: Optional[Comparison],
    of_mean: str,
) -> list[Cell]:
    points = {target: results.points(setting, measure, target) for target in targets}
    cells = []
    for target, by_seed in points.items():
        marks = "*" if compared is not None and compared.significant(target) else ""
        marks += "†" if results.sees_target(setting, measure, target) else ""
        cells.append(_mean(list(by_seed.values()), marks, by_seed))
    shared = [seed for seed in points[targets[0]] if all(seed in points[t] for t in targets)] if targets else []
    means = {seed: mean(points[target][seed] for target in targets) for seed in shared}
    counts = sorted({len(by_seed) for by_seed in points.values() if by_seed})
    seeds = "–".join(map(str, dict.fromkeys((counts[0], counts[-1])))) if counts else "0"
    return [named(setting.label), *cells, _mean(list(means.values()), of_mean, means), named(seeds)]


def _mean(values: Sequence[float], marks: str, by_seed: Mapping[int, float]) -> Cell:
    if not values:
        return Cell(title="not measured")
    spread = f" ± {stdev(values):.1f}" if len(values) > 1 else ""
    title = ", ".join(f"seed {seed}: {value:.2f}" for seed, value in by_seed.items())
    return Cell(f"{mean(values):.1f}{spread}", mean(values), marks, title)


def differences_table(comparison: Comparison, targets: Sequence[str], place: int) -> Table:
    """One comparison, with its intervals and what it could have found."""
    rows = [_difference(target, comparison.effects.get(target), comparison) for target in targets]
    if len(targets) > 1:
        rows.append(_difference("mean", comparison.mean, comparison))
    over = sorted({effect.over for effect in comparison.effects.values()})
    caption = (
        f"Points of {comparison.measure}, {comparison.method.label} less {comparison.control.label}. Intervals are of "
        f"95 % each and not corrected, over {' or '.join(over) or 'nothing'}; p (Holm) is corrected for the targets, "
        "and the mean is a question of its own, which the sentences of the report correct for all they say. A star: "
        "p below 0.05, of targets corrected. Smallest: the true difference that this design finds with power 0.8, on a "
        "target at the corrected level."
    )
    if any(effect.seeds > 1 for effect in comparison.effects.values()):
        caption += " Of seeds: their share in the variance."
    if comparison.notes:
        caption += " " + " ".join(comparison.notes)
    columns = [
        "target",
        "difference",
        "95 % interval",
        "p",
        "p (Holm)",
        "smallest",
        "seeds",
        "examples",
        "clusters",
        "of seeds",
    ]
    title = f"{comparison.method.label} − {comparison.control.label} ({comparison.measure})"
    name = file_name("difference", str(place), comparison.measure, comparison.method.label, comparison.control.label)
    return Table(name, title, caption, columns, rows, frozenset({len(targets)}))


def _smallest(points: Optional[float]) -> Cell:
    """More than there are points is nothing that could be found; nothing at all, where all answers were the same."""
    if points is None or points > 100 or points == 0:
        return Cell("none" if points else "–", title="this design finds no difference" if points else "")
    return number(points, "{:.2f}")


def _difference(target: str, effect: Optional[Effect], comparison: Comparison) -> list[Cell]:
    if effect is None:
        return [named(target), *[Cell() for _ in range(9)]]
    corrected = comparison.corrected.get(target) if target != "mean" else None
    p = comparison.corrected.get(target, effect.p)
    has_examples = effect.over != "seeds only"
    return [
        named(target),
        Cell(signed(effect.difference, 2), effect.difference, "*" if p < 0.05 else ""),
        Cell(" to ".join(signed(end, 2) for end in effect.interval), effect.interval[0]),
        number(effect.p, "{:.2g}"),
        number(corrected, "{:.2g}"),
        _smallest(effect.smallest() if target == "mean" else comparison.smallest(target)),
        number(effect.seeds, "{:d}"),
        number(effect.examples if has_examples else None, "{:,d}"),
        number(effect.clusters if has_examples else None, "{:,d}"),
        number(100 * effect.share, "{:.0f} %"),
    ]
