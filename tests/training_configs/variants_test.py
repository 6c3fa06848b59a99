"""Keys that are no part of the paper: no config has them by default, arguments and rows of studies bring them in."""

import json
from pathlib import Path

import _jsonnet
import pytest
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from allennlp.models import Model

from tests.training_configs.studies_test import build
from xlamaml_allennlp.adaptation.first_order import FirstOrderInnerLoop

CONFIGS = Path(__file__).parents[2] / "training_configs"
ENCODER = str(Path(__file__).parents[1] / "upstream" / "goldens" / "encoders" / "xlm-roberta")
AVERAGE = {"type": "exponential", "decay": 0.99}
EXP3S = {"type": "exp3s", "exploration": 0.3}
KL = {"type": "symmetric_kl", "weight": 0.5}
ALL = sorted(path for path in CONFIGS.glob("*.jsonnet") if not path.stem.endswith("_adapt"))


def evaluated(**snippets):
    """Configs by Jsonnet, all at once."""
    text = ", ".join(f"{name}: {snippet}" for name, snippet in snippets.items())
    return json.loads(_jsonnet.evaluate_snippet(f"{CONFIGS}/snippet.jsonnet", f"{{{text}}}"))


def test_weights_are_averaged_in_any_stage_that_is_asked_to():
    keys = f"(moving_average={json.dumps(AVERAGE)})"
    found = evaluated(**{path.stem: f"(import '{path.name}'){keys}" for path in ALL})
    plain = evaluated(**{path.stem: f"(import '{path.name}')()" for path in ALL})
    assert len(ALL) == 8
    assert all("moving_average" not in config["trainer"] for config in plain.values())
    assert all(config["trainer"]["moving_average"] == AVERAGE for config in found.values())


@pytest.mark.parametrize("name", ["xnli_xla_maml.jsonnet", "mlqa_xla_maml.jsonnet"])
def test_episodes_go_both_ways_where_asked_to_in_as_many_meta_steps(name):
    arguments = "(reverse=true, episodes_per_step=2, meta_steps_per_language=7)"
    found = evaluated(plain=f"(import '{name}')()", varied=f"(import '{name}'){arguments}")
    assert "reverse" not in found["plain"]["data_loader"]
    loader = found["varied"]["data_loader"]
    assert (loader["reverse"], loader["episodes_per_epoch"]) == (True, 14)


@pytest.mark.parametrize("name", ["xnli_xla_maml.jsonnet", "mlqa_xla_maml.jsonnet"])
def test_pairs_of_languages_are_drawn_as_asked_to_and_uniformly_otherwise(name):
    arguments = "support=['en', 'de'], query=['hi'], sampler='random'"
    found = evaluated(
        plain=f"(import '{name}')({arguments})",
        varied=f"(import '{name}')({arguments}, pairs={json.dumps(EXP3S)})",
    )
    languages = {"support": ["en", "de"], "query": ["hi"]}
    assert found["plain"]["data_loader"]["languages"] == {"type": "cross_lingual", **languages}
    assert found["varied"]["data_loader"]["languages"] == {**EXP3S, **languages}


@pytest.mark.parametrize("task", ["nli", "qa"])
def test_a_row_draws_its_pairs_as_it_asks_to_and_its_fine_tuning_controls_uniformly(task):
    text = f"""
        local study = import 'lib/study.libsonnet';
        local task = (import 'lib/study_{task}.libsonnet')();
        local row = study.xla_maml(['hi', 'de'], support=['en', 'hi', 'de']) {{ sampler: 'random', pairs: {EXP3S} }};
        {{ [each.slug]: task.meta(each, 'base', 0) for each in study.with_controls(row) }}
    """
    found = json.loads(_jsonnet.evaluate_snippet(f"{CONFIGS}/snippet.jsonnet", text))
    types = {slug: config["data_loader"]["languages"]["type"] for slug, config in found.items()}
    assert types == {"xla": "exp3s", "off": "exp3s", "both": "cross_lingual", "query": "same_language"}
    # Both gradients have to be at hand where pairs are drawn by how they agree, with the inner step off, too.
    inner_loop = found["off"]["trainer"]["inner_loop"]
    assert (inner_loop["type"], inner_loop["lr"]) == ("exact", 1e-12)
    assert found["both"]["trainer"]["inner_loop"]["type"] == "first_order"


def test_translations_have_to_agree_where_asked_to():
    config = "(import 'xnli_xla_maml.jsonnet')"
    found = evaluated(plain=f"{config}()", varied=f"{config}(agreement={json.dumps(KL)})")
    assert "agreement" not in found["plain"]["trainer"]
    assert found["varied"]["trainer"]["agreement"] == KL


