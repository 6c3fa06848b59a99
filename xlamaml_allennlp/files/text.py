"""What can be wrong with a text, whatever the task."""

import re
import unicodedata
from typing import Optional

# What JSON makes of an emoji that was cut in half; no encoding and no tokenizer takes it.
HALF = re.compile("[\ud800-\udfff]")
# Characters of other kinds that nobody sees: grapheme joiner, Hangul fillers, variation selectors.
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0") | {
    chr(code) for code in range(0xFE00, 0xFE10)
}


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
    if half:
        return f"the {name} has half a character (\\u{ord(half[0]):x}) at {half.start()}"
    if not any(map(_is_seen, text)):
        return f"the {name} is empty but for characters that nobody sees (such as \\u{ord(text.strip()[0]):04x})"
    return None


def _is_seen(character: str) -> bool:
    # Control (Cc) and format characters (Cf: zero-width spaces and joiners, marks of direction), and spaces (Z*).
    return not (
        character in UNSEEN or character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")
    )
