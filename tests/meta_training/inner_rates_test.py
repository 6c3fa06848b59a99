"""Inner rates that change over a run: learned ones, and those with a schedule."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.multiprocessing as mp

from tests.meta_training.distributed_test import STILL, WORKERS, forked_workers
from tests.resuming.recovery_test import CHECKPOINTS, Interrupt, outcome, same_weights, whole_and_recovered
from xlamaml_allennlp.adaptation import FirstOrderInnerLoop, InnerLoop
from xlamaml_allennlp.meta_training.inner_rates import InnerRates

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

GROUPS = ["hidden", "out", "unused"]
LEARNED = {"type": "exact", "lr": 0.1, "num_steps": 2, "learned_rates": {"groups": GROUPS, "lr": 0.05}}
SCHEDULE = {"warmup_steps": 1, "decay_steps": 4, "end": 0.2}
BOTH = {**LEARNED, "schedule": SCHEDULE}

__all__ = ["forked_workers"]  # a fixture


def rates(folder: Path, file: str = "metrics.json") -> dict[str, float]:
    metrics = json.loads((folder / file).read_text())
    start = "training_inner_lr"
    return {key.removeprefix(start): value for key, value in metrics.items() if key.startswith(start)}


@pytest.mark.parametrize("estimator", ["higher", "first_order", "exact", "hessian_free"])
def test_a_meta_step_moves_each_learned_rate_by_its_learning_rate(run, tmp_path, estimator):
    # The first step of Adam is its learning rate whatever the gradient; of what no loss depends on there is none.
    run(inner_loop={**LEARNED, "type": estimator}, episodes=2, num_epochs=1)
    found = rates(tmp_path / "out")
    for group in ("hidden", "out"):
        assert abs(math.log(found[f"/{group}"] / 0.1)) == pytest.approx(0.05, rel=1e-4)
    assert found["/unused"] == pytest.approx(0.1)


def test_weights_do_not_move_by_rates_that_hardly_learn(run):
    plain, learned = (
        run(name, inner_loop={**LEARNED, "learned_rates": learned}, model=STILL)
        for name, learned in (("plain", None), ("learned", {"lr": 1e-12}))
    )
    assert all(torch.allclose(one, other) for one, other in zip(plain.parameters(), learned.parameters(), strict=True))


def test_every_episode_adapts_by_the_scheduled_rate_of_its_meta_step(run, tmp_path, monkeypatch):
    seen = []
    episode = FirstOrderInnerLoop._episode

    def noting(self: Any, *args: Any) -> Any:
        seen.append(self.rate)
        return episode(self, *args)

    monkeypatch.setattr(FirstOrderInnerLoop, "_episode", noting)
    run(inner_loop={"type": "first_order", "lr": 0.1, "schedule": SCHEDULE})
    # Two episodes in a meta step, three meta steps in an epoch.
    assert seen[::2] == seen[1::2] == pytest.approx([0.05, 0.1, 0.08, 0.06, 0.04, 0.02])
    assert rates(tmp_path / "out", "metrics_epoch_0.json") == {"": pytest.approx(0.06)}
    assert rates(tmp_path / "out") == {"": pytest.approx(0.02)}


@pytest.mark.parametrize("moment", [(1, 1, True), (0, 0, True)])
def test_an_interrupted_run_ends_in_the_same_rates_weights_and_metrics(run, tmp_path, monkeypatch, moment):
    keys = {"inner_loop": BOTH, "checkpointer": CHECKPOINTS, "callbacks": ["interrupt_for_test"]}
    whole, recovered = whole_and_recovered(run, monkeypatch, moment, keys)
    assert same_weights(recovered, whole)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")
    assert len(rates(tmp_path / "broken")) == 3


def test_two_workers_learn_the_rates_that_one_learns_and_are_recovered_exactly(run, tmp_path, monkeypatch):
    keys: dict[str, Any] = {"inner_loop": BOTH, "model": STILL, "checkpointer": CHECKPOINTS}
    keys["callbacks"] = ["interrupt_for_test"]
    run("one", num_gradient_accumulation_steps=2, **keys)
    keys |= {"top": WORKERS, "num_gradient_accumulation_steps": 1}
    with monkeypatch.context() as interrupted:
        interrupted.setattr(Interrupt, "moment", (1, 2, True))
        with pytest.raises(mp.ProcessRaisedException):
            run("two", **keys)
    run("two", recover=True, **keys)
    for file in ("metrics_epoch_0.json", "metrics.json"):
        assert rates(tmp_path / "two", file) == pytest.approx(rates(tmp_path / "one", file))
    one, two = (torch.load(tmp_path / name / "best.th", weights_only=True) for name in ("one", "two"))
    assert all(torch.allclose(one[name], two[name], rtol=0, atol=1e-6) for name in one)


def test_an_inner_loop_of_one_rate_needs_no_callback():
    assert InnerRates.of(InnerLoop.by_name("exact")(), "out") == []
