"""The demo's plan: the stages in order, each from a config that also runs by itself."""

import json

import pytest

from demo.command import ROOT
from demo.plan import Plan, settings

STAGES = ["english", "x_maml", "xla_maml"]


def config_of(name, **chosen):
    plan = Plan(**chosen)
    return json.loads(settings(plan._config(name)))


def test_the_steps_come_in_the_order_in_which_they_need_each_other():
    steps = Plan().steps
    assert [step.product.name for step in steps] == [
        "encoder", *(made for name in STAGES for made in ("model.tar.gz", f"{name}.metrics.json")),
    ]  # fmt: skip
    for place, step in enumerate(steps):
        assert all(source in steps[:place] for source in step.sources if hasattr(source, "fingerprint"))


@pytest.mark.parametrize("name", STAGES)
def test_by_default_a_stage_is_the_config_that_lies_in_demo(name):
    assert Plan()._config(name) == ROOT / "demo" / f"{name}.jsonnet"


def test_both_ways_of_meta_training_start_from_the_same_baseline_and_learn_alike():
    x_maml, xla_maml = config_of("x_maml"), config_of("xla_maml")
    assert x_maml["model"] == xla_maml["model"]
    assert x_maml["model"]["pretrained_file"] == "demo/runs/english/model.tar.gz"
    assert x_maml["trainer"] == xla_maml["trainer"]
    assert x_maml["data_loader"]["languages"] == {"type": "same_language", "query": ["hi"]}
    assert xla_maml["data_loader"]["languages"] == {"type": "cross_lingual", "support": ["en"], "query": ["hi"]}


def test_another_folder_encoder_and_languages_reach_every_stage(tmp_path):
    chosen = {"runs": tmp_path, "encoder": "my/encoder", "support": "de", "query": "zh"}
    assert all(config_of(name, **chosen)["model"]["model_name"] == "my/encoder" for name in STAGES)
    xla_maml = config_of("xla_maml", **chosen)
    assert xla_maml["data_loader"]["languages"] == {"type": "cross_lingual", "support": ["de"], "query": ["zh"]}
    assert xla_maml["model"]["pretrained_file"] == f"{tmp_path}/english/model.tar.gz"
    assert not any(step.product.name == "encoder" for step in Plan(**chosen).steps)


def test_another_query_language_repeats_meta_training_but_not_the_baseline(tmp_path):
    fingerprints = [
        {step.product: step.fingerprint for step in Plan(runs=tmp_path, query=query).steps} for query in ("hi", "ru")
    ]
    changed = {product for product in fingerprints[0] if fingerprints[0][product] != fingerprints[1][product]}
    assert {product.relative_to(tmp_path).parts[0].split(".")[0] for product in changed} == {"x_maml", "xla_maml"}
