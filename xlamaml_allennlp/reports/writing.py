"""Writes everything that a report consists of."""

import logging
from dataclasses import asdict
from pathlib import Path
from typing import Optional

import pandas as pd

from xlamaml_allennlp.reports.collection import collect
from xlamaml_allennlp.reports.comparison import Comparison
from xlamaml_allennlp.reports.contents import Contents, contents_of
from xlamaml_allennlp.reports.figures.drawing import save, styled
from xlamaml_allennlp.reports.page import page
from xlamaml_allennlp.reports.runs import read_runs
from xlamaml_allennlp.reports.study import read_study
from xlamaml_allennlp.reports.table import as_latex, as_markdown

logger = logging.getLogger(__name__)


def write(folder: Path, output: Optional[Path]) -> Path:
    """What `xlamaml_allennlp.reports.write_report` does."""
    output = output or folder / "report"
    # It tells every table of every font that it cuts for a PDF.
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    results = collect(folder)
    study = read_study(folder, results)
    with styled():
        contents = contents_of(results, study, read_runs(folder, results))
        output.mkdir(parents=True, exist_ok=True)
        _clear(output)
        drawings = [(drawn, save(drawn, output / "figures")) for drawn in contents.figures]
    _write_tables(contents, output)
    path = output / "report.html"
    path.write_text(page(contents, drawings), encoding="utf-8", errors="backslashreplace")
    logger.info("%d evaluations are reported in %s.", len(results.evaluations), path)
    return path


def _clear(output: Path) -> None:
    """Removes what not every report writes: an earlier one may have compared and drawn other things."""
    for name in ("examples.parquet", "comparisons.csv"):
        (output / name).unlink(missing_ok=True)
    for folder, kinds in (("tables", (".tex", ".md")), ("figures", (".pdf", ".png"))):
        for old in (output / folder).glob("*.*"):
            if old.suffix in kinds:
                old.unlink()


def _write_tables(contents: Contents, output: Path) -> None:
    table = contents.results.table()
    table.to_csv(output / "results.csv", index=False)
    table.to_parquet(output / "results.parquet", index=False)
    examples = contents.results.example_table()
    if len(examples):
        examples.to_parquet(output / "examples.parquet", index=False)
    statistics = pd.DataFrame([row for each in contents.comparisons for row in _statistics(each)])
    if len(statistics):
        statistics.to_csv(output / "comparisons.csv", index=False)
    (output / "tables").mkdir(exist_ok=True)
    for each in (*contents.scores, *contents.differences, *contents.others):
        (output / "tables" / f"{each.name}.tex").write_text(as_latex(each), encoding="utf-8")
        (output / "tables" / f"{each.name}.md").write_text(as_markdown(each), encoding="utf-8")


def _statistics(comparison: Comparison) -> list[dict[str, object]]:
    names = {"method": comparison.method.label, "control": comparison.control.label, "metric": comparison.measure}
    effects = {**comparison.effects, **({"mean": comparison.mean} if comparison.mean else {})}
    return [
        {
            **names,
            "target": target,
            **asdict(effect),
            "low": effect.interval[0],
            "high": effect.interval[1],
            "p": effect.p,
            "p_holm": comparison.corrected.get(target),
            "smallest": comparison.smallest(target) or effect.smallest(),
        }
        for target, effect in effects.items()
    ]
