"""The first-order estimator: the query gradient at theta', given to theta."""

from xlamaml_allennlp.adaptation.adapted import Adapted, numbers
from xlamaml_allennlp.adaptation.inner_loop import InnerLoop
from xlamaml_allennlp.adaptation.loss import Loss
from xlamaml_allennlp.adaptation.network import Network
from xlamaml_allennlp.adaptation.stepwise import StepwiseInnerLoop


@InnerLoop.register("first_order")
class FirstOrderInnerLoop(StepwiseInnerLoop):
    """
    The meta-gradient without its second-order term: grad L_Q at theta' instead of (I - lr H) grad L_Q (Finn et al.
    2017, section 5.2).

    The cheapest estimator; what it leaves out is of the order of `lr`.

    Registered as an `InnerLoop` with name "first_order".

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
    """

    def _episode(self, network: Network, support: Loss, query: Loss) -> Adapted:
        lesson = self._lesson(network)
        point, support_losses = self._adapted_point(network, support, lesson)
        query_loss, gradient = self._gradient(network, query, point, network.trainable)
        for stride in lesson.strides:
            lesson.rate(stride, gradient)
        return lesson.outcome(query_loss, gradient, numbers(support_losses))
