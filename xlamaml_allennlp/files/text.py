"""What can be wrong with a text, whatever the task."""

import re
from typing import Optional

# What JSON makes of an emoji that was cut in half; no encoding and no tokenizer takes it.
HALF = re.compile("[\ud800-\udfff]")


def text_problem(name: str, text: str) -> Optional[str]:
    """
    Why an encoder cannot read a text; `None` if it can.

    # Parameters

    name : `str`
        What the text is, for the message: "premise".
    text : `str`
        The text.
    """
    if not text or text.isspace():
        return f"the {name} is empty"
    half = HALF.search(text)
    return f"the {name} has half a character (\\u{ord(half[0]):x}) at {half.start()}" if half else None
