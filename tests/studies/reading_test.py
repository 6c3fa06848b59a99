"""What a study file may not say."""

import re

import pytest
from allennlp.common.checks import ConfigurationError

from tests.studies.instant import run, study
from xlamaml_allennlp.studies.expansion import arguments_of, expanded
from xlamaml_allennlp.studies.order import order
from xlamaml_allennlp.studies.reading import study_of

ONE = {"a": run()}
DATA = {"hi": "hi.tsv"}


@pytest.mark.parametrize(
    "content, said",
    [
        (study([{"name": "a", **run()}, {"name": "a", **run()}]), "run a is there twice"),
        (study([{"name": "a", **run()}, {"name": "A", **run()}]), "run A is there beside a"),
        (study({"a/b": run()}), "run 'a/b': no name for a folder"),
        (study({"a": run("b")}), "runs/a needs runs/b, which is not there. The study has these runs: a."),
        (study(ONE, {"e": {"run": "b", "data": DATA}}), "evaluations/e needs runs/b, which is not there"),
        (study(ONE, {"e": {"run": "a", "data": {}}}), "evaluation e: data is {}"),
        (study(ONE, {"e": {"run": "a", "data": DATA, "dtaa": 1}}), "evaluation e has no key 'dtaa'"),
        (study({"a": {"confg": {}}}), "run a has no key 'confg'"),
        (study({"a": {}}), "run a lacks the key 'config'"),
        (study(ONE, tabels=[]), "the study has no key 'tabels'"),
        ([], "the study is []"),
    ],
)
def test_a_slip_is_named(content, said):
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        study_of(content)


def test_a_circle_is_shown_from_end_to_end():
    with pytest.raises(ConfigurationError, match=r"runs/a needs runs/b needs runs/a|runs/b needs runs/a needs runs/b"):
        order(study_of(study({"a": run("b"), "b": run("a"), "c": run()})))


def test_evaluations_come_as_soon_as_their_archives_are_there():
    content = study({"a": run(), "b": run("a")}, {"e": {"run": "a", "data": DATA}, "f": {"run": "b", "data": DATA}})
    ids = [step.id for step in order(study_of(content))]
    assert ids == ["runs/a", "evaluations/e", "runs/b", "evaluations/f"]


def test_languages_of_the_episodes_are_read_off_the_config():
    languages = {"type": "cross_lingual", "support": ["en"], "query": ["hi", "ur"]}
    config = {"data_loader": {"languages": languages}}
    found = study_of(study({"a": {"config": config, "method": "XLA-MAML"}})).runs["a"]
    assert (found.support, found.query) == (("en",), ("hi", "ur"))


def test_a_study_is_a_function_of_its_arguments(tmp_path):
    file = tmp_path / "paper.jsonnet"
    file.write_text("function(seeds=[0], name='x') { name: name, seeds: seeds }")
    arguments = arguments_of(["seeds=[1, 2]", "name=xlm-roberta-base"])
    assert expanded(file, arguments) == {"name": "xlm-roberta-base", "seeds": [1, 2]}
    assert expanded(file, {}) == {"name": "x", "seeds": [0]}


@pytest.mark.parametrize(
    "given, said",
    [
        (["seeds"], "not of the form NAME=JSON"),
        (["query=[hi]"], "is not JSON. Texts in arrays have quotes"),
        (["a=1", "a=2"], "--arg a is there twice"),
    ],
)
def test_an_argument_that_cannot_be_read_is_named(given, said):
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        arguments_of(given)


@pytest.mark.parametrize(
    "text, arguments, said",
    [
        ("{ a: 1, a: 2 }", {}, "duplicate field"),
        ("function(a=1) { }", {"b": 1}, "no parameter|b"),
        ("{ name: 'x' }", {"b": 1}, "takes no arguments"),
        ("import 'nowhere.libsonnet'", {}, "nowhere.libsonnet"),
    ],
)
def test_what_jsonnet_finds_is_said_with_the_file(tmp_path, text, arguments, said):
    (tmp_path / "paper.jsonnet").write_text(text)
    with pytest.raises(ConfigurationError, match=f"paper.jsonnet(.|\n)*({said})"):
        expanded(tmp_path / "paper.jsonnet", arguments)


def test_an_argument_that_a_study_does_not_take_is_said_with_those_that_it_takes(tmp_path):
    file = tmp_path / "paper.jsonnet"
    file.write_text("local a(x) = x;\nfunction(\n  encoder,\n  seeds=[0, 1],  // of both\n  last={}\n) { a: a(1) }\n")
    with pytest.raises(ConfigurationError, match=r"no parameter seed\b(.|\n)*\nIt takes encoder, seeds, last\.$"):
        expanded(file, {"encoder": "x", "seed": 0})


def test_a_file_that_is_not_there_is_said():
    with pytest.raises(ConfigurationError, match=r"nowhere\.jsonnet: no such file"):
        expanded("nowhere.jsonnet", {})


@pytest.mark.parametrize("key", ["trainer", "data_loader"])
@pytest.mark.parametrize("given", [None, "meta", []])
def test_a_config_whose_parts_are_no_objects_is_named_with_the_key(key, given):
    with pytest.raises(ConfigurationError, match=rf"run a: config\.{key} is .*; give an object"):
        study_of({"name": "s", "runs": {"a": {"config": {key: given}}}})
