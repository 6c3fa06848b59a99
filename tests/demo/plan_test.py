"""A demo's plan: the stages in order, each from a config that also runs by itself."""

import json
import re

import pytest

from demo.command import ROOT, shown
from demo.nli import Nli
from demo.plan import Plan, settings
from demo.qa.task import Qa

STAGES = ["english", "x_maml", "xla_maml"]
TASKS = [Nli(), Qa()]
AFTER = {"Nli": [], "Qa": ["word_overlap.metrics.json", "answers.txt"]}


@pytest.fixture(params=TASKS, ids=lambda task: type(task).__name__)
def task(request):
    return request.param


def config_of(plan, name):
    return json.loads(settings(plan._config(name)))


def test_the_steps_come_in_the_order_in_which_they_need_each_other(task):
    steps = Plan(task).steps
    assert [step.product.name for step in steps] == [
        "encoder", *(made for name in STAGES for made in ("model.tar.gz", f"{name}.metrics.json")),
        *AFTER[type(task).__name__],
    ]  # fmt: skip
    for place, step in enumerate(steps):
        assert all(source in steps[:place] for source in step.sources if hasattr(source, "fingerprint"))


def test_all_that_a_step_is_made_from_is_there(task):
    assert all(step.fingerprint for step in Plan(task).steps)


@pytest.mark.parametrize("name", STAGES)
def test_by_default_a_stage_is_the_tasks_config_as_it_lies_there(task, name):
    assert Plan(task)._config(name) == task.configs / f"{name}.jsonnet"


@pytest.mark.parametrize("name", STAGES)
def test_a_config_opens_with_the_command_that_the_demo_runs(task, name):
    config, runs = shown(task.configs / f"{name}.jsonnet"), shown(task.runs)
    first = (ROOT / config).read_text(encoding="utf-8").splitlines()[0]
    assert first == f"// python -m xlamaml_allennlp train {config} -s {runs}/{name}"


def test_both_ways_of_meta_training_start_from_the_same_baseline_and_learn_alike(task):
    x_maml, xla_maml = (config_of(Plan(task), name) for name in ("x_maml", "xla_maml"))
    assert x_maml["model"] == xla_maml["model"]
    assert x_maml["model"]["pretrained_file"] == f"{shown(task.runs)}/english/model.tar.gz"
    assert x_maml["trainer"] == xla_maml["trainer"]
    assert x_maml["data_loader"]["languages"] == {"type": "same_language", "query": ["hi"]}
    assert xla_maml["data_loader"]["languages"] == {"type": "cross_lingual", "support": ["en"], "query": ["hi"]}
    assert xla_maml["data_loader"]["sampler"]["parallel"] is True


def test_every_file_that_a_stage_reads_is_there(task):
    for name in STAGES:
        paths = config_of(Plan(task), name)["train_data_path"]
        assert all((ROOT / path).is_file() for path in (paths.values() if isinstance(paths, dict) else [paths]))


def test_another_folder_encoder_and_languages_reach_every_stage(task, tmp_path):
    plan = Plan(task, folder=tmp_path, encoder="my/encoder", support="ar", query="zh")
    assert all(config_of(plan, name)["model"]["model_name"] == "my/encoder" for name in STAGES)
    xla_maml = config_of(plan, "xla_maml")
    assert xla_maml["data_loader"]["languages"] == {"type": "cross_lingual", "support": ["ar"], "query": ["zh"]}
    assert xla_maml["model"]["pretrained_file"] == f"{tmp_path}/english/model.tar.gz"
    assert not any(step.product.name == "encoder" for step in plan.steps)


def test_another_query_language_repeats_meta_training_but_not_the_baseline(task, tmp_path):
    fingerprints = [
        {step.product: step.fingerprint for step in Plan(task, folder=tmp_path, query=query).steps}
        for query in ("hi", "ru")
    ]
    changed = {product for product in fingerprints[0] if fingerprints[0][product] != fingerprints[1][product]}
    assert {re.split(r"[./]", str(product.relative_to(tmp_path)))[0] for product in changed} - {"answers"} == {
        "x_maml", "xla_maml",
    }  # fmt: skip


def test_the_encoder_reads_every_text_of_the_data(task):
    texts = set(task.texts())
    for path in (task.train, *task.dev, *task.test):
        if path.suffix == ".json":
            paragraphs = [p for article in json.loads(path.read_text())["data"] for p in article["paragraphs"]]
            assert {p["context"] for p in paragraphs} | {q["question"] for p in paragraphs for q in p["qas"]} <= texts
        else:
            assert {s for row in path.read_text().splitlines()[1:] for s in row.split("\t")[2:4]} <= texts
