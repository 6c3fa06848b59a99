"""The hook where there is no AllenNLP, where somebody only asks for it, and where its import fails at first."""

import importlib
import importlib.util
import sys
from pathlib import Path

import pytest

HOOK = Path(__file__).parents[2] / "xlamaml_allennlp_hook.py"


class Mends:
    """Stands where `upstream/` is called: counts, and fails as often as it is told."""

    def __init__(self) -> None:
        self.calls = 0
        self.failures = 0

    def __call__(self) -> None:
        self.calls += 1
        if self.calls <= self.failures:
            raise ImportError("an older release")


@pytest.fixture
def mends(monkeypatch):
    """The hook of this checkout alone waits for AllenNLP, which nothing has imported."""
    spec = importlib.util.spec_from_file_location("hook_of_this_checkout", HOOK)
    hook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    mends = Mends()
    monkeypatch.setattr(hook, "upstream", mends)
    monkeypatch.setattr(sys, "meta_path", [hook.BeforeAllenNLP(), *sys.meta_path])
    for name in [name for name in sys.modules if name.split(".")[0] == "allennlp"]:
        monkeypatch.delitem(sys.modules, name)
    return mends


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package named allennlp, which fails as long as there is no file `whole` beside it."""
    (tmp_path / "allennlp").mkdir()
    code = "import pathlib\nvalue = pathlib.Path(__file__).with_name('whole').read_text()\n"
    (tmp_path / "allennlp" / "__init__.py").write_text(code)
    (tmp_path / "allennlp" / "whole").write_text("AllenNLP")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / "allennlp"


def test_where_there_is_no_allennlp_none_is_found(mends, monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    assert importlib.util.find_spec("allennlp") is None
    with pytest.raises(ModuleNotFoundError, match="No module named 'allennlp'"):
        importlib.import_module("allennlp")
    assert mends.calls == 0


def test_whoever_asks_for_allennlp_is_answered_and_nothing_runs(mends, package):
    mends.failures = 1
    assert importlib.util.find_spec("allennlp").origin == str(package / "__init__.py")
    assert mends.calls == 0


def test_allennlp_is_mended_before_its_own_code_runs_and_once(mends, package):
    (package / "whole").unlink()
    with pytest.raises(FileNotFoundError):
        importlib.import_module("allennlp")
    assert mends.calls == 1
    (package / "whole").write_text("repaired")
    module = importlib.import_module("allennlp")
    assert (module.value, mends.calls) == ("repaired", 2)
    importlib.reload(module)
    assert mends.calls == 2


def test_an_import_that_the_mends_refused_can_be_repaired_in_the_same_process(mends, package):
    mends.failures = 1
    with pytest.raises(ImportError, match="an older release"):
        importlib.import_module("allennlp")
    assert "allennlp" not in sys.modules
    assert importlib.import_module("allennlp").value == "AllenNLP"
    assert mends.calls == 2
