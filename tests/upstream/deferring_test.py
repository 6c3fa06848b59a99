"""What is deferred is not imported at the start, and does what it did when it is used."""

import importlib
import subprocess
import sys

import pytest

from xlamaml_allennlp.upstream import deferring

USER = """
import heavy
import heavy.deep.part as part
from heavy.deep import Thing
from heavy.deep import CONSTANT
"""
STARTED = """
import sys
import xlamaml_allennlp
from allennlp.common import plugins, util

plugins.import_plugins()
for name in "spacy thinc sklearn pandas scipy.optimize scipy.stats matplotlib statsmodels datasets".split():
    assert name not in sys.modules, name
assert "allennlp_models.rc" in sys.modules and "checklist" not in sys.modules

from allennlp.data.fields import TextField
from allennlp.data.token_indexers import SpacyTokenIndexer
from allennlp.training.metrics import Auc
from allennlp_models.rc.tools import drop
import numpy, torch

assert util.sanitize(["no token", 1]) == ["no token", 1] and "spacy" not in sys.modules
words = list(util.spacy.blank("en")("two words"))
assert util.sanitize(words) == ["two", "words"]
TextField(words, {"tokens": SpacyTokenIndexer()})
auc = Auc()
auc(torch.tensor([0.1, 0.9]), torch.tensor([0, 1]))
assert auc.get_metric() == 1.0
assert drop.get_metrics(["one", "two"], ["two", "one"]) == (1.0, 1.0)
"""


@pytest.fixture
def user(tmp_path, monkeypatch):
    (tmp_path / "heavy" / "deep").mkdir(parents=True)
    (tmp_path / "heavy" / "__init__.py").write_text("__version__ = '1'\nvalue = 2\n")
    (tmp_path / "heavy" / "deep" / "__init__.py").write_text("CONSTANT = 4\nclass Thing:\n    answer = 3\n")
    (tmp_path / "heavy" / "deep" / "part.py").write_text("def double(number):\n    return 2 * number\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(deferring, "REMOVED", {})

    def written(source, *names):
        (tmp_path / "user_of_heavy.py").write_text(source)
        monkeypatch.setattr(deferring, "LATER", {"user_of_heavy": list(names)})
        deferring.register()
        return importlib.import_module("user_of_heavy")

    yield written
    for name in [name for name in sys.modules if name.split(".")[0] in ("heavy", "user_of_heavy")]:
        del sys.modules[name]


def test_a_module_is_imported_when_something_of_it_is_used(user):
    module = user(USER.replace("from heavy.deep import CONSTANT", ""), "heavy.deep.part", "heavy.deep.Thing")
    assert not isinstance(object(), module.Thing)
    assert "heavy" not in sys.modules
    assert module.part.double(4) == 8
    thing = module.Thing()
    assert isinstance(thing, module.Thing)
    assert thing.answer == 3
    assert (module.heavy.value, module.heavy.__version__) == (2, "1")
    assert type(thing) is importlib.import_module("heavy.deep").Thing


def test_whoever_else_imports_it_gets_the_real_one(user):
    module = user("import heavy", "heavy")
    assert importlib.import_module("heavy") is not module.heavy
    assert sys.modules["heavy"].value == 2


def test_what_is_not_listed_is_the_real_thing_at_once(user):
    assert user(USER, "heavy.deep.Thing").CONSTANT == 4


def test_what_is_not_installed_fails_as_before(user):
    with pytest.raises(ModuleNotFoundError, match="No module named 'no_such_package'"):
        user("import no_such_package.part", "no_such_package.part")


def test_a_start_imports_nothing_of_it_and_it_works_when_used(tmp_path):
    run = subprocess.run([sys.executable, "-c", STARTED], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
