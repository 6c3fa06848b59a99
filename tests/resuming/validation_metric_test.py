"""A validation metric that the model does not have is noticed before training."""

from typing import Any, Optional

import pytest
from allennlp.commands.train import train_model
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from allennlp.models import Model
from allennlp.training.gradient_descent_trainer import GradientDescentTrainer
from allennlp.training.metrics import FBetaMeasure

from tests.meta_training.tiny import TinyClassifier, TinyReader, config
from xlamaml_allennlp.languages.metric import LanguageMean
from xlamaml_allennlp.resuming.validation_metric import check_validation_metric


class ByLanguage(TinyClassifier):
    """Counts as the house's models do."""

    def __init__(self) -> None:
        super().__init__(Vocabulary())
        self.accuracy = LanguageMean()  # type: ignore[assignment]

    def get_metrics(self, reset: bool = False) -> dict[str, float]:
        return self.accuracy.get_metric(reset)  # type: ignore[return-value]


class Validation:
    """Data in memory, in Hindi and Urdu."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def iter_instances(self) -> Any:
        return TinyReader(["hi", "ur"]).read(str(self._data))


def error(name: Any, model: Model, data: Optional[Any] = None) -> str:
    with pytest.raises(ConfigurationError) as raised:
        check_validation_metric(name, model, Validation(data) if data else None)  # type: ignore[arg-type]
    return str(raised.value)


@pytest.mark.parametrize("name", ["-loss", "+accuracy", ["+accuracy", "-loss"], "+accuracy_of_what_only_data_tell"])
def test_a_metric_that_there_is_or_may_be_is_taken(name):
    check_validation_metric(name, TinyClassifier(Vocabulary()), None)


@pytest.mark.parametrize("name", ["+acuracy", ["-loss", "+acuracy"]])
def test_a_misspelt_metric_is_an_error_with_those_that_there_are(name):
    assert error(name, TinyClassifier(Vocabulary())) == (
        'trainer.validation_metric is "+acuracy", and this model has no metric of that name; it has accuracy, loss. '
        "Did you mean +accuracy?"
    )


def test_a_metric_without_a_sign_is_told_of_the_sign():
    for name, signed in [("accuracy", "+accuracy"), ("loss", "-loss")]:
        assert f'is "{name}"; it must begin with + where' in error(name, TinyClassifier(Vocabulary()))
        assert f'less is: "{signed}".' in error(name, TinyClassifier(Vocabulary()))


def test_a_penalty_is_a_metric_where_there_is_one():
    model = ByLanguage()
    assert "reg_loss" not in error("-reg_los", model)
    model.get_regularization_penalty = lambda: 0.0
    assert "reg_loss" in error("-reg_los", model)


@pytest.mark.parametrize("name", ["+accuracy", "+accuracy/hi", "+accuracy/ur", "+accuracy/mean", "-loss"])
def test_metrics_of_the_languages_in_the_validation_data_are_taken(data, name):
    check_validation_metric(name, ByLanguage(), Validation(data))


@pytest.mark.parametrize("name", ["+accuracy/en", "+accuracy/", "+loss/hi", "+accuracy_hi", "+acc/hi"])
def test_another_language_or_spelling_is_an_error_with_the_languages(data, name):
    there = "it has accuracy, loss, accuracy/hi, accuracy/ur, accuracy/mean."
    if "/" not in name:
        there = "it has accuracy, loss, accuracy/LANGUAGE, accuracy/mean."
    assert there in error(name, ByLanguage(), data)


def test_any_language_is_taken_where_the_data_are_not_known():
    check_validation_metric("+accuracy/sw", ByLanguage(), None)


class SaysNothingYet(TinyClassifier):
    def get_metrics(self, reset: bool = False) -> dict[str, float]:
        return FBetaMeasure().get_metric(reset)  # raises before it was called


class SaysMoreInEvaluation(TinyClassifier):
    def get_metrics(self, reset: bool = False) -> dict[str, float]:
        return {} if self.training else {"em": 0.0}


def test_a_model_is_believed_that_says_nothing_before_it_has_counted():
    check_validation_metric("+fscore", SaysNothingYet(Vocabulary()), None)


def test_what_a_model_says_in_evaluation_only_counts_and_its_mode_stays():
    model = SaysMoreInEvaluation(Vocabulary()).train()
    check_validation_metric("+em", model, None)
    assert model.training
    assert "it has em, loss" in error("+f1", model)


@pytest.mark.parametrize("kind", ["meta", "resumable"])
def test_both_trainers_stop_before_the_first_epoch(data, tmp_path, monkeypatch, kind):
    monkeypatch.setattr(GradientDescentTrainer, "_train_epoch", lambda *_: pytest.fail("an epoch was trained"))
    params = config(data, validation_metric="+acuracy")
    if kind == "resumable":
        del params["trainer"]["inner_loop"]
        params["trainer"]["type"] = kind
    with pytest.raises(ConfigurationError, match=r'"\+acuracy", and this model has no .* it has accuracy, loss'):
        train_model(params, tmp_path / "out")
