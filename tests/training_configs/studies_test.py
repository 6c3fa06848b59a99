"""The shipped studies: each opens with its command, and expands to the runs that the protocol asks for."""

import json
import re
from collections import Counter
from pathlib import Path

import _jsonnet
import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.studies.expansion import expanded
from xlamaml_allennlp.studies.order import order
from xlamaml_allennlp.studies.reading import study_of
from xlamaml_allennlp.studies.study import Study

ROOT = Path(__file__).parents[2]
STUDIES = ROOT / "training_configs" / "studies"
EXPECTED = {
    "demo", "demo_qa",
    "controls", "gxlt", "mlqa_table4", "parallel_table7", "sampling_table6", "smoke", "variants", "xlmr_table5",
    "xnli_figure2", "xnli_table3",
}  # fmt: skip


def build(name: str, **arguments) -> Study:
    study = study_of(expanded(STUDIES / f"{name}.jsonnet", arguments))
    order(study)
    return study


def methods(study: Study) -> Counter:
    """How many runs of each method and shots there are."""
    return Counter((run.method, run.shots) for run in study.runs.values())


def test_the_studies_are_the_ones_these_tests_know():
    assert {path.stem for path in STUDIES.glob("*.jsonnet")} == EXPECTED


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_study_opens_with_its_command_and_what_it_is_of_the_paper(name):
    opening, *lines = (STUDIES / f"{name}.jsonnet").read_text().splitlines()
    command = rf"// python -m xlamaml_allennlp study training_configs/studies/{name}\.jsonnet -s [\w/]+"
    assert re.match(command, opening)
    comments = " ".join(line for line in lines if line.startswith("//"))
    assert re.search(r"[Tt]able|[Ff]igure", comments)


def test_table_3_has_zero_shot_and_few_shot_rows_and_the_best_pair_by_development_data():
    languages = ["ar", "en", "hi", "sw"]
    study = build("xnli_table3", seeds=[0], languages=languages)
    # Zero-shot: hi, and 6 pairs of 4 languages. Few-shot: 4 targets, without sw itself 3; X-MAML has learned sw once,
    # XLA-MAML once for each target.
    assert methods(study) == {
        ("baseline", 0): 1, ("X-MAML", 0): 1 + 6 + 1, ("XLA-MAML", 0): 1 + 6 + 3,
        ("baseline", "dev"): 4, ("X-MAML", "dev"): 3, ("XLA-MAML", "dev"): 3,
        # Of zero-shot hi, and what goes before the few-shot ones.
        ("fine-tuning on query", 0): 1 + 1, ("fine-tuning on query and support", 0): 1 + 3,
        ("XLA-MAML, inner step off", 0): 1,
        ("fine-tuning on query", "dev"): 3, ("fine-tuning on query and support", "dev"): 3,
    }  # fmt: skip
    few = study.runs["few-xla-sw-ar-0"]
    assert few.earlier == ["for-ar-sw-0"]
    assert (study.runs["for-ar-sw-0"].support, study.runs["for-ar-sw-0"].query) == (("ar",), ("sw",))
    assert set(study.evaluations["few-xla-sw-ar-0"].data) == {"ar"}
    same = study.evaluations["same-0"]
    judged = {candidate.run: candidate.by for candidate in same.run.candidates}
    assert judged["xla-ar+sw-0"] == ("x-ar+sw-0.dev",)
    # Development sets of what the pair has not learned from, and the test sets of all.
    assert set(study.evaluations["x-ar+sw-0.dev"].data) == {"hi"}
    assert set(same.data) == set(languages)


def test_all_fifteen_languages_make_105_pairs():
    text = "(import '../lib/study.libsonnet').pairs(std.range(1, 15))"
    pairs = json.loads(_jsonnet.evaluate_snippet(f"{STUDIES}/snippet.jsonnet", text))
    assert len(pairs) == len({tuple(pair) for pair in pairs}) == 105


def test_figure_2_has_a_row_for_each_of_fifteen_languages_and_that_of_english_is_x_maml():
    study = build("xnli_figure2", seeds=[0], controls=False)
    rows = [run for run in study.runs.values() if run.method == "XLA-MAML"]
    assert len(rows) == 15
    assert all(len(evaluation.data) == 15 for evaluation in study.evaluations.values())
    plans = {run.auxiliary[0]: run.config["data_loader"]["languages"]["type"] for run in rows}
    assert plans.pop("en") == "same_language"
    assert set(plans.values()) == {"cross_lingual"}


def test_table_4_has_a_few_shot_run_for_each_target_and_its_column_hi_is_x_maml():
    study = build("mlqa_table4", seeds=[0], languages=["de", "en", "hi"])
    assert methods(study)["XLA-MAML", "dev"] == methods(study)["baseline", "dev"] == 3
    assert study.runs["for-hi-hi-0"].config["data_loader"]["languages"]["type"] == "same_language"
    assert study.runs["few-english-de-0"].earlier == ["english-0"]


@pytest.mark.parametrize("name", ["sampling_table6", "parallel_table7"])
def test_tables_6_and_7_vary_one_setting_of_the_sampler(name):
    runs = build(name, seeds=[0]).runs.values()
    varied = [run.config["data_loader"]["sampler"] for run in runs if run.method.startswith("XLA-MAML, ")
              and "off" not in run.method]  # fmt: skip
    key = {"sampling_table6": "type", "parallel_table7": "parallel"}[name]
    values = Counter(str(sampler.pop(key)) for sampler in varied)
    assert sorted(values.values()) == [2, 2]
    assert all(sampler == varied[0] for sampler in varied)


