"""Exact match and F1 against what the official scripts of MLQA and SQuAD v1.1 gave."""

import json

from xlamaml_allennlp.qa.metric import exact_match, f1


def test_every_golden_case_is_reproduced_exactly(shared):
    lines = (shared / "golden" / "span_metric_cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    assert len(cases) >= 480
    assert {case["language"] for case in cases} == {"ar", "de", "en", "es", "hi", "vi", "zh"}
    for case in cases:
        asked = case["prediction"], case["answers"], case["language"], case["metric"]
        assert (exact_match(*asked), f1(*asked)) == (case["exact_match"], case["f1"]), case
