"""Rows of studies: what they ask for is done, and what cannot be done, or is no key at all, is refused."""

import json
import re
from pathlib import Path
from typing import Any

import _jsonnet
import pytest

STUDIES = Path(__file__).parents[2] / "training_configs" / "studies"


SNIPPET = """
local study = import '../lib/study.libsonnet';
local task = (import '../lib/study_%s.libsonnet')('encoder');
study.zero_shot(task, %s, [0], ['hi'])
"""


def configs(task: str, rows: str) -> dict[str, dict]:
    """The configs of rows, by the names of runs."""
    return {run["name"]: run["config"] for run in evaluated(SNIPPET % (task, rows))["runs"]}


def evaluated(text: str) -> Any:
    return json.loads(_jsonnet.evaluate_snippet(f"{STUDIES}/snippet.jsonnet", text))


@pytest.mark.parametrize("task", ["nli", "qa"])
@pytest.mark.parametrize(
    "key, value",
    [("reverse", "true"), ("agreement", "{weight: 1}"), ("parallel", "true"), ("pairs", "{type: 'exp3s'}")],
)
def test_a_row_of_one_language_is_refused_what_only_two_languages_can_do(task, key, value):
    with pytest.raises(RuntimeError, match=rf'row "x" \(X-MAML, hi\) has {key}, but its support .* \(same: true\)'):
        configs(task, f"[study.x_maml(['hi']) {{ {key}: {value} }}]")
    assert configs(task, "[study.x_maml(['hi']) { reverse: false, agreement: null, parallel: false, pairs: {} }]")


def test_a_row_of_questions_is_refused_agreement():
    with pytest.raises(RuntimeError, match=r'row "xla" \(XLA-MAML, hi\) has agreement, but scores of tokens'):
        configs("qa", "[study.xla_maml(['hi']) { agreement: { weight: 1 } }]")


def test_the_control_of_one_language_goes_without_what_its_row_asks_of_translations():
    found = configs("nli", "study.with_controls(study.xla_maml(['hi']) { reverse: true, agreement: { weight: 1 } })")
    asked = {name: ("agreement" in each["trainer"], "reverse" in each["data_loader"]) for name, each in found.items()}
    assert asked.pop("query-hi-0") == (False, False)
    assert asked == dict.fromkeys(["xla-hi-0", "both-hi-0", "off-hi-0"], (True, True))


@pytest.mark.parametrize("task", ["nli", "qa"])
def test_a_misspelt_key_of_a_row_is_an_error_that_names_the_row_and_the_keys(task):
    with pytest.raises(RuntimeError, match=r'row "xla" \(XLA-MAML, hi\): no key revrese\. There are: .*, reverse, '):
        configs(task, "[study.xla_maml(['hi']) { revrese: true }]")
    with pytest.raises(RuntimeError, match=r'row "x" \(X-MAML, hi\): no key alpha, lr\. There are: '):
        configs(task, "[study.x_maml(['hi']) { lr: 1, alpha: 2 }]")


def test_a_control_with_a_misspelt_key_is_named_as_the_row_that_it_is():
    with pytest.raises(RuntimeError, match=r'row "query" \(fine-tuning on query, hi\): no key samplre\.'):
        configs("nli", "[study.controls(study.xla_maml(['hi']) { samplre: 'random' })[0]]")


@pytest.mark.parametrize("task", ["nli", "qa"])
@pytest.mark.parametrize(
    "asked, problem",
    [
        ("study.english(task('e', settings={ meta_step: 5 }), [0])", "settings: no key meta_step. There are: adapt, "),
        ("study.english(task('e') { langauges: ['hi'] }, [0])", "the task: no key langauges. There are: adapt, "),
        (
            "study.adapted(task('e'), [study.xla_maml(['hi'])], [0], { steps: 2 })",
            "adaptation: no key steps. There are: lr, num_steps, support, support_size.",
        ),
    ],
)
def test_a_misspelt_key_of_settings_of_a_task_or_of_an_adaptation_is_an_error(task, asked, problem):
    imports = "local study = import '../lib/study.libsonnet', task = import '../lib/study_%s.libsonnet';"
    with pytest.raises(RuntimeError, match="study: " + re.escape(problem)):
        evaluated(imports % task + asked)


@pytest.mark.parametrize("task", ["nli", "qa"])
def test_a_row_has_a_rate_and_an_average_of_its_own_and_so_have_its_controls(task):
    row = "study.xla_maml(['hi']) { meta_lr: 3e-5, moving_average: { type: 'exponential' } }"
    found = configs(task, f"study.with_controls({row}) + [study.x_maml(['hi'])]")
    own = {name: each["trainer"]["optimizer"]["lr"] for name, each in found.items()}
    assert own == {"xla-hi-0": 3e-5, "query-hi-0": 3e-5, "both-hi-0": 3e-5, "off-hi-0": 3e-5, "x-hi-0": 1e-5}
    averaged = {name for name, each in found.items() if each["trainer"].get("moving_average")}
    assert averaged == set(own) - {"x-hi-0"}


@pytest.mark.parametrize("task", ["nli", "qa"])
def test_a_row_has_sizes_of_its_own_and_fine_tuning_reads_as_many_examples_in_a_step(task):
    row = "study.xla_maml(['hi']) { support_size: 32, query_size: 16 }"
    found = configs(task, f"study.with_controls({row}) + [study.x_maml(['hi']) {{ query_size: 4 }}]")
    samplers = {name: each["data_loader"]["sampler"] for name, each in found.items()}
    sizes = {name: (each["support_size"], each["query_size"]) for name, each in samplers.items()}
    assert sizes == {
        "xla-hi-0": (32, 16),
        "off-hi-0": (32, 16),
        "query-hi-0": (8, 16),
        "both-hi-0": (8, 24),
        "x-hi-0": (8, 4),
    }
    assert found["both-hi-0"]["trainer"]["num_gradient_accumulation_steps"] == 2
