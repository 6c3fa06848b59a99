"""A function is called with a module when something imports it, once."""

import importlib
import importlib.util
import sys

import pytest

from xlamaml_allennlp.upstream.on_import import when_imported


@pytest.fixture
def package(tmp_path, monkeypatch):
    (tmp_path / "waited_for").mkdir()
    (tmp_path / "waited_for" / "__init__.py").write_text("value = 1\n")
    (tmp_path / "waited_for" / "part.py").write_text(
        "import sys, types\nsys.modules[__name__] = types.SimpleNamespace(value=3)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    yield "waited_for"
    for name in [name for name in sys.modules if name.split(".")[0] == "waited_for"]:
        del sys.modules[name]


def test_it_is_called_after_the_modules_own_code_and_once(package):
    seen = []
    before = len(sys.meta_path)
    when_imported(package, lambda module: seen.append(module.value))
    assert seen == []
    module = importlib.import_module(package)
    importlib.reload(module)
    assert seen == [1]
    assert len(sys.meta_path) == before


def test_it_is_called_at_once_if_the_module_is_there(package):
    importlib.import_module(package)
    seen = []
    when_imported(package, lambda module: seen.append(module.value))
    assert seen == [1]


def test_asking_whether_the_module_exists_does_not_use_it_up(package):
    seen = []
    when_imported(package, lambda module: seen.append(module.value))
    assert importlib.util.find_spec(package) is not None
    assert seen == []
    importlib.import_module(package)
    assert seen == [1]


def test_two_may_wait_for_the_same_module(package):
    seen = []
    for number in (1, 2):
        when_imported(package, lambda module, number=number: seen.append(number))
    importlib.import_module(package)
    assert sorted(seen) == [1, 2]


def test_it_is_called_again_where_it_failed_and_the_import_is_tried_again(package):
    seen = []

    def act(module) -> None:
        seen.append(module.value)
        if len(seen) == 1:
            raise ImportError("not yet")

    when_imported(package, act)
    with pytest.raises(ImportError, match="not yet"):
        importlib.import_module(package)
    importlib.import_module(package)
    assert seen == [1, 1]


def test_what_a_module_puts_into_its_place_is_what_is_mended(package):
    seen = []
    when_imported(f"{package}.part", lambda module: seen.append(module.value))
    importlib.import_module(f"{package}.part")
    assert seen == [3]


def test_a_module_that_does_not_exist_is_not_found_as_before(package):
    when_imported("no_such_module_anywhere", pytest.fail)
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_module_anywhere")
