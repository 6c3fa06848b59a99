"""The exact meta-gradient, backwards through the trajectory one inner step at a time."""

from collections.abc import Mapping
from typing import Optional

from torch.nn.attention import SDPBackend, sdpa_kernel

from xlamaml_allennlp.adaptation.adapted import Adapted, numbers
from xlamaml_allennlp.adaptation.alignment import alignment
from xlamaml_allennlp.adaptation.inner_loop import InnerLoop
from xlamaml_allennlp.adaptation.loss import Loss, parts
from xlamaml_allennlp.adaptation.network import Network, Point
from xlamaml_allennlp.adaptation.stepwise import StepwiseInnerLoop
from xlamaml_allennlp.adaptation.vector import Part, Vector


@InnerLoop.register("exact")
class ExactInnerLoop(StepwiseInnerLoop):
    """
    The exact meta-gradient by Hessian-vector products, one inner step and one micro-batch at a time.

    With theta_0 = theta, theta_{t+1} = theta_t - lr * grad L_S(theta_t) and T inner steps, the meta-gradient is v_0 in

        v_T = grad L_Q(theta_T),    v_t = v_{t+1} - lr * H_S(theta_t) v_{t+1}

    (with `normalize`, lr / |g| for lr and v less its part along g, the support gradient, behind H_S).

    H_S v is a mean over the support examples, so micro-batches of any size give it exactly; each pass over the same
    examples draws the same random numbers and reads the same buffers. Equal to `higher` without dropout; with it,
    whenever both see the same batches. `micro_batch_size: null` keeps the graphs of the support passes instead of
    making them again, which is faster and takes more memory.

    Registered as an `InnerLoop` with name "exact".

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
        Examples per pass, at least 1; the losses have to be means over examples. By default all at once, and the
        graphs of the support passes are kept.
    """

    differentiates_twice = True

    @property
    def holds_both(self) -> bool:
        return self.micro_batch_size is None and self.num_steps > 0

    def _episode(self, network: Network, support: Loss, query: Loss) -> Adapted:
        points, states, kept, strides, support_losses = [Point()], [], [], [], []
        lesson = self._lesson(network)
        for _ in range(self.num_steps):
            states.append(network.state())
            # Fused attention kernels have no second derivative, and draw other dropout masks than the math kernel.
            with sdpa_kernel(SDPBackend.MATH):
                if self.micro_batch_size is None:
                    kept.append(network.record(support, points[-1], lesson.names))
                    loss = kept[-1].loss
                    point, stride = self._step_along(network, kept[-1].gradient(), points[-1], lesson)
                else:
                    loss, point, stride = self._step(network, support, points[-1], lesson)
            support_losses.append(loss)
            points.append(point)
            strides.append(stride)
        query_loss, vector = self._gradient(network, query, points.pop(), network.trainable)
        aligned = alignment(kept[0].gradient(), vector, network.adapted) if self.aligns and kept else None
        end = network.state()
        while points:
            point, state, stride = points.pop(), states.pop(), strides.pop()
            lesson.rate(stride, vector)
            seen = stride.seen_of(vector, network.adapted)
            if kept:
                vector.add_(kept.pop().hessian_product(seen, network.adapted), stride.factor)
            else:
                state.restore()
                vector.add_(self._hessian_product(network, support, point, seen), stride.factor)
        end.restore()
        return lesson.outcome(query_loss, vector, numbers(support_losses), aligned)

    def _hessian_product(self, network: Network, loss: Loss, point: Point, direction: Mapping[str, Part]) -> Vector:
        """The loss's Hessian at a point times a direction, in micro-batches."""
        total: Optional[Vector] = None
        for weight, part in parts(loss, self.micro_batch_size):
            with sdpa_kernel(SDPBackend.MATH):
                product = network.record(part, point, network.adapted).hessian_product(direction, network.adapted)
            total = product.scale_(weight) if total is None else total.add_(product, weight)
            del product  # so that the next pass has its memory
        return total or Vector()
