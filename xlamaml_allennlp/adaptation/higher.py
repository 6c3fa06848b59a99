"""The reference estimator: differentiation through the unrolled inner loop by the package `higher`."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Optional, Union

import higher
import torch
from torch import Tensor
from torch.nn import Module, ModuleList
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.optim import SGD

from xlamaml_allennlp.adaptation.adapted import Adapted, numbers
from xlamaml_allennlp.adaptation.inner_loop import InnerLoop
from xlamaml_allennlp.adaptation.loss import Loss


@InnerLoop.register("higher")
class HigherInnerLoop(InnerLoop):
    """
    The exact meta-gradient, by automatic differentiation through the unrolled inner loop (Grefenstette et al. 2019).

    It is the reference that the other estimators are checked against, and so shares no code with them: it keeps the
    graphs of all inner steps at once and works on whole word-embedding matrices.

    Registered as an `InnerLoop` with name "higher".

    # Parameters

    lr : `float`, optional (default = `1e-5`)
        The inner learning rate alpha, above 0.
    num_steps : `int`, optional (default = `1`)
        Inner steps per episode, at least 0; with 0 the inner step is off.
    parameters : `List[str]`, optional (default = `None`)
        Regular expressions of the parameters that adapt; by default every trainable one.
    support_weight : `float`, optional (default = `0.0`)
        How much the support loss at theta counts in the objective, at least 0.
    direction : `str`, optional (default = `"descent"`)
        "descent", against the support gradient, or "ascent", along it.
    normalize : `bool`, optional (default = `False`)
        Whether every inner step has the length `lr`, however long the gradient is.
    learned_rates : `LearnedRates`, optional (default = `None`)
        Groups of parameters whose inner rates are learned; see `InnerLoop`.
    schedule : `RateSchedule`, optional (default = `None`)
        How `lr` changes over the meta steps; by default it does not.
    """

    differentiates_twice = True

    def _adapt(self, module: Module, support: Loss, query: Loss) -> Adapted:
        return self._unrolled(module, support, query, differentiable=True)

    def _judge(self, module: Module, support: Loss, query: Loss) -> Adapted:
        return self._unrolled(module, support, query, differentiable=False)

    def _unrolled(self, module: Module, support: Loss, query: Loss, differentiable: bool) -> Adapted:
        named, adapted = dict(module.named_parameters()), self.adapted_names(module)
        optimizer = SGD([named[name] for name in adapted], lr=self.rate)
        scales = self.learned_rates.tensors() if self.learned_rates is not None else {}
        factors = [scales.get(name, 1.0) if name in adapted else None for name in named]
        directed = partial(self._directed, factors=factors)
        support_losses: list[Tensor] = []
        settings = {"copy_initial_weights": False, "track_higher_grads": differentiable}
        with higher.innerloop_ctx(module, optimizer, **settings) as (functional, differentiable_optimizer):
            _let_lists_be_sliced(functional)
            at_theta = torch.zeros(())
            for _ in range(self.num_steps):
                # Fused attention kernels have no second derivative; the math kernel does.
                with sdpa_kernel(SDPBackend.MATH):
                    loss = support(functional)
                at_theta = at_theta if support_losses else loss
                support_losses.append(loss.detach())
                differentiable_optimizer.step(loss, grad_callback=directed)
            with torch.set_grad_enabled(differentiable):
                query_loss = query(functional)
        values = numbers(support_losses)
        if not (differentiable and self.support_weight):
            return Adapted(query_loss, values)
        return Adapted(query_loss + self.support_weight * at_theta, values, support_weight=self.support_weight)

    def _directed(
        self, gradients: Sequence[Optional[Tensor]], factors: Sequence[Union[float, Tensor, None]]
    ) -> list[Optional[Tensor]]:
        """What plain descent is to be told of the support gradient of each parameter, so that it makes this step."""
        if self.direction == "descent" and not self.normalize and self.learned_rates is None:
            return list(gradients)  # as they are: every product would be another gradient in memory
        own = [None if factor is None else gradient for gradient, factor in zip(gradients, factors, strict=True)]
        length: Union[float, Tensor] = 1.0 if self.direction == "descent" else -1.0
        if self.normalize:
            square = torch.stack([gradient.square().sum() for gradient in own if gradient is not None]).sum()
            length = length / square.sqrt() if square else 0.0
        return [
            None if gradient is None or factor is None else gradient * (length * factor)
            for gradient, factor in zip(own, factors, strict=True)
        ]


def _let_lists_be_sliced(functional: Module) -> None:
    """Lets `self.layers[:n]`, which many encoders say, give the layers: of higher's modules it cannot make a list."""
    for module in functional.modules():
        if isinstance(module, ModuleList):
            # higher makes a class for each module, so that nobody else has this one.
            type(module).__getitem__ = _item  # type: ignore[method-assign]


def _item(modules: ModuleList, index: Union[int, slice]) -> Any:
    return list(modules)[index]
