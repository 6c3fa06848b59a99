"""A study file, which is Jsonnet, with the arguments that a command line gives to its function."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import _jsonnet
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.shipped_configs import import_from
from xlamaml_allennlp.studies.arguments import arguments as arguments_in

# What may stand without JSON's quotes: the name of an encoder, a path, an address.
_PLAIN = re.compile(r"[\w./:@!?=~+-]+")
_NAME = re.compile(r"[A-Za-z_]\w*")


def expanded(file: str | os.PathLike, arguments: Mapping[str, Any]) -> Any:
    """
    What a study file holds.

    # Parameters

    file : `Union[str, os.PathLike]`
        The file: an object, or a function whose arguments have defaults.
    arguments : `Mapping[str, Any]`
        What its function is called with, by name.

    # Raises

    `ConfigurationError`
        If the file is not there, or Jsonnet finds fault with it or with the arguments.
    """
    if not os.path.isfile(file):
        raise ConfigurationError(f"{file}: no such file. Give a study file, such as {_SHIPPED}.")
    codes = {name: json.dumps(value) for name, value in arguments.items()}
    try:
        # Jsonnet has an object ignore what it is called with.
        if codes and _type_of(file) != "function":
            given = ", ".join(codes)
            raise ConfigurationError(f"{file} is no function, so it takes no arguments (--arg {given}).")
        return json.loads(_jsonnet.evaluate_file(str(file), tla_codes=codes, import_callback=import_from))
    except RuntimeError as error:
        takes = _takes(file) if "function has no parameter" in str(error) else ""
        raise ConfigurationError(f"{file} is not evaluated. {str(error).strip()}{takes}") from error


def arguments_of(given: Sequence[str]) -> dict[str, Any]:
    """
    What `--arg NAME=JSON` says, each. A word, a path or an address may stand without JSON's quotes.

    # Raises

    `ConfigurationError`
        If one is not of that form, or a name is there twice.
    """
    found: dict[str, Any] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not _NAME.fullmatch(name):
            raise ConfigurationError(f"--arg {text}: not of the form NAME=JSON, such as seeds=[0,1,2].")
        if name in found:
            raise ConfigurationError(f"--arg {name} is there twice. Give it once.")
        found[name] = _value(text, value)
    return found


def _value(text: str, value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        if _PLAIN.fullmatch(value):
            return value
        raise ConfigurationError(
            f"--arg {text}: {value!r} is not JSON. Texts in arrays have quotes: --arg 'query=[\"hi\"]'."
        ) from None


def _takes(file: str | os.PathLike) -> str:
    names = [each.name for each in arguments_in(Path(file))]
    return f"\nIt takes {', '.join(names)}." if names else ""


def _type_of(file: str | os.PathLike) -> str:
    text = f"std.type(import {json.dumps(os.path.abspath(file))})"
    return str(json.loads(_jsonnet.evaluate_snippet("type", text, import_callback=import_from)))


_SHIPPED = "training_configs/studies/smoke.jsonnet"
