"""Every episode is the one that it was when `goldens/streams.json` was written."""

import json

import pytest

from tests.episodes import golden_streams as golden


def expected(name: str) -> dict[str, str]:
    return json.loads(golden.FILE.read_text(encoding="utf-8"))[name]


def test_the_streams_and_batches_of_own_data_stay():
    rows = golden.own()
    assert {**golden.streams(rows), **golden.batches(rows)} == expected("own")


@pytest.mark.skipif(not golden.XNLI.exists(), reason="needs XNLI's development set; XLAMAML_SHARED names the folder")
def test_the_streams_and_batches_of_xnli_stay(bert_folder):
    rows = golden.xnli(bert_folder)
    assert {**golden.streams(rows), **golden.batches(rows)} == expected("xnli")


@pytest.mark.skipif(not golden.MLQA.exists(), reason="needs MLQA's development set; XLAMAML_SHARED names the folder")
def test_the_streams_and_batches_of_mlqa_stay(xlmr_folder):
    rows = golden.mlqa(xlmr_folder)
    assert {**golden.streams(rows), **golden.batches(rows)} == expected("mlqa")
