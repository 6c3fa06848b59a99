"""JSON that somebody else wrote."""

import json
from typing import Any


def parse_json(text: str, unique_keys: bool = False) -> Any:
    """
    What a text of JSON holds.

    # Parameters

    text : `str`
        One JSON value, as of a line of a file, a whole file, or a command line.
    unique_keys : `bool`, optional (default = `False`)
        Whether an object with a key twice is an error. JSON has no rule for it, and Python keeps the last in silence.

    # Raises

    `ValueError`
        If it is not JSON or Python cannot hold it; the message is the reason alone, for an error that names the place.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique if unique_keys else None)
    except json.JSONDecodeError as error:
        where = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"not JSON, or cut short: {error.msg} in {where}") from error
    except RecursionError as error:
        raise ValueError("brackets within brackets, deeper than Python reads JSON") from error
    except Repeated:
        raise
    except ValueError as error:
        # Python's limit on the digits of a whole number; its message tells how to change an interpreter's settings.
        raise ValueError("a whole number of thousands of digits") from error


class Repeated(ValueError):
    """A key that an object has twice."""


def shown(value: Any) -> str:
    """A value of JSON for an error, short whatever it is: a text or a number itself, else what kind it is."""
    if isinstance(value, str):
        return json.dumps(value[:80], ensure_ascii=False)
    if value is None or isinstance(value, (bool, float)) or (isinstance(value, int) and abs(value) < 10**80):
        return json.dumps(value)
    kinds = {dict: "an object", list: "a list", int: "a number of many digits"}
    return kinds.get(type(value), f"a {type(value).__name__}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Repeated(f"the key {shown(key)} is there twice")
        found[key] = value
    return found
