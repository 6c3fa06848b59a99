"""What other packages print about themselves is kept quiet, and nothing else."""

import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from xlamaml_allennlp import quiet

AUTOCAST = "`torch.cuda.amp.autocast(args...)` is deprecated."


def shown(message: str, category: type[Warning], module: str) -> bool:
    """Whether a warning comes through once the filters are in place."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        quiet.warnings_of_other_packages()
        warnings.warn_explicit(message, category, "file.py", 1, module=module)
    return bool(seen)


def test_known_warnings_of_other_packages_are_quiet():
    assert not shown(AUTOCAST, FutureWarning, "allennlp.training.gradient_descent_trainer")
    assert not shown("pkg_resources is deprecated as an API. See ...", UserWarning, "rouge.rouge")


@pytest.mark.parametrize("module", ["xlamaml_allennlp.meta_training.trainer", "__main__", "a_users.training"])
def test_the_same_warning_about_other_code_is_shown(module):
    assert shown(AUTOCAST, FutureWarning, module)


def test_another_warning_of_the_same_package_is_shown():
    assert shown("the rate is zero", FutureWarning, "allennlp.training.gradient_descent_trainer")
    assert shown(AUTOCAST, UserWarning, "allennlp.training.gradient_descent_trainer")


def test_a_missing_module_stops_the_plugin_with_its_name_and_the_way_out():
    # AllenNLP would log a ModuleNotFoundError of a plugin and go on without it.
    code = (
        "import sys\nsys.modules['higher'] = None\n"
        "try:\n    import xlamaml_allennlp\nexcept ImportError as error:\n    print(type(error).__name__, error)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert run.stdout.startswith("ImportError xlamaml_allennlp cannot be imported")
    assert "'higher'" in run.stdout
    assert "make install" in run.stdout
