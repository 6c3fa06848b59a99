"""`python -m xlamaml_allennlp` outside a clone: no .allennlp_plugins there, and no NLTK data."""

import os
import subprocess
import sys
from pathlib import Path

import allennlp
import pytest

import xlamaml_allennlp

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
    assert run.stderr == ""


def test_its_workers_load_the_plugin_as_well(python):
    assert python("-c", WORKER).stdout == "True\n"


@pytest.mark.parametrize("program", ["xlamaml_allennlp", "allennlp"])
def test_its_version_is_that_of_both_packages(python, tmp_path, program):
    # The `allennlp` command knows the plugin where a file says so.
    (tmp_path / ".allennlp_plugins").write_text("xlamaml_allennlp\n")
    run = python("-m", program, "--version")
    name = "allennlp" if program == "allennlp" else "python -m xlamaml_allennlp"
    assert run.stdout == f"{name} {allennlp.__version__}, xlamaml_allennlp {xlamaml_allennlp.__version__}\n"


def test_a_variant_in_another_folder_imports_the_configs_by_name(python, tmp_path, bert_folder):
    call = f"(import 'xlamaml/xnli_few_shot.jsonnet')(encoder='{bert_folder}', target='yo')"
    (tmp_path / "variant.jsonnet").write_text(call)
    with pytest.raises(subprocess.CalledProcessError) as error:
        python("-m", "allennlp", "train", "variant.jsonnet", "--include-package", "xlamaml_allennlp", "-s", "run")
    # It got as far as the archive that it starts from, and no data are anywhere.
    base = f"""'(import "xlamaml/xnli_xla_maml.jsonnet")(encoder="{bert_folder}", support=["yo"])'"""
    assert f"\n  echo {base} > xnli_xla_maml_yo.jsonnet\n" in error.value.stderr
