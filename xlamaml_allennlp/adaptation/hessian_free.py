"""The meta-gradient with Hessian-vector products by finite differences of gradients."""

import math
from collections.abc import Mapping
from typing import Literal, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.adaptation.adapted import Adapted, numbers
from xlamaml_allennlp.adaptation.alignment import alignment
from xlamaml_allennlp.adaptation.inner_loop import InnerLoop
from xlamaml_allennlp.adaptation.learned_rates import LearnedRates
from xlamaml_allennlp.adaptation.loss import Loss
from xlamaml_allennlp.adaptation.network import Network, Point
from xlamaml_allennlp.adaptation.pass_state import PassState
from xlamaml_allennlp.adaptation.rate_schedule import RateSchedule
from xlamaml_allennlp.adaptation.stepwise import StepwiseInnerLoop
from xlamaml_allennlp.adaptation.vector import Part, Vector, norm_of

LARGEST_RELATIVE_STEP = 1e-2


@InnerLoop.register("hessian_free")
class HessianFreeInnerLoop(StepwiseInnerLoop):
    """
    The meta-gradient without second derivatives: Hessian-vector products as differences of gradients (Fallah,
    Mokhtari & Ozdaglar 2020, HF-MAML).

    H_S v = (grad L_S(theta + e v) - grad L_S(theta - e v)) / 2e for `central`, and
    (grad L_S(theta + e v) - grad L_S(theta)) / e for `forward`; several inner steps backwards, one at a time. All
    passes of an inner step draw the same random numbers and read the same buffers.

    Registered as an `InnerLoop` with name "hessian_free".

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
    micro_batch_size : `int`, optional (default = `None`)
        Examples per pass, at least 1; the losses have to be means over examples. By default all at once.
    scheme : `str`, optional (default = `"forward"`)
        "forward", one more gradient per inner step, or "central", two more and a smaller error.
    relative_step : `float`, optional (default = `1e-5`)
        The length of e v relative to that of all trainable parameters, above 0 and up to 1e-2. Where it is too
        small, rounding spoils the difference; where too large, the third derivative does, and that comes soon.
    """

    def __init__(
        self,
        lr: float = 1e-5,
        num_steps: int = 1,
        parameters: Optional[list[str]] = None,
        micro_batch_size: Optional[int] = None,
        scheme: Literal["forward", "central"] = "forward",
        relative_step: float = 1e-5,
        support_weight: float = 0.0,
        direction: Literal["descent", "ascent"] = "descent",
        normalize: bool = False,
        learned_rates: Optional[LearnedRates] = None,
        schedule: Optional[RateSchedule] = None,
    ) -> None:
        super().__init__(
            lr, num_steps, parameters, micro_batch_size, support_weight, direction, normalize, learned_rates, schedule
        )
        if scheme not in ("forward", "central"):
            raise ConfigurationError(f'inner_loop.scheme is "{scheme}"; it must be "forward" or "central".')
        if not 0 < relative_step <= LARGEST_RELATIVE_STEP:
            raise ConfigurationError(
                f"inner_loop.relative_step is {relative_step}; it must be above 0 and at most {LARGEST_RELATIVE_STEP} "
                "(1e-5 was measured to be best in float32)."
            )
        self.scheme = scheme
        self.relative_step = relative_step

    @property
    def holds_both(self) -> bool:
        return self.scheme == "forward" and self.num_steps > 0

    def _episode(self, network: Network, support: Loss, query: Loss) -> Adapted:
        points, states, gradients, strides, support_losses = [Point()], [], [], [], []
        lesson = self._lesson(network)
        for _ in range(self.num_steps):
            states.append(network.state())
            loss, gradient = self._gradient(network, support, points[-1], network.trainable)
            support_losses.append(loss)
            point, stride = self._step_along(network, gradient, points[-1], lesson)
            points.append(point)
            strides.append(stride)
            if self.scheme == "forward":
                gradients.append(gradient)
            del gradient, point
        query_loss, vector = self._gradient(network, query, points.pop(), network.trainable)
        aligned = alignment(gradients[0], vector, network.adapted) if self.aligns and gradients else None
        end = network.state()
        # Of all, not of those that adapt: a few biases may be near 0, and rounding is that of the whole pass.
        length = self.relative_step * (network.norm() or 1.0)
        while points:
            base, stride = gradients.pop() if gradients else None, strides.pop()
            lesson.rate(stride, vector)
            seen = stride.seen_of(vector, network.adapted)
            product = self._hessian_product(network, support, points.pop(), states.pop(), base, seen, length)
            vector.add_(product, stride.factor)
        end.restore()
        return lesson.outcome(query_loss, vector, numbers(support_losses), aligned)

    def _hessian_product(
        self,
        network: Network,
        support: Loss,
        point: Point,
        state: PassState,
        base: Optional[Vector],
        direction: Mapping[str, Part],
        length: float,
    ) -> Vector:
        """H_S(point) v, by differences over `length`."""
        size = norm_of(direction, network.adapted)
        if size == 0 or not math.isfinite(size):  # no direction to go in; what is not finite stays so, and is seen
            return Vector()
        step = length / size
        state.restore()
        _, ahead = self._gradient(network, support, network.moved(point, direction, step), network.trainable)
        if base is None:
            state.restore()
            behind_point = network.moved(point, direction, -step)
            _, base = self._gradient(network, support, behind_point, network.trainable)
            step = 2 * step
        # The difference first: it is what the rounding of each gradient leaves something of.
        return ahead.add_(base, -1.0).scale_(1 / step)
