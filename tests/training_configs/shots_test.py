"""Few-shot transfer from a fixed number of the target's examples: a set of its own, the same for every seed."""

import pytest
from allennlp.commands.evaluate import evaluate_from_archive
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader


@pytest.fixture(params=["xnli", "mlqa"])
def drawn(request, variant, bert_folder, nli_data, mlqa_data):
    """`drawn(shots, **keys)`: the texts of the examples that a few-shot config reads."""
    task, folder = request.param, {"xnli": nli_data, "mlqa": mlqa_data}[request.param]

    def read(shots: int, **keys: int) -> set[str]:
        given = {"encoder": str(bert_folder), task: str(folder), "target": "hi", "cache": None}
        params = variant(f"{task}_few_shot.jsonnet", **given, shots=shots, **keys)
        reader = DatasetReader.from_params(params["dataset_reader"])
        instances = reader.read(params["train_data_path"].as_dict(quiet=True))
        return {str(instance["tokens"].human_readable_repr()) for instance in instances}

    return read


def test_shots_are_as_many_examples_and_those_of_every_seed(drawn):
    assert drawn(5) == drawn(5, seed=3)
    assert len(drawn(5)) == 5


def test_another_seed_of_the_draw_is_another_set(drawn):
    assert len({frozenset(drawn(5, shots_seed=seed)) for seed in range(3)}) > 1


def test_more_shots_than_there_are_examples_are_an_error(drawn):
    with pytest.raises(ConfigurationError, match=r"size is 500, but .* has only"):
        drawn(500)


def test_a_few_shot_archive_has_seen_its_shots_and_is_not_called_adapted(trained_once, bert_folder, nli_data):
    encoder, train = str(bert_folder), str(nli_data / "multinli_1.0_train.jsonl")
    base = trained_once("mnli_finetune", encoder=encoder, train=train, batch_size=8, num_epochs=1)
    archive = trained_once("xnli_few_shot", encoder=encoder, xnli=str(nli_data), base=base, target="sw", shots=5)
    metrics = evaluate_from_archive(archive, str(nli_data / "xnli.dev.tsv"), metrics_output_file=None)
    assert (metrics["seen/sw"], metrics["zero_shot/sw"], metrics["zero_shot/hi"]) == (5, False, True)
    assert "adapted" not in metrics
