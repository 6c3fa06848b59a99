"""What `allennlp evaluate` and training show, through AllenNLP's command line, on archives of the configs."""

import json
import re
import sys
import tarfile
from pathlib import Path

import pytest
import torch
from allennlp.commands import main
from allennlp.commands.train import train_model
from allennlp.common.checks import ConfigurationError


@pytest.fixture
def classifier(trained_once, bert_folder, nli_data) -> str:
    train = str(nli_data / "multinli_1.0_train.jsonl")
    return trained_once("mnli_finetune", encoder=str(bert_folder), train=train, batch_size=8, num_epochs=1)


@pytest.fixture
def answerer(trained_once, bert_folder, mlqa_data) -> str:
    train = str(mlqa_data / "train-v1.1.json")
    return trained_once("squad_finetune", encoder=str(bert_folder), train=train, batch_size=4, num_epochs=1)


@pytest.fixture
def evaluate(monkeypatch, capsys):
    """Runs `allennlp evaluate` and returns the lines that it prints, word by word."""

    def run(*arguments: str) -> list[list[str]]:
        monkeypatch.setattr(sys, "argv", ["allennlp", "evaluate", *map(str, arguments)])
        capsys.readouterr()
        main()
        return [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]

    return run


def titles(lines):
    return [line for line in lines if line[0] == "Evaluation"]


def changed(archive: str, folder: Path, change) -> str:
    """A copy of an archive, unpacked to `folder`, changed, and packed again."""
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    change(folder)
    (folder / "checksums.json").unlink()
    with tarfile.open(folder.with_suffix(".tar.gz"), "w:gz") as packed:
        for member in folder.iterdir():
            packed.add(member, arcname=member.name)
    return str(folder.with_suffix(".tar.gz"))


def test_evaluate_ends_with_a_table_per_language(classifier, nli_data, evaluate, tmp_path):
    out = tmp_path / "metrics.json"
    lines = evaluate(classifier, nli_data / "xnli.test.tsv", "--output-file", out)
    assert titles(lines) == [["Evaluation", "on", str(nli_data / "xnli.test.tsv")]]
    metrics = json.loads(out.read_text())
    by_name = {line[0]: line for line in lines}
    for language in ("en", "hi", "sw"):
        assert by_name[language][:3] == [language, "9", f"{100 * metrics[f'accuracy/{language}']:.1f}"]
    assert by_name["all"][:3] == ["all", "27", f"{100 * metrics['accuracy']:.1f}"]
    assert by_name["mean"][3:5] == ["27", f"{100 * metrics['accuracy/mean']:.1f}"]


def test_predictions_are_a_readable_line_per_pair(classifier, nli_data, evaluate, tmp_path):
    out, metrics = tmp_path / "lines.jsonl", tmp_path / "metrics.json"
    evaluate(
        classifier, nli_data / "xnli.test.tsv", "--predictions-output-file", out, "--output-file", metrics,
        "--batch-size", 5,
    )  # fmt: skip
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert len({(line["language"], line["id"]) for line in lines}) == len(lines) == 27
    right = sum(line["prediction"] == line["gold"] for line in lines)
    assert sum(line["right"] for line in lines) == right
    assert json.loads(metrics.read_text())["accuracy"] == pytest.approx(right / 27)


def test_questions_get_em_and_f1_and_a_line_each(answerer, mlqa_data, evaluate, tmp_path):
    files = {code: str(mlqa_data / "dev" / f"dev-context-{code}-question-{code}.json") for code in ("en", "hi")}
    out, metrics = tmp_path / "lines.jsonl", tmp_path / "metrics.json"
    # Windows of a few tokens: several per question, over many batches.
    small = {"max_length": 48, "stride": 8, "max_question_length": 16}
    lines = evaluate(
        answerer, json.dumps(files), "--predictions-output-file", out, "--output-file", metrics, "--batch-size", 3,
        "-o", json.dumps({f"validation_dataset_reader.{key}": value for key, value in small.items()}),
    )  # fmt: skip
    titles = "language examples em 95 % interval f1 95 % interval zero-shot seen translations seen"
    assert titles.split() in lines
    assert [line[:2] for line in lines if line[0] in ("en", "hi", "all")] == [["en", "8"], ["hi", "8"], ["all", "16"]]
    answers = [json.loads(line) for line in out.read_text().splitlines()]
    assert len({(answer["language"], answer["id"]) for answer in answers}) == len(answers) == 16
    assert all(answer["gold"][0].startswith("place") for answer in answers)
    found = json.loads(metrics.read_text())
    assert found["f1"] == pytest.approx(sum(answer["f1"] for answer in answers) / 16)


