"""Configs are evaluated as Jsonnet says, and within bounds."""

import json
import os
import time

import _jsonnet
import pytest
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from hypothesis import given, settings
from hypothesis import strategies as st

import xlamaml_allennlp  # noqa: F401  lets AllenNLP evaluate as it does
from xlamaml_allennlp import jsonnet

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def kinds(value):
    """A value in which 1 and 1.0 differ, and so do keys in another order."""
    if isinstance(value, dict):
        return [(key, kinds(each)) for key, each in value.items()]
    return list(map(kinds, value)) if isinstance(value, list) else (type(value), value)


@given(VALUES)
@settings(max_examples=20)
def test_json_is_what_jsonnet_makes_of_it(value):
    text = json.dumps(value)
    without = jsonnet._as_jsonnet_says(text)
    if without is not None:
        expected = json.loads(_jsonnet.evaluate_snippet("text", text))
        assert kinds(json.loads(without)) == kinds(expected)


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', "NaN", "1e999", "9007199254740993", "1e17", "{a: 1}", "", "[" * 999]
)
def test_what_python_reads_otherwise_is_left_to_jsonnet(text):
    assert jsonnet._as_jsonnet_says(text) is None


def test_a_config_knows_the_environment_and_what_lies_beside_it(tmp_path, monkeypatch):
    monkeypatch.setenv("HINDI", "गंगा")
    (tmp_path / "b.libsonnet").write_text("{ b: std.extVar('HINDI') }")
    (tmp_path / "a.jsonnet").write_text("(import 'b.libsonnet') + { a: std.length(super.b) }")
    found = Params.from_file(tmp_path / "a.jsonnet", "{ c: 1 + 1 }").as_dict(quiet=True)
    assert found == {"a": 4, "b": "गंगा", "c": 2}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{ a: 1 ", "Expected a comma before next field|expected"),
        ("error 'my words'", "my words"),
        ("local f(n) = f(n + 1) + 1; f(0)", "max stack frames exceeded"),
    ],
)
def test_what_jsonnet_says_is_said(tmp_path, text, message):
    (tmp_path / "a.jsonnet").write_text(text)
    with pytest.raises(RuntimeError, match=message):
        Params.from_file(tmp_path / "a.jsonnet")


@pytest.mark.parametrize(
    "text",
    [
        "local f(n) = f(n + 1) tailstrict; f(0)",  # for ever
        "std.range(1, 1000000000)",
        "local f(n, s) = if n == 0 then s else f(n - 1, s + s) tailstrict; f(60, 'memory')",
    ],
)
def test_a_config_that_never_ends_or_fills_the_memory_is_one_error(tmp_path, monkeypatch, text):
    monkeypatch.setenv("XLAMAML_JSONNET_SECONDS", "1")
    monkeypatch.setenv("XLAMAML_JSONNET_MEGABYTES", "300")
    (tmp_path / "a.jsonnet").write_text(text)
    begun = time.monotonic()
    with pytest.raises(ConfigurationError, match=r"a\.jsonnet: evaluating it takes more than 1 seconds or 300 MB"):
        Params.from_file(tmp_path / "a.jsonnet")
    assert time.monotonic() - begun < 10
    assert not [each for each in os.listdir(tmp_path) if each != "a.jsonnet"]


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "x"])
def test_a_bound_is_a_whole_number(monkeypatch, value):
    monkeypatch.setenv("XLAMAML_JSONNET_SECONDS", value)
    with pytest.raises(ConfigurationError, match=f'XLAMAML_JSONNET_SECONDS is "{value}"'):
        jsonnet.evaluate_snippet("text", "1 + 1")
