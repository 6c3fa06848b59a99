"""The inner rates over a run: a schedule goes on with every meta step, and learned ones learn."""

from typing import Any, Optional

import torch
from allennlp.training.callbacks import TrainerCallback

from xlamaml_allennlp.adaptation import InnerLoop
from xlamaml_allennlp.meta_training.distributed import average_gradients


class InnerRates(TrainerCallback):
    """
    Ends a meta step for the inner rates: the learned ones take a step of their own, by their gradient averaged over the
    workers, and the schedule goes on. Both are in the checkpoints. Metrics tell the rate of the next step.

    The `meta` trainer adds it ahead of all others where rates are learned or have a schedule.

    # Parameters

    serialization_dir : `str`
        The run's folder.
    inner_loop : `InnerLoop`
        Whose rates they are.
    """

    def __init__(self, serialization_dir: str, inner_loop: InnerLoop) -> None:
        super().__init__(serialization_dir)
        self._inner_loop = inner_loop
        self._meta_steps = 0

    @classmethod
    def of(cls, inner_loop: InnerLoop, serialization_dir: str) -> list[TrainerCallback]:
        """The callbacks that an inner loop needs: one, or none where its rate stays what it is."""
        stays = inner_loop.schedule is None and inner_loop.learned_rates is None
        return [] if stays else [cls(serialization_dir, inner_loop)]

    def on_batch(self, trainer: Any, *args: Any, is_training: bool, **kwargs: Any) -> None:  # type: ignore[override]
        if not is_training:
            return
        learned = self._inner_loop.learned_rates
        if learned is not None:
            if trainer._distributed:
                average_gradients([learned.logarithms])
            self._check(learned.logarithms.grad)
            learned.step()
        self._meta_steps += 1
        self._inner_loop.go_to(self._meta_steps)
        trainer.sums.inner_rates = self._inner_loop.rates()

    def _check(self, gradient: Optional[torch.Tensor]) -> None:
        if gradient is not None and not gradient.isfinite().all():
            raise ValueError(
                f"Meta step {self._meta_steps + 1} of the run: the gradient of inner_loop.learned_rates is "
                f"{gradient.tolist()}, and the losses are finite. Lower trainer.inner_loop.lr."
            )

    def state_dict(self) -> dict[str, Any]:
        learned = self._inner_loop.learned_rates
        return {"meta_steps": self._meta_steps, "learned": None if learned is None else learned.state()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self._meta_steps = state_dict["meta_steps"]
        self._inner_loop.go_to(self._meta_steps)
        if self._inner_loop.learned_rates is not None:
            self._inner_loop.learned_rates.restore(state_dict["learned"])
