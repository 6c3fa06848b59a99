"""How AllenNLP's configs, and its `--overrides`, are evaluated: JSON as JSON, and Jsonnet within bounds."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Optional

from allennlp.common import params
from allennlp.common.checks import ConfigurationError

SECONDS, MEGABYTES = "XLAMAML_JSONNET_SECONDS", "XLAMAML_JSONNET_MEGABYTES"
DEFAULTS = {SECONDS: 60, MEGABYTES: 2000}
# Beyond it Jsonnet, whose numbers are floating-point ones, has no whole numbers.
WHOLE = 2**53


def bound_evaluation() -> None:
    """Gives AllenNLP this evaluation."""
    params.evaluate_file = evaluate_file
    params.evaluate_snippet = evaluate_snippet


def evaluate_file(filename: str, ext_vars: Optional[Mapping[str, str]] = None) -> str:
    """
    What a file of JSON or Jsonnet holds, as JSON.

    # Raises

    `RuntimeError`
        If it is none; Jsonnet's message.
    `ConfigurationError`
        If evaluating it takes more time or memory than XLAMAML_JSONNET_SECONDS and XLAMAML_JSONNET_MEGABYTES allow.
    """
    try:
        value = _as_jsonnet_says(Path(filename).read_text(encoding="utf-8"))
    except OSError:
        value = None  # Jsonnet says it
    return value or _evaluated("evaluate_file", filename, [filename], ext_vars)


def evaluate_snippet(filename: str, expr: str, ext_vars: Optional[Mapping[str, str]] = None) -> str:
    """The same of a text. `filename` is what errors call it."""
    return _as_jsonnet_says(expr) or _evaluated("evaluate_snippet", filename, [filename, expr], ext_vars)


def _as_jsonnet_says(text: str) -> Optional[str]:
    """What Jsonnet makes of JSON, which needs no process; `None` of anything else."""
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_int=_whole, parse_float=_number, parse_constant=_refuse
        )
    except (ValueError, RecursionError):
        return None
    return json.dumps(value, sort_keys=True)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _refuse("a key twice")


def _whole(digits: str) -> int:
    number = int(digits)
    return number if abs(number) < WHOLE else _refuse(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not abs(number) < WHOLE:
        return _refuse(digits)
    return int(number) if number.is_integer() else number


def _refuse(what: str) -> Any:
    raise ValueError(what)


def _evaluated(function: str, name: str, arguments: list[str], ext_vars: Optional[Mapping[str, str]]) -> str:
    seconds, megabytes = _bound(SECONDS), _bound(MEGABYTES)
    binding = find_spec("_jsonnet")
    if binding is None or binding.origin is None:
        raise ImportError("there is no module '_jsonnet', which evaluates configs: `make install` brings it")
    request = {
        "function": function,
        "arguments": arguments,
        "ext_vars": dict(ext_vars or {}),
        "binding": os.path.dirname(binding.origin),
        "bytes": megabytes * 1_000_000,
        "seconds": seconds,
    }
    command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("jsonnet_process.py"))]
    try:
        process = subprocess.run(
            command, input=json.dumps(request), capture_output=True, text=True, timeout=2 * seconds + 10, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _unbounded(name, seconds, megabytes) from error
    if process.returncode:
        raise _unbounded(name, seconds, megabytes)
    sys.stderr.write(process.stderr)  # of std.trace
    answer = json.loads(process.stdout)
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer["value"]


def _unbounded(name: str, seconds: int, megabytes: int) -> ConfigurationError:
    return ConfigurationError(
        f"{name}: evaluating it takes more than {seconds} seconds or {megabytes} MB. Check what it repeats; {SECONDS} "
        f"and {MEGABYTES} allow more."
    )


def _bound(name: str) -> int:
    value = os.environ.get(name, "")
    if value and not (value.isdecimal() and int(value)):
        raise ConfigurationError(f'{name} is "{value}"; it is a whole number above 0.')
    return int(value or DEFAULTS[name])
