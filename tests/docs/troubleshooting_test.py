"""Messages that docs/troubleshooting.md quotes, as the sources have them."""

import re
from pathlib import Path

import allennlp
import pytest

from tests.docs.blocks import ROOT

PAGE = ROOT / "docs" / "troubleshooting.md"
QUOTED = [
    part
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| `")
    for part in re.findall(r"`([^`]+)`", line.split(" | ")[0])
]
# Texts of one message that stand in several lines of code, put together again.
JOINED = re.compile(r"""["']\s*\n\s*f?["']""")
FOLDERS = [ROOT / "xlamaml_allennlp", ROOT / "training_configs", Path(allennlp.__file__).parent / "common"]


@pytest.fixture(scope="module")
def sources() -> str:
    found = [path for folder in FOLDERS for path in folder.rglob("*.*") if path.suffix in (".py", ".libsonnet")]
    return "\n".join(JOINED.sub("", path.read_text(encoding="utf-8")) for path in found)


def test_there_are_messages():
    assert len(QUOTED) > 30


@pytest.mark.parametrize("message", QUOTED)
def test_a_message_is_one_that_the_code_gives(message, sources):
    assert message in sources
