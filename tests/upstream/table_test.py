"""The table of mends names what is there, and every entry has a test file of its package."""

import importlib
from pathlib import Path

import pytest

from xlamaml_allennlp.upstream.table import MENDS


@pytest.mark.parametrize("mend", MENDS, ids=lambda mend: mend.module)
def test_an_entry_names_a_module_that_exists_and_what_stands_in(mend):
    importlib.import_module(mend.module)
    assert mend.missing
    assert mend.removed
    assert mend.stands_in
    package = mend.act.__module__.rpartition(".")[2]
    assert (Path(__file__).parent / f"{package}_test.py").is_file()
