"""Real files of every format: the same batches whether their examples are kept or read."""

import os
from pathlib import Path

import pytest

from tests.languages.same_batches import LOADERS, check_batches
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.qa.dataset_reader import MlqaReader

DATA = Path(os.environ.get("XLAMAML_SHARED", Path(__file__).parents[3] / "shared")) / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="needs real data; XLAMAML_SHARED names their folder")
XNLI, MLQA = str(DATA / "XNLI-1.0" / "xnli.test.tsv"), str(DATA / "MLQA_V1" / "dev" / "dev-context-hi-question-hi.json")


@pytest.mark.parametrize("loader", ["shuffled", "buckets"])
@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (XnliReader, {"en": str(DATA / "multinli_1.0" / "multinli_1.0_subset.jsonl")}),
        (XnliReader, {"hi": XNLI, "de": XNLI}),
        (MlqaReader, {"hi": MLQA}),
        (MlqaReader, {"hi": str(DATA / "xquad" / "xquad.hi.json")}),
        (MlqaReader, {"en": str(DATA / "tydiqa" / "tydiqa.goldp.en.train.json")}),
    ],
    ids=["mnli", "xnli", "mlqa", "xquad", "tydiqa"],
)
def test_batches_are_the_same(xlmr_folder, tmp_path, kind, path, loader):
    def build(cache):
        return kind(str(xlmr_folder), cache=cache, max_instances=40, max_length=128, **keys)

    keys = {} if kind is XnliReader else {"stride": 16, "on_bad_question": "skip"}
    check_batches(build, path, tmp_path / "cache", LOADERS[loader])
