"""The reference of components: nothing that a config can name is missing, nor a key, nor what is said of it."""

import inspect
import json
import re
from typing import Optional, Union

import pytest
from allennlp.common import Lazy
from allennlp.training import GradientDescentTrainer
from allennlp.training.optimizers import Optimizer

from docs.site.components import STOCK, anchor, components, page, value, written
from docs.site.docstrings import parameters
from tests.components import COMPONENTS

PAGE = page()
# A component's anchor -> what stands below its heading.
SECTIONS = dict(re.findall(r"^### [^\n]* \{ #(\S+) \}\n(.*?)(?=^###? |\Z)", PAGE, flags=re.MULTILINE | re.DOTALL))
# A key with its type and default, and its text.
ENTRY = re.compile(r"^`(\w+)` · (.*)\n:   (.+)$", flags=re.MULTILINE)
each = pytest.mark.parametrize("component", components(), ids=lambda each: anchor(each.base, each.name))


def entries(name: str) -> dict[str, tuple[str, str]]:
    return {key: (head, text) for key, head, text in ENTRY.findall(SECTIONS[name])}


def test_every_component_that_is_tested_is_in_it():
    assert {anchor_of(base, name) for base, name in COMPONENTS} <= set(SECTIONS)


def anchor_of(base: str, name: str) -> str:
    return f"{base.lower()}-{name}"


@each
def test_every_key_is_there_with_type_default_and_text(component):
    own = entries(anchor(component.base, component.name))
    stock = entries(anchor(component.base, STOCK[component.base][0])) if component.base in STOCK else {}
    for key, parameter in inspect.signature(component.constructor).parameters.items():
        if key == "self":
            continue
        assert key in own or f"`{key}`" in SECTIONS[anchor(component.base, component.name)], key
        head, text = own[key] if key in own else stock[key]
        assert re.search(r"\w{2}", text), f"{key} has no text"
        if isinstance(parameter.annotation, type) and not hasattr(parameter.annotation, "__args__"):
            assert f"`{parameter.annotation.__name__}`" in head
        if parameter.default is parameter.empty:
            assert "default" not in head
        elif type(parameter.default) in (bool, int, float, str, type(None)):
            said = f"default `{json.dumps(parameter.default)}`"
            assert said in head or "default one pass" in head


@each
def test_what_a_docstring_says_of_a_default_is_the_default(component):
    docstring = inspect.getdoc(component.subclass)
    for key, parameter in inspect.signature(component.constructor).parameters.items():
        said = re.search(rf"^{key} : .*\(default = `(.*)`\)$", docstring, flags=re.MULTILINE)
        if said:
            assert eval(said[1]) == parameter.default, key
        elif f"\n{key} : " in docstring and "(default" not in docstring.split(f"\n{key} : ")[1].split("\n")[0]:
            assert parameter.default in (parameter.empty, None), key


def test_a_key_that_is_not_in_a_docstring_would_be_seen():
    assert "seed" not in parameters("A thing.\n\n# Parameters\n\nsize : `int`\n    Its size.\n")


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (int, "int"),
        (Optional[list[str]], "Optional[list[str]]"),
        (Union[bool, GradientDescentTrainer], "Union[bool, GradientDescentTrainer]"),
        (Lazy[Optimizer], "Optimizer"),
    ],
)
def test_a_type_is_written_without_modules(annotation, text):
    assert written(annotation) == text


def test_a_default_is_written_as_a_config_has_it():
    assert [value(None), value(True), value(1e-5), value("a"), value((0.9, 0.999))] == [
        "null", "true", "1e-05", '"a"', "[0.9, 0.999]",
    ]  # fmt: skip
