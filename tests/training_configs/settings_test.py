"""Settings of studies: what would make other rows than their names say is refused, the rest reaches controls, too."""

import json
import re

import _jsonnet
import pytest
from allennlp.common.checks import ConfigurationError

from tests.training_configs.studies_test import STUDIES, build


def inner_loops(task: str, settings: str, row: str = "study.xla_maml(['hi'])") -> dict[str, dict]:
    """The inner loops of a row and its controls, by slug."""
    text = f"""
        local study = import '../lib/study.libsonnet';
        local task = (import '../lib/study_{task}.libsonnet')('e', settings={settings});
        {{ [each.slug]: task.meta(each, 'base', 0).trainer.inner_loop for each in study.with_controls({row}) }}
    """
    return json.loads(_jsonnet.evaluate_snippet(f"{STUDIES}/snippet.jsonnet", text))


@pytest.mark.parametrize("task", ["nli", "qa"])
@pytest.mark.parametrize("place", ["meta", "changes"])
@pytest.mark.parametrize(
    "key", ["lr: 1e-2", "num_steps: 3", "type: 'exact'", "lr: null", "learned_rates: {}", "support_weight: 1"]
)
def test_a_change_that_would_switch_a_controls_step_on_is_refused(task, place, key):
    named = re.escape(f"settings.{place}.trainer.inner_loop.{key.split(':')[0]} would be that of every row")
    with pytest.raises(RuntimeError, match=rf"study: {named}.*Give settings\.inner_loop.* its inner_loop; .*alphas"):
        inner_loops(task, f"{{ {place}: {{ trainer: {{ inner_loop: {{ {key} }} }} }} }}")


def test_a_change_that_removes_the_inner_loop_is_refused():
    with pytest.raises(RuntimeError, match=r"settings\.meta\.trainer\.inner_loop would be that of every row"):
        inner_loops("nli", "{ meta: { trainer: { inner_loop: null } } }")


@pytest.mark.parametrize("task", ["nli", "qa"])
def test_other_keys_of_the_inner_loop_are_changed_of_every_row(task):
    found = inner_loops(task, "{ meta: { trainer: { inner_loop: { micro_batch_size: 2 } } } }")
    assert {slug: each["micro_batch_size"] for slug, each in found.items()} == dict.fromkeys(
        ["xla", "query", "both", "off"], 2
    )
    assert (found["off"]["lr"], found["query"]["num_steps"]) == (1e-12, 0)


@pytest.mark.parametrize("given", ["settings", "row"])
def test_a_control_has_its_rows_inner_loop_in_all_but_the_step_that_it_goes_without(given):
    # Learned rates would learn a step that is off back on.
    own = """{ type: 'hessian_free', lr: 1e-3, num_steps: 3, scheme: 'central', support_weight: 1, micro_batch_size: 2,
               learned_rates: {} }"""
    if given == "settings":
        found = inner_loops("nli", f"{{ inner_loop: {own} }}")
    else:
        found = inner_loops("nli", "{}", f"study.xla_maml(['hi']) {{ inner_loop: {own} }}")
    # As many passes over the support set, so that dropout draws what it draws with the step on.
    kept = {"num_steps": 3, "support_weight": 1, "micro_batch_size": 2}
    assert found["off"] == {"type": "first_order", "lr": 1e-12, **kept}
    # Without a step there is no support gradient that could count.
    fine_tuning = {"type": "first_order", "num_steps": 0, "micro_batch_size": 2}
    assert found["query"] == found["both"] == fine_tuning


@pytest.mark.parametrize(
    "given, named",
    [
        ({"lr": 1e-2}, "lr is given by the argument alphas"),
        ({"type": "exact"}, "type is given by the argument estimator"),
    ],
)
def test_controls_takes_alpha_and_estimator_from_its_arguments_alone(given, named):
    with pytest.raises(ConfigurationError, match=rf"study: settings\.inner_loop is .*; {named}"):
        build("controls", seeds=[0], settings={"inner_loop": given})


def test_other_keys_of_settings_inner_loop_reach_every_row_of_controls():
    study = build("controls", seeds=[0], alphas=[1e-4, 1e-2], settings={"inner_loop": {"micro_batch_size": 4}})
    found = {
        name: run.config["trainer"]["inner_loop"] for name, run in study.runs.items() if not name.startswith("english")
    }
    assert {each["micro_batch_size"] for each in found.values()} == {4}
    rates = {name: each.get("lr") for name, each in found.items()}
    assert rates == {
        "x-hi-0": 1e-4, "xla-hi-0": 1e-4, "xla2-hi-0": 1e-2, "query-hi-0": None, "both-hi-0": None, "off-hi-0": 1e-12,
    }  # fmt: skip


@pytest.mark.parametrize("name, arguments", [("xnli_table3", {"pairs": []}), ("mlqa_table4", {})])
def test_shots_are_those_of_every_few_shot_run_and_name_them(name, arguments):
    whole = [run for run in build(name, seeds=[0, 1], **arguments).runs.values() if run.shots]
    some = [run for run in build(name, seeds=[0, 1], settings={"shots": 64}, **arguments).runs.values() if run.shots]
    assert len(some) == len(whole) > 0
    assert {(run.shots, run.config["dataset_reader"]["type"] == "drawn") for run in whole} == {("dev", False)}
    readers = [run.config["dataset_reader"] for run in some]
    assert {run.shots for run in some} == {64}
    assert {(reader["type"], reader["size"], reader["seed"]) for reader in readers} == {("drawn", 64, 0)}


@pytest.mark.parametrize("shots", [0, -1, 2.5, True, "64"])
def test_shots_are_a_count(shots):
    with pytest.raises(ConfigurationError, match=r"settings\.shots is .*; give a whole number, at least 1, or null"):
        build("mlqa_table4", seeds=[0], settings={"shots": shots})
