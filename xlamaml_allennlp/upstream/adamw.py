"""The optimizer that AllenNLP knows as `huggingface_adamw`."""

import math
from collections.abc import Callable, Iterable
from typing import Any, Optional

import torch


class AdamW(torch.optim.Optimizer):
    """
    transformers' own AdamW, which AllenNLP derives its `huggingface_adamw` from.

    Torch's differs in three ways that change a run: its default decay is 0.01 and not 0, it decays before the step,
    with the weights of that time, and its `eps` is added after the correction of the second moment and not before.
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        correct_bias: bool = True,
        no_deprecation_warning: bool = True,
    ) -> None:
        for name, value, high in [("lr", lr, math.inf), ("eps", eps, math.inf), *(("betas", b, 1.0) for b in betas)]:
            if not 0 <= value < high:
                raise ValueError(f"{name}: {value} is not in [0, {high}).")
        keys = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "correct_bias": correct_bias}
        super().__init__(params, keys)

    @torch.no_grad()
    def step(self, closure: Optional[Callable[[], float]] = None) -> Optional[float]:  # type: ignore[override]
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._update(parameter, self.state[parameter], group)
        return loss

    @staticmethod
    def _update(parameter: torch.Tensor, state: dict[str, Any], group: dict[str, Any]) -> None:
        gradient = parameter.grad
        assert gradient is not None
        if gradient.is_sparse:
            raise RuntimeError("AdamW takes no sparse gradients. Use the optimizer `dense_sparse_adam`.")
        if not state:
            state.update(step=0, exp_avg=torch.zeros_like(parameter), exp_avg_sq=torch.zeros_like(parameter))
        state["step"] += 1
        first, second = group["betas"]
        state["exp_avg"].mul_(first).add_(gradient, alpha=1 - first)
        state["exp_avg_sq"].mul_(second).addcmul_(gradient, gradient, value=1 - second)
        size = group["lr"]
        if group["correct_bias"]:
            size *= math.sqrt(1 - second ** state["step"]) / (1 - first ** state["step"])
        parameter.addcdiv_(state["exp_avg"], state["exp_avg_sq"].sqrt().add_(group["eps"]), value=-size)
        if group["weight_decay"] > 0:
            parameter.add_(parameter, alpha=-group["lr"] * group["weight_decay"])