def test_several_files_get_a_table_each(classifier, nli_data, evaluate):
    dev, test = str(nli_data / "xnli.dev.tsv"), str(nli_data / "xnli.test.tsv")
    lines = evaluate(classifier, f"{dev},{test}")
    assert [title[2] for title in titles(lines)] == [dev, test]
    assert [line[1] for line in lines if line[0] == "all"] == ["72", "27"]


def test_batches_get_smaller_without_changing_a_result(classifier, nli_data, evaluate):
    small = evaluate(classifier, nli_data / "xnli.test.tsv", "--batch-size", 2)
    by_override = evaluate(
        classifier, nli_data / "xnli.test.tsv", "-o", '{"validation_data_loader.batch_sampler.batch_size": 2}'
    )
    whole = evaluate(classifier, nli_data / "xnli.test.tsv")
    assert small[:-1] == by_override[:-1] == whole[:-1]  # the last line has the loss, a mean over batches


def test_an_archive_from_before_the_key_is_evaluated_as_it_was(classifier, nli_data, evaluate, tmp_path):
    def forget(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        del config["evaluation"], config["validation_data_loader"]["type"]
        (folder / "config.json").write_text(json.dumps(config))

    old = changed(classifier, tmp_path / "old", forget)
    out, theirs = tmp_path / "ours.json", tmp_path / "theirs.json"
    evaluate(classifier, nli_data / "xnli.test.tsv", "--output-file", out)
    assert evaluate(old, nli_data / "xnli.test.tsv", "--output-file", theirs) == []
    # AllenNLP's own evaluation says nothing of what was seen.
    found = {key: value for key, value in json.loads(out.read_text()).items() if not re.match("zero_shot|seen", key)}
    assert found == json.loads(theirs.read_text())


@pytest.mark.parametrize("task", ["classifier", "answerer"])
def test_weights_that_are_no_numbers_report_nothing(request, task, nli_data, mlqa_data, evaluate, tmp_path, capsys):
    def damage(folder: Path) -> None:
        weights = torch.load(folder / "weights.th", weights_only=True)
        for name in weights:
            if weights[name].is_floating_point():
                weights[name].fill_(float("nan"))
        torch.save(weights, folder / "weights.th")

    broken = changed(request.getfixturevalue(task), tmp_path / "broken", damage)
    data = nli_data / "xnli.test.tsv" if task == "classifier" else mlqa_data / "dev/dev-context-hi-question-hi.json"
    with pytest.raises(ConfigurationError, match=r'its member "weights\.th" holds NaN or infinity'):
        evaluate(broken, data, "--output-file", tmp_path / "metrics.json")
    assert not (tmp_path / "metrics.json").exists()
    assert "Evaluation on" not in capsys.readouterr().out


def test_training_validates_per_language_and_a_final_test_prints_no_table(
    variant, bert_folder, nli_data, tmp_path, capsys
):
    test = json.dumps({"test_data_path": str(nli_data / "xnli.test.tsv"), "evaluate_on_test": True})
    params = variant(
        "mnli_finetune.jsonnet", test, encoder=str(bert_folder), train=str(nli_data / "multinli_1.0_train.jsonl"),
        batch_size=8, num_epochs=2, validation={"sw": str(nli_data / "xnli.dev.tsv")},
    )  # fmt: skip
    train_model(params, str(tmp_path / "run"))
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert {"validation_accuracy/sw", "validation_accuracy/mean", "test_accuracy/hi"} <= set(metrics)
    assert "validation_accuracy/en" not in metrics
    log = (tmp_path / "run" / "out.log").read_text()
    assert len(re.findall(r"accuracy/sw +\|", log)) == 2  # one per epoch
    assert "Evaluation on" not in capsys.readouterr().out
