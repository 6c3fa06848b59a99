"""
Writes the encoder of the runs in docs/results.md, multilingual-e5-small, as a transformers folder.

    python -m benchmarks.encoder --output ENCODER DATA/XNLI-1.0/*.tsv DATA/multinli_1.0/*.jsonl

Of its vocabulary of 250,002 it keeps what these texts need, which changes no output for them, and makes the optimizer's
step on a CPU several times cheaper. Without texts it is written whole.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from demo.encoder import from_hub, unpack
from demo.origin import packed_file


def texts(path: Path) -> Iterator[str]:
    """Every text in a file: the strings of JSON and JSON lines, or the lines of anything else."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        yield from strings(json.loads(content))
    elif path.suffix == ".jsonl":
        yield from strings([json.loads(line) for line in content.splitlines()])
    else:
        yield from content.splitlines()


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from strings(list(value.values()))
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, required=True, help="the folder to write")
    parser.add_argument("texts", type=Path, nargs="*", help="files whose texts it has to read")
    options = parser.parse_args()
    file = packed_file()
    if file is None:
        from_hub(options.output)
    else:
        found = {text for path in options.texts for text in texts(path)}
        unpack(file, options.output, sorted(found) if options.texts else None)
    print(f"{options.output}: {json.loads((options.output / 'config.json').read_text())['vocab_size']:,} pieces")


if __name__ == "__main__":
    main()