def test_every_question_language_is_asked_about_every_context_language():
    study = build("gxlt", seeds=[0], languages=["de", "hi", "zh"], controls=False)
    asked = {path.rpartition("/")[2] for evaluation in study.evaluations.values() for path in evaluation.data.values()}
    assert len(asked) == 9
    assert "test-context-zh-question-de.json" in study.evaluations["english-0.de"].data["zh"]
    assert len(study.evaluations) == 3 * 3


@pytest.mark.parametrize("task, steps", [("nli", 500), ("qa", 100)])
def test_a_control_takes_as_many_steps_over_as_many_examples_and_no_inner_step(task, steps):
    runs = build("controls", task=task, seeds=[0]).runs
    ours, both = runs["xla-hi-0"].config, runs["both-hi-0"].config
    assert meta_steps(ours) == meta_steps(both) == meta_steps(runs["query-hi-0"].config) == steps
    # A step of the method sees 8 support and 8 query examples; that of the control two query sets of 8.
    assert both["trainer"]["num_gradient_accumulation_steps"] == 2
    assert both["data_loader"]["languages"] == {"type": "cross_lingual", "support": ["en", "hi"], "query": ["en", "hi"]}
    assert runs["query-hi-0"].config["data_loader"]["languages"] == {"type": "same_language", "query": ["hi"]}
    assert [runs[f"{name}-hi-0"].config["trainer"]["inner_loop"]["num_steps"] for name in ("both", "query")] == [0, 0]
    # What the inner loop's rate leaves of a step of 1 in float32's weight of 1: nothing.
    assert runs["off-hi-0"].config["trainer"]["inner_loop"]["lr"] < 2**-24
    off = {**runs["off-hi-0"].config, "trainer": {**runs["off-hi-0"].config["trainer"], "inner_loop": None}}
    assert off == {**ours, "trainer": {**ours["trainer"], "inner_loop": None}}


def meta_steps(config) -> float:
    return config["data_loader"]["episodes_per_epoch"] / config["trainer"]["num_gradient_accumulation_steps"]


def test_a_seed_is_that_of_both_stages():
    study = build("controls", seeds=[0, 1])
    for run in study.runs.values():
        assert run.config["random_seed"] == run.seed
        assert run.earlier in ([], [f"english-{run.seed}"])


def test_settings_reach_the_stages_they_are_for():
    settings = {"lr": 1e-4, "meta_lr": 5e-5, "changes": {"cuda": 1}, "meta": {"m": 1}}
    study = build("controls", seeds=[0], settings=settings)
    english, ours = study.runs["english-0"].config, study.runs["xla-hi-0"].config
    assert (english["trainer"]["optimizer"]["lr"], ours["trainer"]["optimizer"]["lr"]) == (1e-4, 5e-5)
    assert (english["cuda"], ours["cuda"], ours["m"], "m" in english) == (1, 1, 1, False)


def test_variants_are_judged_on_development_files_beside_the_test_sets_all_of_them_and_the_controls():
    study = build("variants", seeds=[0], only=["ascent"], tests={"de": "test.de"}, dev={"ur": "dev.ur"})
    trained = {"xla-hi-0", "x-hi-0", "query-hi-0", "both-hi-0", "off-hi-0", "ascent-hi-0"}
    assert set(study.evaluations) == {name + split for name in ("english-0", *trained) for split in ("", ".dev")}
    assert dict(study.evaluations["both-hi-0"].data) == {"de": "test.de"}
    assert dict(study.evaluations["both-hi-0.dev"].data) == {"ur": "dev.ur"}
    # Comparisons are of test results: what is chosen by has a name of its own.
    assert study.evaluations["ascent-hi-0.dev"].method.endswith(" (dev)")


def test_variants_are_evaluated_once_more_after_adaptation_to_their_support_language_where_asked_to():
    adapted = {"wide": {"lr": 0.01, "support_size": 32}}
    study = build("variants", seeds=[0], only=["wide", "apart"], tests={"de": "t"}, dev={"ur": "d"}, adapted=adapted)
    assert {name for name in study.runs if "adapted" in name} == {"adapted-wide-hi-0"}
    run = study.runs["adapted-wide-hi-0"]
    assert set(run.needs) == {"runs/wide-hi-0"}
    assert list(run.config["train_data_path"]) == ["en"]
    assert run.config["dataset_reader"]["size"] == 32
    assert dict(study.evaluations["adapted-wide-hi-0"].data) == {"de": "t"}
    assert dict(study.evaluations["adapted-wide-hi-0.dev"].data) == {"ur": "d"}


def test_where_there_are_several_pairs_of_languages_a_variant_draws_them_by_help_and_another_differs_in_that_alone():
    languages = {"query": ["hi", "sw"], "support": ["en", "hi", "sw"]}
    study = build("variants", seeds=[0], only=["random", "helping"], **languages)
    uniform, helping = (study.runs[f"{slug}-hi+sw-0"].config for slug in ("random", "helping"))
    assert uniform["data_loader"].pop("languages") == {"type": "cross_lingual", **languages}
    assert helping["data_loader"].pop("languages") == {"type": "exp3s", **languages}
    assert uniform == helping
    with pytest.raises(ConfigurationError, match="no key helping"):
        build("variants", only=["helping"], query=["hi"], support=["en"])


@pytest.mark.parametrize("argument, value", [("only", ["wdie"]), ("adapted", {"apart": {"lr": 0.01}})])
def test_a_variant_that_there_is_not_or_that_was_not_asked_for_is_an_error(argument, value):
    with pytest.raises(ConfigurationError, match=rf"study: {argument}: no key {next(iter(value))}\. There are: .*wide"):
        build("variants", **{"only": ["wide"], argument: value})
