"""What AllenNLP misses is there in whatever process imports it, and nothing happens where nobody does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Each needs a name that transformers or huggingface_hub no longer have.
IMPORT = "import allennlp.training.optimizers, allennlp.common.push_to_hf; print('done')"
SPAWNED = f"""
import multiprocessing
with multiprocessing.get_context("spawn").Pool(1) as pool:
    print(pool.apply(exec, ({IMPORT!r},)))
"""


@pytest.fixture
def python(tmp_path):
    """Runs the interpreter in an empty folder, with nothing on its path but what is installed."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=clean | environment, capture_output=True, text=True
        )

    return run


@pytest.mark.parametrize(
    "arguments",
    [
        ("-c", IMPORT),
        ("-c", "import transformers, huggingface_hub; " + IMPORT),
        ("-c", SPAWNED),
        ("-m", "allennlp", "--version"),
        ("-m", "xlamaml_allennlp", "--version"),
        (str(Path(sys.executable).with_name("allennlp")), "--version"),
    ],
    ids=["import", "after its packages", "spawned", "module", "our module", "command"],
)
def test_allennlp_is_imported_in_every_process_and_from_any_folder(python, arguments):
    run = python(*arguments)
    assert run.returncode == 0, run.stderr
    assert "[nltk_data]" not in run.stderr


def test_a_clone_that_is_only_on_the_path_works_as_well(python):
    code = f"import sys; sys.path += {sys.path!r}; import xlamaml_allennlp; {IMPORT}"
    run = python("-S", "-c", code, PYTHONPATH=str(ROOT))  # without site, no .pth file is read
    assert run.stdout == "done\n", run.stderr


def test_a_process_without_allennlp_imports_nothing_for_it(python):
    run = python("-c", "import sys; print([name for name in sys.modules if name.split('.')[0] in "
                 "('torch', 'transformers', 'numpy', 'xlamaml_allennlp')])")  # fmt: skip
    assert run.stdout == "[]\n"


def test_looking_for_allennlp_does_not_load_it_nor_its_packages(python):
    code = "import importlib.util, sys; importlib.util.find_spec('allennlp'); print('torch' in sys.modules)"
    assert python("-c", code).stdout == "False\n"


def test_the_plugin_itself_is_not_loaded_with_allennlp(python):
    run = python("-c", "import allennlp, sys; print('xlamaml_allennlp' in sys.modules)")
    assert run.stdout == "False\n"


def test_a_start_of_python_imports_the_hook_and_nothing_else():
    (line,) = (ROOT / "xlamaml_allennlp.pth").read_text().splitlines()
    known = f"import sys; sys.path[:0] = [{str(ROOT)!r}]; known = set(sys.modules)"
    code = f"{known}\n{line}\nprint(set(sys.modules) - known)"
    run = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True)
    assert run.stdout == "{'xlamaml_allennlp_hook'}\n", run.stderr


def test_the_line_of_the_pth_file_says_nothing_once_the_hook_is_gone(python):
    (line,) = (ROOT / "xlamaml_allennlp.pth").read_text().splitlines()
    run = python("-S", "-c", line)
    assert (run.returncode, run.stderr) == (0, "")
