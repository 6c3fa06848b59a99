"""Rows that are adapted before they are evaluated: as they adapt themselves, or not at all."""

import json
import re

import _jsonnet
import pytest
from allennlp.common.checks import ConfigurationError

from tests.training_configs.studies_test import STUDIES, build

TEXT = """
local study = import '../lib/study.libsonnet';
local task = (import '../lib/study_%s.libsonnet')('e', settings=%s);
study.adapted(task, [%s], [0], %s, ['de']).runs[0].config
"""


def adapted(task: str, row: str, keys: str = "{}", settings: str = "{}") -> dict[str, object]:
    """What a row is adapted by."""
    config = json.loads(_jsonnet.evaluate_snippet(f"{STUDIES}/snippet.jsonnet", TEXT % (task, settings, row, keys)))
    trainer, reader = config["trainer"], config["dataset_reader"]
    assert trainer["optimizer"]["type"] == "sgd"
    return {
        "lr": trainer["optimizer"]["lr"],
        "num_steps": trainer["num_epochs"],
        "support_size": reader["size"],
        "support": list(config["train_data_path"]),
    }


ROW = "study.xla_maml(['hi'], ['de']) { support_size: 32, inner_loop: { type: 'exact', lr: 1e-2, num_steps: 3 } }"


@pytest.mark.parametrize("task", ["nli", "qa"])
def test_a_row_is_adapted_by_its_own_rate_steps_languages_and_size_unless_others_are_given(task):
    own = {"lr": 1e-2, "num_steps": 3, "support_size": 32, "support": ["de"]}
    assert adapted(task, ROW) == own
    assert adapted(task, ROW, "{ lr: 0.5, support: ['ar'] }") == {**own, "lr": 0.5, "support": ["ar"]}
    usual = {"lr": 1e-5, "num_steps": 1, "support_size": 8, "support": ["en"]}
    assert adapted(task, "study.xla_maml(['hi'])") == usual
    of_settings = "{ inner_loop: { type: 'exact', lr: 1e-3, num_steps: 2 } }"
    assert adapted(task, "study.xla_maml(['hi'])", "{}", of_settings) == {**usual, "lr": 1e-3, "num_steps": 2}


@pytest.mark.parametrize("task", ["nli", "qa"])
@pytest.mark.parametrize(
    "key, value",
    [
        ("parameters", "['^classifier']"),
        ("learned_rates", "{}"),
        ("direction", "'ascent'"),
        ("normalize", "true"),
        ("schedule", "{ warmup_steps: 5 }"),
    ],
)
def test_a_row_that_takes_other_steps_than_plain_sgd_is_refused_by_name_and_key(task, key, value):
    named = re.escape(f'study: row "xla" (XLA-MAML, hi) has inner_loop.{key}, but adaptation is plain SGD over all')
    row = f"study.xla_maml(['hi']) {{ inner_loop: {{ type: 'exact', lr: 1e-2, {key}: {value} }} }}"
    with pytest.raises(RuntimeError, match=named):
        adapted(task, row, "{ lr: 1, num_steps: 1, support: ['en'], support_size: 8 }")
    with pytest.raises(RuntimeError, match=named):
        adapted(task, "study.xla_maml(['hi'])", "{}", f"{{ inner_loop: {{ type: 'exact', {key}: {value} }} }}")
    assert adapted(task, "study.xla_maml(['hi']) { inner_loop: { direction: 'descent', normalize: false } }")


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_control_without_an_inner_step_is_adapted_by_what_is_named_alone(place):
    control = f"study.controls(study.xla_maml(['hi']))[{place}]"
    with pytest.raises(RuntimeError, match=r"takes no inner step .*\. Give the adaptation lr and num_steps"):
        adapted("nli", control, "{ lr: 0.1 }")
    found = adapted("nli", control, "{ lr: 0.1, num_steps: 2 }")
    assert (found["lr"], found["num_steps"]) == (0.1, 2)


def test_variants_are_adapted_as_they_adapt():
    run = build("variants", seeds=[0], only=["wide"], adapted={"wide": {}}).runs["adapted-wide-hi-0"].config
    assert (run["trainer"]["optimizer"], run["trainer"]["num_epochs"]) == ({"type": "sgd", "lr": 1e-2}, 1)
    assert run["dataset_reader"]["size"] == 32


@pytest.mark.parametrize("slug, key", [("head", "parameters"), ("ascent", "direction, inner_loop.normalize")])
def test_variants_that_plain_sgd_cannot_adapt_are_refused(slug, key):
    with pytest.raises(ConfigurationError, match=rf'row "{slug}" .* has inner_loop\.{key}, but adaptation'):
        build("variants", seeds=[0], only=[slug], adapted={slug: {}})
