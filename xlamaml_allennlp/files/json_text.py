"""JSON that somebody else wrote."""

import json
from typing import Any


def parse_json(text: str) -> Any:
    """
    What a text of JSON holds.

    # Parameters

    text : `str`
        One JSON value, as of a line of a file, a whole file, or a command line.

    # Raises

    `ValueError`
        If it is not JSON or Python cannot hold it; the message is the reason alone, for an error that names the place.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"not JSON, or cut short: {error.msg} in {where}") from error
    except RecursionError as error:
        raise ValueError("brackets within brackets, deeper than Python reads JSON") from error
    except ValueError as error:
        # Python's limit on the digits of a whole number; its message tells how to change an interpreter's settings.
        raise ValueError("a whole number of thousands of digits") from error
