"""Own data in one argument, and which config makes the archive that a run starts from."""

import pytest
from allennlp.common import Params

NAMES = ["mnli_finetune", "squad_finetune", "xnli_xla_maml", "xnli_x_maml", "mlqa_xla_maml", "mlqa_x_maml"]
PATHS = {"sw": "a.tsv", "yo": "b.tsv"}
TASKS = pytest.mark.parametrize("task", ["xnli", "mlqa"])


@pytest.fixture
def made_by(tmp_path):
    """The config that a line of Jsonnet gives, which a user would write into a file."""

    def evaluate(line: str) -> dict:
        (tmp_path / "base.jsonnet").write_text(line)
        return Params.from_file(tmp_path / "base.jsonnet").as_dict()

    return evaluate


@pytest.mark.parametrize("name", NAMES)
def test_own_data_are_what_a_config_reads_and_nothing_else(variant, name):
    assert variant(f"{name}.jsonnet", data=PATHS).as_dict()["train_data_path"] == PATHS


@TASKS
@pytest.mark.parametrize(
    ("languages", "support", "query"),
    [(["sw", "yo"], ["sw", "yo"], ["sw", "yo"]), (["en", "sw", "yo"], ["en"], ["sw", "yo"]), (["en"], ["en"], ["en"])],
)
def test_own_data_tell_the_languages_of_the_episodes(variant, task, languages, support, query):
    data = {language: f"{language}.tsv" for language in languages}
    config = variant(f"{task}_xla_maml.jsonnet", data=data).as_dict()
    plan = {"type": "cross_lingual", "support": support, "query": query}
    assert config["data_loader"]["languages"] == plan
    # Row 5 of one file is nobody's translation of row 5 in another unless its owner says so.
    assert config["data_loader"]["sampler"]["parallel"] is False
    baseline = variant(f"{task}_x_maml.jsonnet", data=data).as_dict()
    assert baseline["data_loader"]["languages"] == {"type": "same_language", "query": query}


@TASKS
def test_a_language_without_own_data_is_an_error_that_names_those_there_are(variant, task):
    with pytest.raises(RuntimeError, match="data has no file of 'hi', only of sw, yo"):
        variant(f"{task}_xla_maml.jsonnet", data=PATHS, query=["hi"])
    with pytest.raises(RuntimeError, match="data has files of sw, yo: say which of these languages is the target"):
        variant(f"{task}_few_shot.jsonnet", data=PATHS)


@TASKS
@pytest.mark.parametrize(
    ("arguments", "stage", "theirs"),
    [
        ({"target": "ur"}, "xla_maml", {"support": ["ur"]}),
        ({"target": "hi"}, "x_maml", {"query": ["hi"]}),  # support and query would be one language
        ({"target": "sw", "data": PATHS}, "xla_maml", {"data": PATHS, "support": ["sw"], "query": ["yo"]}),
        ({"data": {"hi": "a.tsv"}}, "x_maml", {"data": {"hi": "a.tsv"}, "query": ["hi"]}),
    ],
)
def test_a_few_shot_run_knows_the_meta_training_that_it_goes_on_from(variant, made_by, task, arguments, stage, theirs):
    config = variant(f"{task}_few_shot.jsonnet", encoder="e", **arguments).as_dict()
    target = arguments.get("target", "hi")
    assert list(config["train_data_path"]) == [target]
    assert config["model"]["pretrained_file"] == f"runs/{task}_{stage}_{target}/model.tar.gz"
    assert made_by(config["base_config"]) == variant(f"{task}_{stage}.jsonnet", encoder="e", **theirs).as_dict()


@TASKS
def test_few_shot_on_one_own_file_goes_on_from_meta_training_with_the_papers_auxiliary_language(variant, made_by, task):
    config = variant(f"{task}_few_shot.jsonnet", data={"sw": "a.tsv"}).as_dict()
    assert config["train_data_path"] == {"sw": "a.tsv"}
    paths = made_by(config["base_config"])["train_data_path"]
    assert paths == {"sw": "a.tsv", **variant(f"{task}_x_maml.jsonnet", query=["hi"]).as_dict()["train_data_path"]}


@TASKS
@pytest.mark.parametrize(
    ("arguments", "stage", "theirs"),
    [
        ({}, "xla_maml", {}),
        ({"support": ["sw"]}, "xla_maml", {"support": ["sw"]}),
        ({"support": ["hi"]}, "x_maml", {"query": ["hi"]}),  # support and query would be one language
        ({"data": PATHS, "support": ["sw"]}, "xla_maml", {"data": PATHS, "support": ["sw"]}),
        ({"data": {"sw": "a.tsv"}}, "x_maml", {"data": {"sw": "a.tsv"}}),
    ],
)
def test_an_adaptation_knows_the_meta_training_that_it_goes_on_from(variant, made_by, task, arguments, stage, theirs):
    folder = {} if "data" in arguments else {task: "folder"}
    config = variant(f"{task}_adapt.jsonnet", encoder="e", **arguments, **folder).as_dict()
    assert (
        made_by(config["base_config"]) == variant(f"{task}_{stage}.jsonnet", encoder="e", **theirs, **folder).as_dict()
    )


def test_own_questions_may_be_in_any_language(variant):
    for name in ("squad_finetune", "mlqa_xla_maml", "mlqa_x_maml"):
        assert variant(f"{name}.jsonnet", data=PATHS).as_dict()["model"]["rules"] == "any_language"
        assert "rules" not in variant(f"{name}.jsonnet").as_dict()["model"]


@pytest.mark.parametrize("name", ["xnli_xla_maml", "xnli_x_maml", "mlqa_xla_maml", "mlqa_x_maml"])
def test_meta_training_knows_the_english_training_that_it_starts_from(variant, name):
    config = variant(f"{name}.jsonnet", encoder="e").as_dict()
    first = "mnli_finetune" if "xnli" in name else "squad_finetune"
    assert config["base_config"] == f'(import "xlamaml/{first}.jsonnet")(encoder="e")'
    assert config["model"]["pretrained_file"] == f"runs/{first}/model.tar.gz"


@pytest.mark.parametrize("name", ["xnli_xla_maml", "xnli_x_maml", "xnli_few_shot"])
def test_labels_are_those_of_the_stage_before_too(variant, made_by, name):
    named = {"labels": ["yes", "no"], "label_aliases": {"oui": "yes"}}
    base = made_by(variant(f"{name}.jsonnet", **named).as_dict()["base_config"])
    reader = base["validation_dataset_reader"]
    assert {key: reader[key] for key in named} == named
