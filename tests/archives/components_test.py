"""The config of an archive builds registered components, wherever in it they stand and whenever they are built."""

import json
from typing import Any, Optional, Union

import pytest
from allennlp.common import Lazy, Params, Registrable
from allennlp.common.checks import ConfigurationError

from tests.archives.made import contents, sealed
from xlamaml_allennlp.archives import components, config
from xlamaml_allennlp.archives.unpacking import unpack

RUNS = "subprocess.Popen"


class Part(Registrable):
    """A component."""


@Part.register("plain")
class Plain(Part):
    pass


class Whole(Registrable):
    """A component of components."""


@Whole.register("whole")
class Holder(Whole):
    def __init__(
        self,
        part: Optional[Part] = None,
        parts: Optional[list[Part]] = None,
        named: Optional[dict[str, Part]] = None,
        later: Optional[Lazy[Part]] = None,
        either: Union[int, Part, None] = None,
    ) -> None:
        self.part = later.construct() if later is not None else part


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(components, "_refused", {})


def opened(tmp_path, given: dict[str, Any]) -> dict[str, Any]:
    """The config of an archive that was opened."""
    path = sealed(tmp_path / "model.tar.gz", contents(config_json=json.dumps(given).encode()))
    (tmp_path / "out").mkdir()
    unpack(path, str(tmp_path / "out"), "runs/theirs/model.tar.gz")
    return config.check_config(tmp_path / "out" / "config.json", "runs/theirs/model.tar.gz")


@pytest.mark.parametrize(
    "keys",
    [
        {"part": {"type": RUNS, "args": ["touch", "ran"]}},
        {"part": RUNS},
        {"parts": [{"type": "plain"}, {"type": RUNS, "args": ["touch", "ran"]}]},
        {"named": {"a": RUNS}},
        {"later": {"type": RUNS, "args": ["touch", "ran"]}},
        {"either": {"type": RUNS, "args": ["touch", "ran"]}},
        {"part": "os.system"},
    ],
    ids=str,
)
def test_a_dotted_path_is_refused_wherever_it_stands(tmp_path, monkeypatch, keys):
    monkeypatch.chdir(tmp_path)
    found = opened(tmp_path, {"type": "whole", **keys})
    with pytest.raises(ConfigurationError) as error:
        Whole.from_params(Params(found))
    said: Any = error.value
    while "runs/theirs" not in str(said):  # AllenNLP wraps what a union's parts say
        said = said.__cause__
    assert "runs/theirs/model.tar.gz: its config.json asks for" in str(said)
    assert "may build registered components only" in str(said)
    assert not (tmp_path / "ran").exists()


def test_the_type_of_the_whole_is_refused_too(tmp_path):
    found = opened(tmp_path, {"type": RUNS, "args": "true"})
    with pytest.raises(ConfigurationError, match=f'asks for "{RUNS}", which is not registered as a Whole'):
        Whole.by_name(found["type"])


def test_dots_in_other_texts_and_in_registered_names_do_no_harm(tmp_path):
    Part.register("with.dot", exist_ok=True)(Plain)
    found = opened(tmp_path, {"type": "whole", "part": "with.dot"})
    assert isinstance(Whole.from_params(Params(found)).part, Plain)


def test_archives_that_are_trusted_build_what_they_name(tmp_path, monkeypatch):
    monkeypatch.setenv("XLAMAML_TRUST_ARCHIVE", "1")
    found = opened(tmp_path, {"type": "whole", "part": f"{__name__}.Plain"})
    assert isinstance(Whole.from_params(Params(found)).part, Plain)
    monkeypatch.setenv("XLAMAML_TRUST_ARCHIVE", "yes")
    with pytest.raises(ConfigurationError, match='XLAMAML_TRUST_ARCHIVE is "yes"'):
        config.check_config(tmp_path / "out" / "config.json", "an archive")


def test_what_no_archive_names_is_found_by_its_path_as_before():
    assert isinstance(Whole.from_params(Params({"type": "whole", "part": f"{__name__}.Plain"})).part, Plain)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("trust_remote_code", True),
        ("evalb_directory_path", "/; touch ran #"),
        ("srl_eval_path", "/somewhere/perl"),
        ("serialization_dir", "/somewhere/else"),
    ],
)
def test_keys_by_which_registered_components_run_programs_or_write_elsewhere_are_refused(tmp_path, key, value):
    with pytest.raises(ConfigurationError, match=rf"runs/theirs/model\.tar\.gz: its config\.json has {key}, which"):
        opened(tmp_path, {"model": {"type": "any", "parts": [{key: value}]}})
