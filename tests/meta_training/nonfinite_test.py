"""Losses and gradients that are not finite stop the run, and say where."""

import pytest
import torch

from xlamaml_allennlp.meta_training import MetaTrainer


@pytest.mark.parametrize(
    "forward_pass, found",
    [
        # An episode is a support pass and a query pass; there are two per meta step and six per epoch.
        (1, r"Epoch 0, meta step 1, episode 1: the support loss before inner step 1 of 1 is nan"),
        (4, r"Epoch 0, meta step 1, episode 2: the query loss is nan"),
        (10, r"Epoch 0, meta step 3, episode 1: the query loss is nan"),
    ],
)
def test_a_loss_that_is_not_a_number_names_the_moment_the_side_and_the_episode(run, forward_pass, found):
    with pytest.raises(ValueError, match=found) as raised:
        run(model={"explode_at": forward_pass})
    message = str(raised.value)
    assert "support en (ids " in message
    assert ", query hi (ids " in message or ", query ur (ids " in message
    assert "Lower trainer.inner_loop.lr" in message


def test_weights_are_untouched_by_the_meta_step_that_failed(run, monkeypatch):
    steps = []
    monkeypatch.setattr(MetaTrainer, "clip_gradient", lambda trainer: steps.append(trainer.model.out.weight.clone()))
    with pytest.raises(ValueError, match="meta step 2, episode 1"):
        run(model={"explode_at": 6})
    assert len(steps) == 1


@pytest.mark.parametrize("keys", [{}, {"grad_norm": 1.0}, {"grad_norm": True}, {"grad_clipping": 1.0}])
def test_a_gradient_that_is_not_finite_names_the_episodes_of_its_group(run, monkeypatch, keys):
    average = MetaTrainer.batch_outputs

    def with_infinite_gradient(trainer, batch, for_training):
        outputs = average(trainer, batch, for_training)
        weight = trainer.model.out.weight
        return {**outputs, "loss": outputs["loss"] + (weight - weight.detach()).abs().sqrt().sum()}

    def step(*_):
        pytest.fail("the optimizer stepped")

    # What has no such mark torch wraps, and leaves in every subclass, where nothing undoes it.
    step.hooked = True
    monkeypatch.setattr(MetaTrainer, "batch_outputs", with_infinite_gradient)
    monkeypatch.setattr(torch.optim.AdamW, "step", step)
    with pytest.raises(ValueError, match=r"Epoch 0, meta step 1: the norm of the meta-gradient is (nan|inf)") as raised:
        run(**keys)
    assert str(raised.value).count("- support en") == 2
