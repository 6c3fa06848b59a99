"""No metric hears of support passes."""

from typing import Any

import pytest
import torch
from allennlp.data import Vocabulary
from allennlp.training.metrics import Average, CategoricalAccuracy, FBetaMeasure, Metric

from tests.meta_training.tiny import TinyClassifier
from xlamaml_allennlp.meta_training.silence import silent_metrics


class Inherited(CategoricalAccuracy):
    pass


def feed(metric: Any) -> None:
    if isinstance(metric, Average):
        metric(3.0)
    else:
        metric(torch.eye(2), torch.tensor([0, 1]))


@pytest.mark.parametrize("make", [CategoricalAccuracy, Inherited, FBetaMeasure, Average])
def test_a_metric_counts_outside_but_not_inside(make):
    metric = make()
    untouched = str(vars(metric))
    with silent_metrics():
        feed(metric)
        assert str(vars(metric)) == untouched
        feed(make())  # also one that is made inside
    feed(metric)
    assert str(vars(metric)) != untouched


def test_classes_are_as_before_also_after_an_error():
    before = [vars(c).get("__call__") for c in (Metric, CategoricalAccuracy, Inherited, Average)]
    with pytest.raises(RuntimeError), silent_metrics():
        raise RuntimeError
    assert [vars(c).get("__call__") for c in (Metric, CategoricalAccuracy, Inherited, Average)] == before


@pytest.mark.parametrize("estimator", ["higher", "first_order", "exact", "hessian_free"])
def test_metrics_of_a_run_have_seen_every_query_example_once(run, monkeypatch, estimator):
    seen: list[int] = []
    count = CategoricalAccuracy.__call__

    def counting(self: Any, predictions: torch.Tensor, labels: torch.Tensor) -> None:
        seen.append(len(labels))
        count(self, predictions, labels)

    monkeypatch.setattr(CategoricalAccuracy, "__call__", counting)
    top = {"validation_data_path": None, "validation_data_loader": None, "validation_dataset_reader": None}
    run(num_epochs=1, inner_loop={"type": estimator, "lr": 0.1, "num_steps": 2}, top=top)
    assert seen == [3] * 6


def test_the_model_passes_while_metrics_are_silent():
    model = TinyClassifier(Vocabulary())
    with silent_metrics():
        outputs = model(torch.ones(2, 4), torch.tensor([0, 1]))
    assert outputs["loss"].isfinite()
    assert model.accuracy.total_count == 0
