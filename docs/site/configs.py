"""The arguments of configs and studies, with what their files say of them."""

from collections.abc import Iterator
from pathlib import Path

from docs.site.arguments import SHARED
from xlamaml_allennlp.studies.arguments import Argument, arguments

CONFIGS = Path(__file__).parents[2] / "training_configs"


def page() -> str:
    """The reference of configs, as Markdown."""
    lines = [
        "# Configs and their arguments\n",
        "A variant is one line, `(import 'xlamaml/NAME.jsonnet')(argument=value)`; any other key is changed by adding",
        "an object. Defaults are Jsonnet; those that begin with `official.` are addresses of `lib/data.libsonnet`.\n",
        "## Stages\n",
        *(line for file in sorted(CONFIGS.glob("*.jsonnet")) for line in _config(file)),
        "## Studies\n",
        *(line for file in sorted(CONFIGS.glob("studies/*.jsonnet")) for line in _config(file)),
    ]
    return "\n".join(lines)


def _config(file: Path) -> Iterator[str]:
    yield f"### `{file.stem}`\n"
    yield from opening(file)
    for argument in explained(file):
        default = f" · default `{argument.default}`" if argument.default else ""
        yield f"`{argument.name}`{default}"
        yield f":   {argument.comment}\n"


def opening(file: Path) -> list[str]:
    """The command that runs a file and what its comment says below it, as Markdown."""
    comment = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("//"):
            break
        comment.append(line.removeprefix("//").removeprefix(" "))
    # Lines that are indented are commands or Jsonnet.
    text = "\n".join(f"`{line.strip()}`" if line.startswith("  ") else line for line in comment[1:])
    return [f"```bash\n{comment[0]}\n```\n", text.strip(), ""]


def explained(file: Path) -> list[Argument]:
    """The arguments of a config; what it does not say of one is said by its name."""
    return [Argument(each.name, each.default, each.comment or SHARED.get(each.name, "")) for each in arguments(file)]
