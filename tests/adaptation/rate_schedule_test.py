"""The inner rate over the meta steps."""

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.adaptation import InnerLoop, RateSchedule


def test_the_rate_warms_up_decays_on_a_line_and_stays():
    schedule = RateSchedule(warmup_steps=3, decay_steps=4, end=0.2)
    assert [schedule.factor(step) for step in range(10)] == pytest.approx(
        [0.25, 0.5, 0.75, 1, 0.8, 0.6, 0.4, 0.2, 0.2, 0.2]
    )
    assert [RateSchedule(warmup_steps=1).factor(step) for step in range(3)] == [0.5, 1, 1]
    assert [RateSchedule(decay_steps=2, end=0).factor(step) for step in range(4)] == [1, 0.5, 0, 0]


def test_inner_steps_go_by_the_rate_of_the_meta_step(estimator, examples, vector):
    # (w - 2)^2 / 2 at w = 5; at meta step 1 of two to a half the rate is 0.75 * 0.4 = 0.3, and w' = 2 + 0.7 * 3 = 4.1.
    loss = lambda net, targets: ((net() - targets) ** 2 / 2).mean()  # noqa: E731
    support, query = (examples(loss, torch.full((3,), target, dtype=torch.float64)) for target in (2.0, 0.0))
    loop, module = estimator(lr=0.4, schedule={"decay_steps": 2, "end": 0.5}), vector(5.0)
    loop.go_to(1)
    loop(module, support, query).loss.backward()
    assert module.w.grad.item() == pytest.approx((0.7 if estimator.second_order else 1) * 4.1, rel=estimator.tolerance)


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ({"warmup_steps": -1}, "warmup_steps is -1; it must be at least 0"),
        ({"decay_steps": 3, "end": 1.5}, "end is 1.5; it must be from 0 to 1"),
        ({"end": 0.5}, "decay_steps 0 and end 0.5: a decay takes at least one step"),
        ({"decay_steps": 3}, "decay_steps 3 and end 1.0: a decay takes at least one step"),
    ],
)
def test_a_schedule_that_is_none_is_refused(keys, error):
    with pytest.raises(ConfigurationError, match=error):
        InnerLoop.from_params(Params({"type": "exact", "schedule": keys}))
