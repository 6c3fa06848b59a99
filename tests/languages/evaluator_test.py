import json
import math

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from allennlp.evaluation import Evaluator
from allennlp.models import Model

from xlamaml_allennlp.languages.data_use import Count, DataUse, Seen
from xlamaml_allennlp.languages.evaluator import PerLanguageEvaluator
from xlamaml_allennlp.languages.judged import Judged

# Two batches: language, id, value.
BATCHES = [[("hi", "1", 1.0), ("en", "1", 0.0)], [("en", "2", 1.0)]]


class Loader:
    data_path = "dev.tsv"

    def __init__(self, batches=BATCHES):
        self._batches = batches

    def set_target_device(self, device):
        pass

    def __iter__(self):
        return iter([{"examples": batch} for batch in self._batches])


class Stock(Model):
    """A model that knows only metrics."""

    def __init__(self, losses=(1.0, 4.0)):
        super().__init__(Vocabulary.empty())
        self._losses, self._values, self.modes = iter(losses), [], []

    def forward(self, examples):
        self.modes.append((self.training, torch.is_grad_enabled()))
        self._values += [value for *_, value in examples]
        loss = next(self._losses)
        output = {} if loss is None else {"loss": torch.tensor(loss)}
        return {**output, "size": torch.tensor(float(len(examples)))}

    def get_metrics(self, reset=False):
        metrics = {"accuracy": sum(self._values) / max(len(self._values), 1)}
        self._values = [] if reset else self._values
        return metrics


class Judging(Stock):
    """The same, telling its examples one batch late."""

    def judged(self, passes):
        examples = [example for batch, _ in passes for example in batch["examples"]]
        for language, id, value in examples:
            yield Judged(language, id, {"accuracy": value}, {"id": id, "text": "\ud800é", "right": value == 1})


def evaluate(model, **files):
    return PerLanguageEvaluator()(model, Loader(), None, **files)


def lines_of(capsys):
    return [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]


def test_it_returns_and_writes_what_the_stock_evaluator_does(tmp_path):
    ours = evaluate(Judging(), metrics_output_file=tmp_path / "ours.json")
    theirs = Evaluator.by_name("simple")()(Stock(), Loader(), None, tmp_path / "theirs.json")
    assert ours == theirs == {"accuracy": pytest.approx(2 / 3), "loss": 2.5}
    assert (tmp_path / "ours.json").read_text() == (tmp_path / "theirs.json").read_text()


def test_a_key_of_the_output_weighs_the_loss():
    # Losses 1 and 4 of batches of 2 and 1.
    metrics = PerLanguageEvaluator()(Judging(), Loader(), "size")
    assert metrics["loss"] == pytest.approx(2.0)
    with pytest.raises(ConfigurationError, match=r'no output "weight"; it has loss, size'):
        PerLanguageEvaluator()(Judging(), Loader(), "weight")


def test_the_model_evaluates_without_dropout_and_gradients():
    model = Judging().train()
    evaluate(model)
    assert model.modes == [(False, False)] * 2


def test_it_prints_a_table_once(capsys):
    evaluate(Judging())
    names = [line[0] for line in lines_of(capsys)]
    assert [name for name in names if name in ("en", "hi", "all", "mean")] == ["en", "hi", "all", "mean"]


def test_predictions_are_a_line_per_example_and_any_text_survives(tmp_path):
    evaluate(Judging(), predictions_output_file=tmp_path / "lines.jsonl")
    written = (tmp_path / "lines.jsonl").read_text(encoding="utf-8")
    assert "é" in written  # readable, not \u00e9
    lines = [json.loads(line) for line in written.splitlines()]
    assert [(line["id"], line["right"]) for line in lines] == [("1", True), ("1", False), ("2", True)]
    assert all(line["text"] == "\ud800é" for line in lines)


def test_a_model_that_tells_no_examples_gets_a_table_of_its_metrics(tmp_path, capsys):
    metrics = evaluate(Stock(), predictions_output_file=tmp_path / "lines.jsonl")
    assert metrics == {"accuracy": pytest.approx(2 / 3), "loss": 2.5}
    lines = lines_of(capsys)
    assert ["accuracy", "0.6667"] in lines
    assert ["loss", "2.5000"] in lines
    # AllenNLP's own: a line per batch.
    assert len((tmp_path / "lines.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize("model", [Stock, Judging])
def test_a_loss_that_is_no_number_is_an_error_and_nothing_is_reported(tmp_path, capsys, model):
    with pytest.raises(ConfigurationError, match="loss is not a number"):
        evaluate(model([1.0, math.nan]), metrics_output_file=tmp_path / "metrics.json")
    assert not (tmp_path / "metrics.json").exists()
    assert "accuracy" not in capsys.readouterr().out


def test_labelled_beside_unlabelled_batches_are_an_error():
    with pytest.raises(ConfigurationError, match="Of 2 batches, 1 gave a loss"):
        evaluate(Judging([1.0, None]))


def test_without_labels_there_is_no_loss():
    assert "loss" not in evaluate(Judging([None, None]))


class Refusing(DataUse):
    def seen(self, model, data_loader):
        raise ConfigurationError("not to be tested on")


class SeenHindi(DataUse):
    def seen(self, model, data_loader):
        return {"hi": Seen(False, Count(1), Count()), "en": Seen(True, Count(), Count(0, 2))}


@pytest.mark.parametrize("model", [Stock, Judging])
def test_what_was_seen_is_in_the_metrics_and_its_file(tmp_path, model):
    evaluator = PerLanguageEvaluator(data_use=SeenHindi())
    metrics = evaluator(model(), Loader(), None, metrics_output_file=tmp_path / "metrics.json")
    found = {key: value for key, value in metrics.items() if "seen" in key or "zero" in key}
    assert found == {
        "zero_shot/hi": False, "seen/hi": 1, "seen_translations/hi": 0,
        "zero_shot/en": True, "seen/en": 0, "seen_translations/en": "unknown",
    }  # fmt: skip
    assert json.loads((tmp_path / "metrics.json").read_text()) == metrics


def test_the_table_has_columns_and_a_warning_for_it(capsys, caplog):
    PerLanguageEvaluator(data_use=SeenHindi())(Judging(), Loader())
    lines = lines_of(capsys)
    assert lines[1][-4:] == ["zero-shot", "seen", "translations", "seen"]
    assert [line[-3:] for line in lines if line[0] in ("en", "hi")] == [["yes", "0", "unknown"], ["no", "1", "0"]]
    assert ["Warning:", "of", "hi,"] in [line[:3] for line in lines]
    assert "of hi, 1 of these examples" in caplog.text


def test_a_model_is_not_run_on_what_it_must_not_be_tested_on():
    model = Judging()
    with pytest.raises(ConfigurationError, match="not to be tested on"):
        PerLanguageEvaluator(data_use=Refusing())(model, Loader())
    assert model.modes == []


def test_a_config_names_it():
    assert isinstance(Evaluator.from_params(Params({"type": "per_language", "cuda_device": -1})), PerLanguageEvaluator)
