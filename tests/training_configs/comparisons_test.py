"""What studies compare: each method with the baseline, and with every control of it that is trained."""

import json
from typing import Any

import _jsonnet
import pytest

from tests.training_configs.studies_test import EXPECTED, STUDIES, build
from xlamaml_allennlp.studies.study import Study

FINE_TUNING = ("fine-tuning on query", "fine-tuning on query and support")
OFF = ", inner step off"
SMALL: dict[str, dict[str, Any]] = {"xnli_table3": {"languages": ["ar", "en", "hi", "sw"]}}


def compared(study: Study) -> list[tuple[str, str]]:
    return [tuple(pair) for pair in study.about["comparisons"]]


def with_test_results(study: Study) -> dict[str, None]:
    """The methods that are evaluated on test sets, of runs that are named, in order."""
    of = [(each, study.runs[each.run]) for each in study.evaluations.values() if isinstance(each.run, str)]
    return {run.method: None for each, run in of if each.method in ("", run.method)}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_control_that_is_trained_is_compared_with_its_rows_and_these_with_the_baseline(name):
    study = build(name, seeds=[0], **SMALL.get(name, {}))
    methods, pairs = with_test_results(study), compared(study)
    assert len(set(pairs)) == len(pairs)
    controls = [method for method in methods if method in FINE_TUNING or method.endswith(OFF)]
    assert controls
    x_is_control = name in ("controls", "smoke")
    rows = [each for each in methods if each not in controls and each != "baseline"]
    ours = [each for each in rows if each.startswith("XLA-MAML")]
    assert {(row, control) for row in ours for control in controls} <= set(pairs)
    assert {(row, "baseline") for row in (ours if x_is_control else rows)} <= set(pairs)
    # Fine-tuning on the query examples is what X-MAML has to be compared with, where it is no control itself.
    is_told = "X-MAML" in rows and not x_is_control and "fine-tuning on query" in methods
    assert (("X-MAML", "fine-tuning on query") in pairs) == is_told
    assert not [pair for pair in pairs if any(method.endswith(" (dev)") for method in pair)]
    chosen = {each.method for each in study.evaluations.values() if not isinstance(each.run, str)}
    assert {method for pair in pairs for method in pair} <= {*methods, *chosen}


def test_without_controls_methods_are_compared_with_the_baseline_alone():
    assert compared(build("xlmr_table5", seeds=[0], controls=False)) == [
        ("X-MAML", "baseline"),
        ("XLA-MAML", "baseline"),
    ]


def test_what_is_chosen_by_development_sets_is_compared_with_the_baseline_by_the_test():
    pairs = compared(build("xnli_table3", seeds=[0], languages=["ar", "en", "hi", "sw"]))
    best = [(f"{method} pair", "baseline") for method in ("X-MAML, best", "XLA-MAML, same", "XLA-MAML, best")]
    assert pairs[:3] == best


def test_own_comparisons_of_a_study_come_first_and_none_comes_twice():
    text = """
        local study = import '../lib/study.libsonnet';
        local task = (import '../lib/study_nli.libsonnet')('encoder');
        local ours = study.xla_maml(['hi']);
        local judged = study.trained(task, [study.x_maml(['hi'])], [0]) + {
          evaluations: study.evaluated(task, self.runs, ['ur'], 'dev'),
        };
        study.of('one', 'One', [
          study.english(task, [0]),
          study.zero_shot(task, [ours, study.as_control(study.x_maml(['sw']) { method: 'other' }, ['XLA-MAML'])], [0]),
          judged,
        ], { comparisons: [['XLA-MAML', 'other'], ['a', 'b']] })
    """
    found = json.loads(_jsonnet.evaluate_snippet(f"{STUDIES}/snippet.jsonnet", text))
    assert found["comparisons"] == [["XLA-MAML", "other"], ["a", "b"], ["XLA-MAML", "baseline"]]


