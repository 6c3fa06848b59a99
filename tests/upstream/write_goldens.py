"""
Wrote tests/upstream/goldens/, once and for all: what transformers 4.42.4 and this project at 2e8efa4 made of tiny
encoders and archives. Whatever is installed later is compared with it; to write it again would compare nothing.

It ran before `upstream/` was there, which now refuses 4.42.4. golden_stock.py gave stock.json in the same environment;
pieces/ is what that release made of the sentencepiece models alone.

    python -m tests.upstream.write_goldens FOLDER      (in an environment with the pins of 2e8efa4)
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import transformers

from demo.encoder import write_encoder
from tests.upstream.golden_archives import RUNS, answers_of, write_archives
from tests.upstream.golden_encoders import ENCODERS, TEXTS, write_encoders
from tests.upstream.golden_numbers import demo, nli, pieces, qa, rounded

RELEASE = "4.42.4"


def main(target: Path) -> None:
    if transformers.__version__ != RELEASE:
        raise SystemExit(f"Goldens are of transformers {RELEASE}, and {transformers.__version__} is installed.")
    write_encoders(target / "encoders")
    for name in ENCODERS:
        folder = target / "encoders" / name
        _write(folder / "golden.json", {"pieces": pieces(folder), "nli": nli(folder), "qa": qa(folder)})
    with tempfile.TemporaryDirectory() as scratch:
        write_encoder(Path(scratch), TEXTS)
        _write(target / "demo.json", demo(Path(scratch)))
    with tempfile.TemporaryDirectory() as scratch:
        runs = Path(scratch)
        write_archives(target / "encoders", runs)
        data = target / "data"
        data.mkdir()
        shutil.move(runs / "xnli.dev.tsv", data)
        shutil.move(runs / "dev", data)
        for name in RUNS:
            archive = target / f"{name}.tar.gz"
            shutil.move(runs / name / "model.tar.gz", archive)
            _write(target / f"{name}.json", answers_of(archive, data))


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(rounded(content), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
