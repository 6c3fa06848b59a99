"""An archive that is adapted before use is evaluated and predicts as any other, and says what it was adapted to."""

import json
import sys

import pytest
from allennlp.commands import main
from allennlp.commands.evaluate import evaluate_from_archive


@pytest.fixture
def predict(monkeypatch, tmp_path):
    """`predict(archive, line)`: what `allennlp predict` says of a line of JSON."""

    def run(archive: str, **line: str) -> dict:
        asked, out = tmp_path / "lines.jsonl", tmp_path / "out.jsonl"
        asked.write_text(json.dumps(line))
        monkeypatch.setattr(sys, "argv", ["allennlp", "predict", archive, str(asked), "--output-file", str(out)])
        main()
        return json.loads(out.read_text())

    return run


@pytest.fixture
def classifiers(trained_once, bert_folder, nli_data):
    """The archives before and after an adaptation of a classifier."""
    encoder, train = str(bert_folder), str(nli_data / "multinli_1.0_train.jsonl")
    base = trained_once("mnli_finetune", encoder=encoder, train=train, batch_size=8, num_epochs=1)
    given = {"encoder": encoder, "base": base, "xnli": str(nli_data)}
    return base, trained_once("xnli_adapt", support_size=5, num_steps=2, lr=0.1, **given)


def test_adapted_on_english_another_language_is_zero_shot_and_the_support_set_is_seen(
    classifiers, nli_data, tmp_path, capsys
):
    metrics = {}
    for name, archive in zip(("base", "adapted"), classifiers, strict=True):
        out = tmp_path / f"{name}.json"
        evaluate_from_archive(archive, str(nli_data / "xnli.dev.tsv"), metrics_output_file=str(out))
        metrics[name] = json.loads(out.read_text())
    assert metrics["adapted"]["loss"] != metrics["base"]["loss"]
    assert metrics["adapted"]["zero_shot/hi"] is metrics["adapted"]["zero_shot/sw"] is True
    assert (metrics["base"]["seen/en"], metrics["adapted"]["seen/en"]) == (0, 5)
    assert metrics["adapted"]["seen_translations/hi"] == 5
    assert "adapted" not in metrics["base"]
    assert metrics["adapted"]["adapted"] == {"examples": {"en": 5}, "steps": 2, "alpha": 0.1}
    titles = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Evaluation")]
    assert ["adapted" in title for title in titles] == [False, True]
    assert titles[1].endswith("xnli.dev.tsv, of a model adapted to examples: 5 of en; steps: 2; alpha: 0.1")


def test_what_goes_on_from_an_adapted_archive_is_not_adapted_itself(classifiers, trained_once, nli_data):
    few_shot = trained_once(
        "xnli_few_shot", encoder=classifiers[1], xnli=str(nli_data), base=classifiers[1], target="sw"
    )
    metrics = evaluate_from_archive(few_shot, str(nli_data / "xnli.test.tsv"), metrics_output_file=None)
    assert "adapted" not in metrics


def test_an_adapted_classifier_predicts_with_what_it_was_adapted_to(classifiers, predict):
    before, after = (predict(each, premise="hi premise 1", hypothesis="hi hypothesis 4") for each in classifiers)
    assert before["probs"] != after["probs"]
    assert after["label"] == max(after["probs"], key=after["probs"].get)


def test_an_adapted_answerer_predicts_and_says_how_many_questions_it_was_adapted_to(
    trained_once, bert_folder, mlqa_data, predict
):
    encoder, train = str(bert_folder), str(mlqa_data / "train-v1.1.json")
    base = trained_once("squad_finetune", encoder=encoder, train=train, batch_size=4, num_epochs=1)
    given = {"encoder": encoder, "base": base, "mlqa": str(mlqa_data), "support": ["en", "hi"]}
    adapted = trained_once("mlqa_adapt", support_size=16, num_steps=1, lr=1e-3, **given)
    context = "en 3: the river rises at place 3."
    answer = predict(adapted, context=context, question="Where does the river rise?")
    assert answer["answer"] == context[answer["start"] : answer["end"]]
    data = str(mlqa_data / "dev" / "dev-context-hi-question-hi.json")
    metrics = evaluate_from_archive(adapted, data, metrics_output_file=None)
    # All there are: eight of each language.
    assert metrics["adapted"] == {"examples": {"en": 8, "hi": 8}, "steps": 1, "alpha": 1e-3}
