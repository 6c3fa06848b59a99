"""What a report holds: sentences, tables, figures and examples, in the order of the page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from xlamaml_allennlp.reports.asked import ComparisonAsked, TableAsked
from xlamaml_allennlp.reports.choosing import called, chosen
from xlamaml_allennlp.reports.claims import claims
from xlamaml_allennlp.reports.comparer import Comparer
from xlamaml_allennlp.reports.comparison import Comparison
from xlamaml_allennlp.reports.examples import Example, telling_examples
from xlamaml_allennlp.reports.figures.drawing import Drawn
from xlamaml_allennlp.reports.pictures import picture
from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.runs import Run, costs, versions
from xlamaml_allennlp.reports.study import Study
from xlamaml_allennlp.reports.table import Table
from xlamaml_allennlp.reports.tables import differences_table, scores_table

MOST_READ = 6
"""Of how many comparisons examples are shown: reading predictions again takes time, and so does reading examples."""


@dataclass
class Contents:
    """
    A report before it is laid out.

    # Parameters

    title : `str`
        Its title.
    results : `Results`
        What was measured.
    missing : `list[str]`
        What was asked for and is not there.
    claims : `list[str]`
        What the comparisons say.
    scores, differences, others : `list[Table]`
        Tables of scores, of comparisons, and of costs and versions.
    figures : `list[Drawn]`
        The figures.
    examples : `list[tuple[Comparison, list[Example]]]`
        Examples on which methods differ.
    comparisons : `list[Comparison]`
        What was compared.
    notes : `list[str]`
        Which figures are left out, and why.
    configs : `dict[str, Any]`
        A configuration of each setting, by its label.
    """

    title: str
    results: Results
    missing: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    scores: list[Table] = field(default_factory=list)
    differences: list[Table] = field(default_factory=list)
    others: list[Table] = field(default_factory=list)
    figures: list[Drawn] = field(default_factory=list)
    examples: list[tuple[Comparison, list[Example]]] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    configs: dict[str, Any] = field(default_factory=dict)


NO_CURVES = "No learning curves: no run has several epochs, and none left a ledger of its episodes."


def contents_of(results: Results, study: Study, runs: dict[str, Run]) -> Contents:
    """
    Makes everything that a report shows.

    # Parameters

    results : `Results`
        What was measured.
    study : `Study`
        What to show of it.
    runs : `dict[str, Run]`
        The runs behind it, by name.
    """
    contents, comparer = Contents(study.title, results), Comparer(results)
    if results.unfinished:
        names = ", ".join(results.unfinished)
        count = len(results.unfinished)
        contents.missing.append(f"{count} evaluations have no metrics yet; cells show a dash, means wait: {names}.")
    for asked in study.tables:
        contents.scores += _scores(results, asked, comparer, len(contents.scores))
    unmet: dict[str, dict[str, None]] = {}
    for asked_comparison in study.comparisons:
        found = list(_comparisons(results, asked_comparison, comparer))
        contents.comparisons += found
        methods = called(results, asked_comparison.method)
        if not found and study.named and not any(comparer.is_unmatched(s, asked_comparison.control) for s in methods):
            unmet.setdefault(asked_comparison.method, {})[asked_comparison.control] = None
    for method, controls in unmet.items():
        names = ", ".join(controls)
        contents.missing.append(f"{method}: not compared yet with {names}, for nothing of both is on the same data.")
    contents.comparisons = _once(contents.comparisons)
    for place, comparison in enumerate(contents.comparisons):
        contents.differences.append(differences_table(comparison, comparison.targets, place + 1))
    contents.claims = [*_leaks(results), *claims(contents.comparisons)]
    for figure in study.figures:
        for measure in [figure.metric] if figure.metric else results.measures:
            drawn = picture(results, figure, measure, comparer, runs, len(contents.figures) + 1)
            if drawn is not None and drawn.title not in [each.title for each in contents.figures]:
                contents.figures.append(drawn)
            elif drawn is None and runs and figure.kind == "learning_curves":
                contents.notes.append(NO_CURVES)
    contents.missing += comparer.unmatched()
    contents.notes = list(dict.fromkeys(contents.notes))
    for comparison in contents.comparisons[:MOST_READ]:
        telling = telling_examples(results, comparison, list(comparison.effects))
        if telling:
            contents.examples.append((comparison, telling))
    contents.others = [table for table in (costs(results, runs), versions(runs)) if table is not None]
    for e in results.evaluations:
        if e.run in runs and runs[e.run].config:
            contents.configs.setdefault(f"{e.setting.label}, seed {e.seed}", runs[e.run].config)
    contents.configs = _one_each(contents.configs)
    return contents


def _leaks(results: Results) -> Iterator[str]:
    """What evaluations say of examples that were in training or in the selection of the best epoch already."""
    for e in results.reported:
        if seen := results.measured[e.name].seen:
            told = ", ".join(f"{count:,} in {target}" for target, count in seen.items())
            yield f"{e.setting.label}, seed {e.seed}, had seen test examples, or their translations: {told}."


def _scores(results: Results, asked: TableAsked, comparer: Comparer, before: int) -> Iterator[Table]:
    measures = [asked.metric] if asked.metric else results.measures
    for place, measure in enumerate(measures, before + 1):
        targets = asked.targets or results.targets(measure)
        compared = comparer.with_baseline(asked.baseline, chosen(results, asked.methods), measure, targets)
        yield scores_table(results, asked, measure, compared, place)


def _comparisons(results: Results, asked: ComparisonAsked, comparer: Comparer) -> Iterator[Comparison]:
    for method in called(results, asked.method):
        control = comparer.control_of(method, asked.control)
        if control is not None:
            for measure in [asked.metric] if asked.metric else results.measures:
                yield comparer(method, control, measure, asked.targets or results.targets(measure))


def _once(comparisons: list[Comparison]) -> list[Comparison]:
    """Each question once, by whichever names it is asked: asked twice it would count twice in Holm's correction."""
    first: dict[Any, Comparison] = {}
    for each in comparisons:
        first.setdefault((each.method, each.control, each.measure, frozenset(each.targets)), each)
    return list(first.values())


def _one_each(configs: dict[str, Any]) -> dict[str, Any]:
    """The configuration of the first seed of each setting."""
    first: dict[str, str] = {}
    for name in configs:
        first.setdefault(name.rpartition(", seed ")[0], name)
    return {name: configs[name] for name in first.values()}
