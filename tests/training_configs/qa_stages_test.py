"""The three stages of question answering from their configs, on tiny data and a tiny encoder."""

import json

import pytest
from allennlp.commands.evaluate import evaluate_from_archive
from allennlp.commands.train import train_model
from allennlp.common.checks import ConfigurationError

SMALL = "{ data_loader+: { sampler+: { support_size: 2, query_size: 2 } } }"


@pytest.fixture
def english(trained_once, bert_folder, mlqa_data) -> str:
    """The archive of stage 1."""
    train = str(mlqa_data / "train-v1.1.json")
    return trained_once("squad_finetune", encoder=str(bert_folder), train=train, batch_size=4, num_epochs=1)


@pytest.mark.parametrize(
    ("config", "changes", "arguments"),
    [
        ("mlqa_xla_maml.jsonnet", SMALL, {"meta_steps_per_language": 2, "episodes_per_step": 2}),
        ("mlqa_x_maml.jsonnet", SMALL, {"meta_steps_per_language": 2}),
        ("mlqa_few_shot.jsonnet", "{}", {"target": "hi", "batch_size": 4}),
    ],
)
def test_every_later_stage_trains_from_stage_one_and_is_scored_per_language(
    tmp_path, variant, english, bert_folder, mlqa_data, config, changes, arguments
):
    params = variant(config, changes, encoder=str(bert_folder), mlqa=str(mlqa_data), base=english, **arguments)
    train_model(params, str(tmp_path / "run"))
    trained = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert "training_loss" in trained
    assert not any(key.startswith(("training_em", "training_f1")) for key in trained)
    tests = {code: str(mlqa_data / "dev" / f"dev-context-{code}-question-{code}.json") for code in ("en", "hi")}
    metrics = evaluate_from_archive(str(tmp_path / "run" / "model.tar.gz"), json.dumps(tests))
    assert {"em/en", "em/hi", "em/mean", "f1/en", "f1/hi", "f1/mean", "loss"} <= set(metrics)


def test_a_metric_of_a_language_that_is_not_validated_is_an_error_before_stage_one_trains(
    tmp_path, variant, bert_folder, mlqa_data
):
    hindi = str(mlqa_data / "dev" / "dev-context-hi-question-hi.json")
    changes = f"{{ validation_data_path: {{ hi: '{hindi}' }}, trainer+: {{ validation_metric: '+f1/en' }} }}"
    params = variant(
        "squad_finetune.jsonnet", changes, encoder=str(bert_folder), train=str(mlqa_data / "train-v1.1.json")
    )
    with pytest.raises(ConfigurationError, match=r"it has em, f1, loss, em/hi, em/mean, f1/hi, f1/mean\."):
        train_model(params, str(tmp_path / "run"))
    assert not list((tmp_path / "run").glob("metrics*"))