@pytest.mark.parametrize(
    "second, expected",
    [
        # A part of the library whose evaluations are replaced: of development sets, renamed, left out.
        ("rows + { evaluations: study.evaluated(task, self.runs, ['ur'], 'dev') }", []),
        ("rows + { evaluations: [each { method: 'ours' } for each in super.evaluations] }", []),
        ("rows + { evaluations: [] }", []),
        # One that is written by hand: its method is said by the evaluation, or by the run.
        ("{ runs: rows.runs, evaluations: [{ name: 'a', run: 'xla-hi-0', data: {} }] }", [["XLA-MAML", "baseline"]]),
        ("{ runs: rows.runs, evaluations: [{ name: 'a', run: 'xla-hi-0', method: 'M' }] }", [["M", "baseline"]]),
        ("{ runs: [], evaluations: [{ name: 'a', run: 'xla-hi-0', method: 'M (dev)' }] }", []),
    ],
)
def test_compared_is_what_is_evaluated_on_test_sets_whoever_wrote_it(second, expected):
    text = f"""
        local study = import '../lib/study.libsonnet';
        local task = (import '../lib/study_nli.libsonnet')('encoder');
        local rows = study.zero_shot(task, [study.xla_maml(['hi'])], [0]);
        study.of('one', 'One', [study.english(task, [0]), {second}], {{ comparisons: null }})
    """
    found = json.loads(_jsonnet.evaluate_snippet(f"{STUDIES}/snippet.jsonnet", text))
    assert (found.get("comparisons") or []) == expected


def test_what_is_adapted_has_the_controls_of_what_it_is_adapted_from():
    pairs = compared(build("variants", seeds=[0], only=["wide"], adapted={"wide": {}}, tests={"de": "t"}))
    wide = "XLA-MAML, support loss counts, not parallel, support of 32, alpha 1e-2"
    controls = [control for method, control in pairs if method == wide]
    assert controls == ["baseline", *FINE_TUNING, f"XLA-MAML{OFF}"]
    assert [control for method, control in pairs if method == f"{wide}, adapted"] == controls


def test_few_shot_rows_of_table_3_have_fine_tuning_and_the_same_epoch_beside_them():
    arguments = {"seeds": [0, 1], "languages": ["ar", "en", "hi", "sw"], "pairs": []}
    study = build("xnli_table3", **arguments)
    runs = study.runs
    # Of X-MAML one stage 2 for all targets, on its query examples; of XLA-MAML one for each, on both sets'.
    for target in ("ar", "en", "hi"):
        query, both = runs[f"few-query-sw-{target}-1"], runs[f"few-both-sw-{target}-1"]
        assert (query.earlier, both.earlier) == (["query-sw-1"], [f"both-for-{target}-sw-1"])
        row = runs[f"few-xla-sw-{target}-1"]
        for control in (query, both):
            assert (control.shots, control.auxiliary) == (row.shots, row.auxiliary) == ("dev", ("sw",))
            assert without_base(control.config) == without_base(row.config)
        assert set(runs[f"both-for-{target}-sw-1"].query) == {target, "sw"}
        assert set(study.evaluations[f"few-both-sw-{target}-1"].data) == {target}
    assert runs["query-sw-1"].query == runs["x-sw-1"].query == ("sw",)
    assert runs["query-sw-1"].config["trainer"]["inner_loop"]["num_steps"] == 0
    assert not [
        name for name in build("xnli_table3", controls=False, **arguments).runs if "query" in name or "both" in name
    ]


def test_the_control_that_zero_shot_has_already_is_not_trained_twice():
    study = build("xnli_table3", seeds=[0], languages=["ar", "en", "hi"], pairs=[], few_shot_auxiliary="hi")
    assert study.runs["few-query-hi-ar-0"].earlier == ["query-hi-0"]


def test_few_shot_rows_of_table_4_have_fine_tuning_on_query_and_support_and_the_same_epoch_beside_them():
    runs = build("mlqa_table4", seeds=[0], languages=["de", "en", "hi"]).runs
    for target in ("de", "en", "hi"):
        control, row = runs[f"few-both-hi-{target}-0"], runs[f"few-xla-hi-{target}-0"]
        assert control.earlier == [f"both-for-{target}-hi-0"]
        assert (control.method, control.shots) == ("fine-tuning on query and support", "dev")
        assert without_base(control.config) == without_base(row.config)


def without_base(config) -> dict:
    return {**config, "model": {**config["model"], "pretrained_file": ""}}
