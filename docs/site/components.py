"""Every registered component with its keys, types, defaults and what its docstring says of them."""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from allennlp.commands.subcommand import Subcommand
from allennlp.commands.train import TrainModel
from allennlp.common import Registrable
from allennlp.training import GradientDescentTrainer, Trainer

import xlamaml_allennlp  # noqa: F401  registers the components
from docs.site.docstrings import default_in_words, parameters, section

# Bases whose components take every key of a class of AllenNLP's: that class, its constructor, and what documents it.
STOCK: dict[Any, tuple[str, Callable[..., Any], Any]] = {
    Trainer: ("gradient_descent", GradientDescentTrainer.from_partial_objects, GradientDescentTrainer),
    TrainModel: ("default", TrainModel.from_partial_objects, TrainModel.from_partial_objects),
}
# What AllenNLP's docstrings leave out.
UNSAID = {
    "no_grad": "Regular expressions of parameters that are not trained.",
    "ddp_accelerator": "How workers share the model; AllenNLP passes it.",
}
REGISTRATION = re.compile(r"\s*(?:[^.]*: )?Registered as an? `\w+`\s+with\s+name\s+\"\w+\"\.")
# A link within AllenNLP's own documentation.
LINK_ELSEWHERE = re.compile(r"\[([^\]]*)\]\((?!https?://)[^)]*\)")


@dataclass(frozen=True)
class Component:
    """Something that a config can name: its base class, its name there, its class and constructor."""

    base: Any
    name: str
    subclass: Any
    constructor: Callable[..., Any]


def components() -> list[Component]:
    """Everything that the package registers for configs, by base and name; commands are for a shell."""
    found = [
        Component(base, name, subclass, getattr(subclass, constructor or "__init__"))
        for base, entries in Registrable._registry.items()
        for name, (subclass, constructor) in entries.items()
        if base is not Subcommand and subclass.__module__.split(".")[0] == "xlamaml_allennlp"
    ]
    return sorted(found, key=lambda each: (each.base.__name__, each.name))


def page() -> str:
    """The reference of components, as Markdown."""
    every = components()
    names = {component.base.__name__ for component in every}
    lines = [
        "# Components\n",
        "What a config can name by `type`, below the class that it stands for. Types are Python's, defaults as a",
        "config writes them; a key without a default has to be given, unless it says that AllenNLP passes it.\n",
    ]
    for name in sorted(names):
        lines.append(f"## {name}\n")
        for component in every:
            if component.base.__name__ == name:
                lines += [*_component(component, names), ""]
        lines += [line for base in STOCK if base.__name__ == name for line in _stock(base, names)]
    return "\n".join(lines)


def _component(component: Component, names: set[str]) -> Iterator[str]:
    base, docstring = component.base, inspect.getdoc(component.subclass) or ""
    yield f"### `{component.name}` {{ #{anchor(base, component.name)} }}\n"
    yield REGISTRATION.sub("", section(docstring, ""))
    stock = inspect.signature(STOCK[base][1]).parameters if base in STOCK else {}
    texts, others = {**_stock_texts(base), **parameters(docstring)}, []
    for parameter in _keys(component.constructor):
        same = parameter.name in stock and parameter.default is stock[parameter.name].default
        if same and parameter.name not in parameters(docstring):
            others.append(parameter.name)
        else:
            words = default_in_words(docstring, parameter.name)
            yield from entry(parameter, texts.get(parameter.name, ""), names, words)
    if others:
        yield f"And those of [`{STOCK[base][0]}`](#{anchor(base, STOCK[base][0])}): {', '.join(map(_code, others))}.\n"


def _stock(base: Any, names: set[str]) -> Iterator[str]:
    name, constructor, _ = STOCK[base]
    yield f"### `{name}` of AllenNLP {{ #{anchor(base, name)} }}\n"
    yield "What AllenNLP says of the keys that it shares with the above.\n"
    texts = _stock_texts(base)
    for parameter in _keys(constructor):
        yield from entry(parameter, texts.get(parameter.name, ""), names)


def _stock_texts(base: Any) -> dict[str, str]:
    if base not in STOCK:
        return {}
    return {**UNSAID, **parameters(LINK_ELSEWHERE.sub(r"\1", STOCK[base][2].__doc__))}


def _keys(constructor: Callable[..., Any]) -> list[inspect.Parameter]:
    every = inspect.signature(constructor).parameters.values()
    return [each for each in every if each.name != "self" and each.kind is not each.VAR_KEYWORD]


def entry(parameter: inspect.Parameter, text: str, names: set[str], default: str = "") -> list[str]:
    """A key as an item of a list of definitions."""
    kind = written(parameter.annotation)
    linked = next((f"[`{kind}`](#{name.lower()})" for name in sorted(names) if name in re.findall(r"\w+", kind)), "")
    head = f"`{parameter.name}` · {linked or _code(kind)}"
    if parameter.default is not parameter.empty:
        head += f" · default {default or _code(value(parameter.default))}"
    first, *rest = (text or " ").split("\n")
    return [head, f":   {first}", *(f"    {line}".rstrip() for line in rest), ""]


def anchor(base: Any, name: str) -> str:
    """Where a component stands on the page."""
    return f"{base.__name__.lower()}-{name}"


def written(annotation: Any) -> str:
    """A type without the modules of its parts; what AllenNLP builds later is shown as what it builds."""
    text = annotation.__name__ if isinstance(annotation, type) and not hasattr(annotation, "__args__") else annotation
    short = re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(text))
    return re.sub(r"\bLazy\[(\w+)\]", r"\1", short).replace("NoneType", "None")


def value(default: Any) -> str:
    """A default as a config writes it."""
    return "{}" if type(default).__name__ == "Lazy" else json.dumps(default)


def _code(text: str) -> str:
    return f"`{text}`"
