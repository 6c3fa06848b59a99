"""What came of runs: a tidy table, statistics that know of seeds and examples, and a report for browsers and papers."""

from pathlib import Path
from typing import Optional


def write_report(folder: Path, output: Optional[Path] = None) -> Path:
    """
    Collects a folder's evaluations, tests their differences, and writes tables, figures and `report.html`.

    # Parameters

    folder : `Path`
        The folder of a study, or any with `evaluations/NAME/metrics.json` (docs/reports.md).
    output : `Optional[Path]`, optional (default = `None`)
        The folder to write to. `None`: `report/` in the folder.

    # Returns

    `Path`
        Where `report.html` is.

    # Raises

    `ConfigurationError`
        If there is nothing to report, or evaluations are doubled, unreadable, or without a method and a seed.
    """
    # Only now: pandas, statsmodels and matplotlib take a second that other commands should not wait for.
    from xlamaml_allennlp.reports.writing import write

    return write(Path(folder), None if output is None else Path(output))


__all__ = ["write_report"]