@pytest.mark.parametrize("task", ["nli", "qa"])
def test_a_row_of_a_study_brings_its_keys_and_all_stages_average(task):
    # Question answering has no agreement: a row that asks for it is refused (studies_test).
    agreement = f", agreement: {json.dumps(KL)}" if task == "nli" else ""
    text = f"""
        local study = import 'lib/study.libsonnet';
        local task = (import 'lib/study_{task}.libsonnet')(settings={{
          moving_average: {json.dumps(AVERAGE)}, buckets: true,
        }});
        local row = study.xla_maml(['hi']);
        local more = {{ reverse: true, episodes_per_step: 2{agreement} }};
        {{
          plain: task.meta(row, 'base', 0), varied: task.meta(row + more, 'base', 0),
          control: task.meta(study.controls(row)[0], 'base', 0), english: task.english(0),
          few_shot: task.few_shot('hi', 'base', 0),
        }}
    """
    found = json.loads(_jsonnet.evaluate_snippet(f"{CONFIGS}/snippet.jsonnet", text))
    assert all(config["trainer"]["moving_average"] == AVERAGE for config in found.values())
    in_buckets = {name for name, each in found.items() if "batch_sampler" in each["data_loader"]}
    assert in_buckets == {"english", "few_shot"}
    plain, varied = found["plain"], found["varied"]
    assert "reverse" not in plain["data_loader"]
    assert varied["data_loader"]["reverse"] is True
    assert varied["trainer"].get("agreement") == (KL if task == "nli" else None)
    steps = [
        each["data_loader"]["episodes_per_epoch"] / each["trainer"]["num_gradient_accumulation_steps"]
        for each in (plain, varied)
    ]
    assert steps[0] == steps[1]


@pytest.mark.parametrize("task", ["nli", "qa"])
def test_variants_of_which_a_part_adapts_differ_from_the_one_of_which_all_does_in_that_and_in_alpha(task):
    runs = build("variants", task=task, seeds=[0], only=["apart", "head", "norms"]).runs
    apart, head, norms = ({**runs[f"{slug}-hi-0"].config} for slug in ("apart", "head", "norms"))
    loops = [each.pop("trainer") for each in (apart, head, norms)]
    assert apart == head == norms
    every, *parts = (each.pop("inner_loop") for each in loops)
    assert loops[0] == loops[1] == loops[2]
    assert [part.pop("lr") for part in parts] == [1e-1, 1e-2]
    expressions = [part.pop("parameters") for part in parts]
    assert every.pop("lr") == 1e-5
    assert every == parts[0] == parts[1] == {"type": "first_order", "num_steps": 1, "support_weight": 1.0}
    # What these expressions find in the models themselves.
    model = Model.from_params(
        Params({**apart["model"], "model_name": ENCODER, "pretrained_file": None}), vocab=Vocabulary()
    )
    found = [set(FirstOrderInnerLoop(parameters=each).adapted_names(model)) for each in expressions]
    names = {name for name, _ in model.named_parameters()}
    assert found[0] == {name for name in names if not name.startswith("encoder.")} != set()
    assert found[1] == {name for name in names if name.endswith("bias") or "LayerNorm" in name} != set()


def test_where_there_are_several_query_languages_a_step_of_a_variant_has_two_episodes_and_as_many_examples():
    runs = build("variants", seeds=[0], only=["apart", "several"], query=["hi", "sw"], support=["en"]).runs
    apart, several = (runs[f"{slug}-hi+sw-0"].config for slug in ("apart", "several"))
    loaders, trainers = ([each[key] for each in (apart, several)] for key in ("data_loader", "trainer"))
    episodes = [trainer.pop("num_gradient_accumulation_steps") for trainer in trainers]
    assert episodes == [1, 2]
    assert trainers[0] == trainers[1]
    steps = [loader.pop("episodes_per_epoch") / each for loader, each in zip(loaders, episodes, strict=True)]
    assert steps[0] == steps[1] == 1000
    sizes = [(loader["sampler"].pop("support_size"), loader["sampler"].pop("query_size")) for loader in loaders]
    assert sizes == [(8, 8), (4, 4)]
    assert loaders[0] == loaders[1]
    with pytest.raises(ConfigurationError, match="no key several"):
        build("variants", only=["several"])


@pytest.mark.parametrize("task", ["nli", "qa"])
def test_a_study_adapts_what_it_has_trained_before_it_is_evaluated(task):
    text = f"""
        local study = import 'lib/study.libsonnet';
        local task = (import 'lib/study_{task}.libsonnet')();
        study.adapted(task, [study.xla_maml(['hi'])], [3], {{ lr: 0.01, num_steps: 2, support_size: 16 }}, ['de'])
    """
    found = json.loads(_jsonnet.evaluate_snippet(f"{CONFIGS}/snippet.jsonnet", text))
    (run,), (evaluation,) = found["runs"], found["evaluations"]
    assert (run["name"], run["method"]) == ("adapted-xla-hi-3", "XLA-MAML, adapted")
    assert (evaluation["run"], list(evaluation["data"])) == (run["name"], ["de"])
    config = run["config"]
    assert config["model"]["pretrained_file"] == "{runs}/xla-hi-3/model.tar.gz"
    assert (config["trainer"]["num_epochs"], config["trainer"]["optimizer"]) == (2, {"type": "sgd", "lr": 0.01})
    assert config["dataset_reader"]["size"] == 16
    assert config["data_loader"]["batch_size"] >= 16
    assert list(config["train_data_path"]) == ["en"]
