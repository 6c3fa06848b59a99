"""AdamW in one kernel for all parameters of a group, on a CPU too."""

from typing import Any, Optional

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.training.optimizers import Optimizer, make_parameter_groups


@Optimizer.register("adamw_fused")
class FusedAdamW(Optimizer, torch.optim.AdamW):
    """
    AdamW with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2), by torch's fused kernel: one pass over a
    parameter and its two moments, where AllenNLP's `adamw` makes a dozen. The steps are the same to rounding.

    Registered as an `Optimizer` with name "adamw_fused".

    # Parameters

    model_parameters : `list` of (name, parameter)
        Supplied by the trainer: what is trained. Real floating-point tensors; gradients are dense.
    parameter_groups : `list` of (regexes, overrides), optional
        As in every optimizer of AllenNLP.
    lr : `float`, optional (default = `1e-3`)
        The step size, > 0.
    betas : `(float, float)`, optional (default = `(0.9, 0.999)`)
        Decay of the first and of the second moment, each in [0, 1).
    eps : `float`, optional (default = `1e-8`)
        Added to the root of the second moment, >= 0.
    weight_decay : `float`, optional (default = `0.01`)
        Part of a weight that goes at every step, in units of `lr`, >= 0.
    amsgrad : `bool`, optional (default = `False`)
        Divide by the largest second moment so far.

    # Raises

    `ConfigurationError` for parameters that the kernel does not take.
    """

    def __init__(
        self,
        model_parameters: list[tuple[str, torch.nn.Parameter]],
        parameter_groups: Optional[list[tuple[list[str], dict[str, Any]]]] = None,
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        amsgrad: bool = False,
    ) -> None:
        for name, parameter in model_parameters:
            if not parameter.is_floating_point():
                raise ConfigurationError(
                    f"optimizer: `adamw_fused` steps real numbers, and {name} is {parameter.dtype}. "
                    "Exclude it by `no_grad`, or take `adamw`."
                )
        super().__init__(
            make_parameter_groups(model_parameters, parameter_groups),
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
            fused=True,
        )
