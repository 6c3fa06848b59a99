"""What other packages print about themselves is kept quiet, and nothing else."""

import logging
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from allennlp.commands.train import train_model

from tests.meta_training.tiny import config, write_data
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


def record(name, function, level=logging.INFO):
    return logging.LogRecord(name, level, "file.py", 1, "said", (), None, func=function)


@pytest.mark.parametrize(
    "name, function, short",
    [
        ("allennlp.common.params", "pop", False),
        ("allennlp.common.util", "log_frozen_and_tunable_parameter_names", False),
        ("allennlp.common.util", "dump_metrics", True),
        ("allennlp.training.callbacks.console_logger", "_log_fields", False),
        ("allennlp.training.callbacks.console_logger", "on_epoch", True),
        ("a_users.common.params", "pop", True),
    ],
)
def test_of_information_only_what_is_lengthy_is_kept_from_screens(name, function, short):
    assert quiet.is_short(record(name, function)) is short
    assert quiet.is_short(record(name, function, logging.WARNING))


@pytest.fixture
def handlers(monkeypatch, tmp_path):
    """A screen and a file, the root logger's only handlers."""
    both = [logging.StreamHandler(), logging.FileHandler(tmp_path / "out.log")]
    monkeypatch.setattr(logging.getLogger(), "handlers", both)
    yield tuple(both)  # pytest adds its own to the list
    both[1].close()


def test_files_have_all_of_it_and_so_has_a_screen_that_asks_for_a_level(handlers, monkeypatch):
    lengthy, (screen, file) = record("allennlp.common.params", "pop"), handlers
    monkeypatch.setenv("ALLENNLP_LOG_LEVEL", "INFO")
    quiet.keep_screens_short()
    assert screen.filter(lengthy)
    monkeypatch.delenv("ALLENNLP_LOG_LEVEL")
    quiet.keep_screens_short()
    assert not screen.filter(lengthy)
    assert file.filter(lengthy)


def test_a_run_names_its_parameters_in_its_log_and_counts_them_on_the_screen(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(logging.getLogger("allennlp.common.params"), "disabled", False)  # `evaluate` leaves it disabled
    model = train_model(config(write_data(tmp_path), num_epochs=1), str(tmp_path / "run"))
    shown, log = capsys.readouterr().out, (tmp_path / "run" / "out.log").read_text()
    names = [name for name, _ in model.named_parameters()]
    assert f" - {len(names)} parameters are trained, and 0 are frozen.\n" in shown
    assert all(f" - {name}\n" in log and f" - {name}\n" not in shown for name in names)
    assert "trainer.optimizer.lr = " in log
    assert "trainer.optimizer.lr = " not in shown
    assert "Epoch 0/0" in shown
