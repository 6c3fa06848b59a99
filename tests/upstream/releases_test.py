"""Releases that were not tested, and names that nobody knows, are one sentence with versions and a way out."""

import importlib.metadata
import types

import pytest

from xlamaml_allennlp.upstream import releases, transformers


@pytest.fixture
def installed(monkeypatch):
    """`installed(transformers="4.42.4")`: as if that were installed."""

    def pretend(**versions: str) -> None:
        versions = {name.replace("_", "-"): version for name, version in versions.items()}
        theirs = importlib.metadata.version
        monkeypatch.setattr(importlib.metadata, "version", lambda name: versions.get(name) or theirs(name))

    return pretend


def test_the_pinned_releases_are_the_tested_ones(recwarn):
    releases.check()
    assert recwarn.list == []


@pytest.mark.parametrize("version", ["4.42.4", "4.57.6", "5.2.0", "5.9.1"])
def test_a_release_that_breaks_or_has_a_hole_is_refused(installed, version):
    installed(transformers=version)
    with pytest.raises(ImportError, match=rf"needs transformers 5\.10 or later .*{version} is installed.*make install"):
        releases.check()


@pytest.mark.parametrize("version", ["5.10.0", "5.24.1", "5.24.0.dev0", "5.11.2"])
def test_releases_in_between_are_taken_without_a_word(installed, recwarn, version):
    installed(transformers=version)
    releases.check()
    assert recwarn.list == []


@pytest.mark.parametrize("version", ["5.25.0", "6.0"])
def test_a_release_that_came_later_is_named(installed, version):
    installed(transformers=version)
    with pytest.warns(UserWarning, match=rf"transformers {version} is newer than .*5\.24\).*make install"):
        releases.check()


def test_another_allennlp_is_named(installed):
    installed(allennlp="2.9.3")
    with pytest.raises(ImportError, match=r"allennlp 2\.10\.1 or later.*2\.9\.3 is installed"):
        releases.check()


def test_a_package_that_is_missing_is_named(installed):
    assert releases.installed("no-such-package") == "none"


def test_a_name_that_is_gone_is_said_to_allennlp_and_to_nobody_else():
    class Lazy(types.ModuleType):
        def __getattr__(self, name: str) -> object:
            raise AttributeError(name)

    module = Lazy("transformers")
    transformers.answer_for_adamw(module)
    theirs = {"__name__": "allennlp.nn.util", "module": module}
    with pytest.raises(ImportError, match=r"AllenNLP 2\.10\.1 asks transformers 5\..* for `transformers.Gone`, .*gone"):
        exec("module.Gone", theirs)
    with pytest.raises(AttributeError):
        _ = module.Gone
    assert module.AdamW.__name__ == "AdamW"
