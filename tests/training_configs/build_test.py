"""Every config opens with its command, stands alone and has the paper's settings; the *_stages_test.py run them."""

import re
from pathlib import Path

import pytest
from allennlp.common import Params

CONFIGS = sorted((Path(__file__).parents[2] / "training_configs").glob("*.jsonnet"))
EXPECTED = {"mnli_finetune", "xnli_xla_maml", "xnli_x_maml", "xnli_few_shot", "xnli_adapt", "mlqa_adapt"} | {
    "squad_finetune",
    "mlqa_xla_maml",
    "mlqa_x_maml",
    "mlqa_few_shot",
}


def test_the_configs_are_the_ones_these_tests_know():
    assert {path.stem for path in CONFIGS} == EXPECTED


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_config_opens_with_its_command_and_its_table(path):
    comments = []
    for line in path.read_text().splitlines():
        if not line.startswith("//"):
            break
        comments.append(line)
    name = path.stem
    command = f"allennlp train training_configs/{name}.jsonnet --include-package xlamaml_allennlp -s runs/{name}"
    assert comments[0] == f"// {command}"
    assert re.search("[Tt]able|figure", " ".join(comments))


ROOT = Path(__file__).parents[2]
EVERY = [path for folder in ("training_configs", "demo") for path in sorted((ROOT / folder).rglob("*.jsonnet"))]


@pytest.mark.parametrize("path", EVERY, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_run_opens_with_the_command_that_runs_it(path):
    opening = path.read_text().splitlines()[0]
    assert re.match(rf"// (python -m xlamaml_)?allennlp [a-z-]+ {re.escape(str(path.relative_to(ROOT)))} ", opening)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_config_stands_alone_and_gives_what_evaluate_needs(path):
    config = Params.from_file(path).as_dict()
    assert config["include_in_archive"] == ["encoder"]
    assert config["vocabulary"] == {"type": "empty"}
    # evaluate and predict fall back to these.
    assert config["validation_dataset_reader"]["type"] in ("xnli", "mlqa")
    assert "batch_sampler" in config["validation_data_loader"]
    assert config["evaluation"] == {"type": "per_language"}
    assert "validation_data_path" not in config


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
@pytest.mark.parametrize("validation", ["dev.tsv", {"sw": "dev-sw.tsv"}])
def test_a_config_validates_on_what_its_argument_names(variant, path, validation):
    assert variant(path.name, validation=validation).as_dict()["validation_data_path"] == validation


def meta_settings(name: str) -> dict:
    return Params.from_file(next(path for path in CONFIGS if path.stem == name)).as_dict()


def test_xla_maml_has_the_papers_settings():
    config = meta_settings("xnli_xla_maml")
    assert config["data_loader"]["episodes_per_epoch"] == 500
    assert config["data_loader"]["sampler"]["support_size"] == config["data_loader"]["sampler"]["query_size"] == 8
    assert config["data_loader"]["languages"] == {"type": "cross_lingual", "support": ["en"], "query": ["hi"]}
    assert config["trainer"]["inner_loop"]["lr"] == config["trainer"]["optimizer"]["lr"] == 1e-5
    assert config["trainer"]["optimizer"]["weight_decay"] == 0.01


def test_a_pair_of_languages_counts_meta_steps_for_both(variant):
    config = variant("xnli_xla_maml.jsonnet", support=["bg", "de"], query=["bg", "de"]).as_dict()
    assert config["data_loader"]["episodes_per_epoch"] == 1000
    assert set(config["train_data_path"]) == {"bg", "de"}


def test_mnli_finetuning_has_the_papers_settings():
    config = meta_settings("mnli_finetune")
    assert config["data_loader"]["batch_size"] == 32
    assert config["dataset_reader"]["max_length"] == 128
    assert config["trainer"]["num_epochs"] == 3
    assert config["trainer"]["optimizer"] == {"type": "adamw_fused", "lr": 2e-5, "weight_decay": 0.0}


def test_squad_finetuning_and_mlqa_have_the_papers_settings():
    config = meta_settings("squad_finetune")
    assert config["data_loader"]["batch_size"] == 12
    assert config["dataset_reader"]["max_length"] == 384
    assert config["dataset_reader"]["stride"] == 128
    assert config["trainer"]["num_epochs"] == 2
    assert config["trainer"]["optimizer"]["lr"] == 3e-5
    assert config["model"]["objective"] == "sum"
    assert meta_settings("mlqa_xla_maml")["data_loader"]["episodes_per_epoch"] == 100


@pytest.mark.parametrize("task", ["xnli", "mlqa"])
def test_x_maml_and_xla_maml_differ_in_their_languages_alone(task):
    ours, baseline = meta_settings(f"{task}_xla_maml"), meta_settings(f"{task}_x_maml")
    assert baseline["data_loader"]["languages"] == {"type": "same_language", "query": ["hi"]}
    for config in (ours, baseline):
        del config["data_loader"]["languages"], config["data_loader"]["sampler"]["parallel"], config["train_data_path"]
    assert ours == baseline


@pytest.mark.parametrize("name", ["mnli_finetune", "xnli_xla_maml", "xnli_x_maml", "xnli_few_shot"])
def test_labels_reach_every_reader_and_the_model(variant, name):
    config = variant(f"{name}.jsonnet", labels=["yes", "no"]).as_dict()
    reader = config["dataset_reader"].get("reader", config["dataset_reader"])
    places = reader, config["validation_dataset_reader"], config["model"]
    assert [place["labels"] for place in places] == [["yes", "no"]] * 3


@pytest.mark.parametrize("name", ["xnli_xla_maml", "xnli_x_maml", "mlqa_xla_maml", "mlqa_x_maml"])
def test_more_episodes_in_a_step_leave_the_number_of_steps_as_it_is(variant, name):
    config = variant(f"{name}.jsonnet", meta_steps_per_language=7, episodes_per_step=4).as_dict()
    assert config["trainer"]["num_gradient_accumulation_steps"] == 4
    assert config["data_loader"]["episodes_per_epoch"] / 4 == 7
