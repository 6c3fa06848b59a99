"""`python -m xlamaml_allennlp` outside a clone: no .allennlp_plugins there, and no NLTK data."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# AllenNLP's main, replaced by one that starts a worker as distributed training does and asks what it has loaded.
WORKER = """
import multiprocessing, runpy, allennlp.commands

def main(prog):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.apply(eval, ("'xlamaml_allennlp' in __import__('sys').modules",)))

allennlp.commands.main = main
runpy.run_module("xlamaml_allennlp", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def python(tmp_path):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        places = {"PYTHONPATH": str(ROOT), "NLTK_DATA": str(tmp_path), "HOME": str(tmp_path)}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={**os.environ, **places},
            capture_output=True,
            text=True,
            check=True,
        )

    return run


def test_it_greets_with_its_help_alone(python):
    run = python("-m", "xlamaml_allennlp", "--help")
    assert run.stdout.startswith("usage: python -m xlamaml_allennlp")
    assert [line for line in run.stderr.splitlines() if " - INFO - allennlp.common.plugins - " not in line] == []


def test_its_workers_load_the_plugin_as_well(python):
    assert python("-c", WORKER).stdout == "True\n"
