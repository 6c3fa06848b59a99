"""The config of an archive builds registered components, wherever in it they stand and whenever they are built."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Optional, Union

import pytest
from allennlp.common import Lazy, Params, Registrable
from allennlp.common.checks import ConfigurationError

from tests.archives.made import contents, sealed
from xlamaml_allennlp.archives import components, config
from xlamaml_allennlp.archives.unpacking import unpack

RUNS = "subprocess.Popen"
THEIRS = "runs/theirs/model.tar.gz"


class Part(Registrable):
    """A component."""


@Part.register("plain")
class Plain(Part):
    pass


class Whole(Registrable):
    """A component of components."""


@Whole.register("keeper")
class Keeper(Whole):
    def __init__(self, later: Lazy[Part], name: str) -> None:
        self.later, self.name = later, name


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
    monkeypatch.setattr(components, "_opened", {})


@contextmanager
def being_opened(tmp_path, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The config of an archive, as AllenNLP reads it from the archive's folder; within, it is being opened."""
    path = sealed(tmp_path / "model.tar.gz", contents(config_json=json.dumps(given).encode()))
    (tmp_path / "out").mkdir()
    with components.opening():
        components.refuse(unpack(path, str(tmp_path / "out"), THEIRS), THEIRS)
        found = json.loads((tmp_path / "out" / "config.json").read_text())
        yield found
        components.refuse_later(found)


def opened(tmp_path, given: dict[str, Any]) -> dict[str, Any]:
    """The config of an archive that was opened."""
    with being_opened(tmp_path, given) as found:
        return found


def refusal(build: Callable[[], Any]) -> str:
    """What is said of an archive when something is built."""
    with pytest.raises(ConfigurationError) as error:
        build()
    said: Any = error.value
    while THEIRS not in str(said):  # AllenNLP wraps what a union's parts say
        said = said.__cause__
    return str(said)


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
@pytest.mark.parametrize("when", ["while it is opened", "once it is open", "later and from copies"])
def test_a_dotted_path_is_refused_wherever_it_stands(tmp_path, monkeypatch, keys, when):
    monkeypatch.chdir(tmp_path)
    with being_opened(tmp_path, {"type": "whole", **keys}) as found:
        if when == "while it is opened":
            said = refusal(lambda: Whole.from_params(Params(found)))
    if when != "while it is opened":
        config = Params(found) if when == "once it is open" else Params({"a": [dict(found)]}).duplicate().pop("a")[0]
        said = refusal(lambda: Whole.from_params(config))
    assert "runs/theirs/model.tar.gz: its config.json asks for" in said
    assert "may build registered components only" in said
    assert not (tmp_path / "ran").exists()


def test_what_is_to_be_built_later_of_an_archives_config_is_refused_then(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = {"type": "keeper", "later": {"type": RUNS, "args": ["touch", "ran"]}, "name": RUNS}
    with being_opened(tmp_path, given) as found:
        keeper = Whole.from_params(Params(found).duplicate())
    for build in (keeper.later.construct, lambda: Part.by_name(keeper.name), lambda: Part.from_params(keeper.name)):
        assert f'asks for "{RUNS}", which is not registered as a Part' in refusal(build)
    assert not (tmp_path / "ran").exists()


def test_ones_own_config_may_name_the_class_that_an_archive_names(tmp_path):
    mine = json.dumps({"type": "whole", "part": f"{__name__}.Plain"})
    theirs = opened(tmp_path, json.loads(mine))
    refusal(lambda: Whole.from_params(Params(theirs)))
    assert isinstance(Whole.from_params(Params(json.loads(mine))).part, Plain)
    (tmp_path / "mine.jsonnet").write_text(mine)
    assert isinstance(Whole.from_params(Params.from_file(tmp_path / "mine.jsonnet")).part, Plain)


def test_what_a_user_overrides_is_the_users(tmp_path):
    found = opened(tmp_path, {"type": "whole", "part": "plain", "note": "a.b"})
    found |= {"part": f"{__name__}.Plain"}
    del found["note"]
    assert isinstance(Whole.from_params(Params(found)).part, Plain)


def test_an_archive_within_an_archive_does_not_free_what_the_outer_one_names(tmp_path):
    (tmp_path / "inner").mkdir()
    with being_opened(tmp_path, {"type": "whole", "part": RUNS}) as found:
        with being_opened(tmp_path / "inner", {"type": "whole"}):
            refusal(lambda: Whole.from_params(Params(found).duplicate()))
        refusal(lambda: Whole.from_params(Params(found)))


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
