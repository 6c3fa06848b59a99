"""How the inner learning rate changes over the meta steps."""

from allennlp.common import FromParams
from allennlp.common.checks import ConfigurationError

KEY = "inner_loop.schedule"


class RateSchedule(FromParams):
    """
    Warm-up and linear decay of the inner learning rate over the meta steps of a run.

    Meta step n (from 0) takes lr * (n + 1) / (warmup_steps + 1) while n < warmup_steps; from there on the factor goes
    linearly from 1 to `end` in `decay_steps` meta steps, and stays. It is counted in steps, not in parts of the run, so
    that a run which is recovered with more epochs has done nothing differently.

    # Parameters

    warmup_steps : `int`, optional (default = `0`)
        Meta steps before the whole rate is taken, at least 0.
    decay_steps : `int`, optional (default = `0`)
        Meta steps from the whole rate to `end` of it, at least 0.
    end : `float`, optional (default = `1.0`)
        The factor after the decay, from 0 to 1. With 0 nothing adapts any more.

    # Raises

    `ConfigurationError`
        If a number is out of range, or only one of `decay_steps` and `end` is given.
    """

    def __init__(self, warmup_steps: int = 0, decay_steps: int = 0, end: float = 1.0) -> None:
        for key, steps in (("warmup_steps", warmup_steps), ("decay_steps", decay_steps)):
            if steps < 0:
                raise ConfigurationError(f"{KEY}.{key} is {steps}; it must be at least 0.")
        if not 0 <= end <= 1:
            raise ConfigurationError(f"{KEY}.end is {end}; it must be from 0 to 1, a part of inner_loop.lr.")
        if (decay_steps > 0) != (end < 1):
            raise ConfigurationError(
                f"{KEY} has decay_steps {decay_steps} and end {end}: a decay takes at least one step, to below 1."
            )
        self.warmup_steps = warmup_steps
        self.decay_steps = decay_steps
        self.end = float(end)

    def __repr__(self) -> str:
        return f"RateSchedule(warmup_steps={self.warmup_steps}, decay_steps={self.decay_steps}, end={self.end})"

    def factor(self, step: int) -> float:
        """What `lr` is multiplied by in a meta step, counted from 0 over the whole run."""
        if step < self.warmup_steps:
            return (step + 1) / (self.warmup_steps + 1)
        if step >= self.warmup_steps + self.decay_steps:
            return self.end
        return 1 + (self.end - 1) * (step - self.warmup_steps) / self.decay_steps
