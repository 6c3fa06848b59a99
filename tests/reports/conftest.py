"""Folders whose truth is known, and their reports, made once."""

from pathlib import Path

import pytest

from tests.reports.made_up import study, write
from xlamaml_allennlp.reports import write_report


@pytest.fixture(scope="session")
def two_methods(tmp_path_factory) -> Path:
    """Method B is method A and 2 points on Hindi (6 of 300 examples), on each of three seeds."""
    return study(tmp_path_factory.mktemp("two"), {"A": {}, "B": {"hi": 2.0}}, auxiliary={"B": ["hi", "sw"]})


@pytest.fixture(scope="session")
def report(two_methods) -> Path:
    """Where the page of `two_methods` is."""
    write(
        two_methods / "study.json", {"title": "A & B <b>", "tables": [{"paper": "table3"}], "comparisons": [["B", "A"]]}
    )
    return write_report(two_methods)
