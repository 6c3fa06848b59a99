"""The inner loop: from a support loss and a query loss to a loss whose gradient is the meta-gradient."""

import math
from typing import Literal, Optional

import torch
from allennlp.common import Registrable
from allennlp.common.checks import ConfigurationError
from torch.nn import Module, Parameter

from xlamaml_allennlp.adaptation.adapted import Adapted
from xlamaml_allennlp.adaptation.learned_rates import LearnedRates
from xlamaml_allennlp.adaptation.loss import Loss
from xlamaml_allennlp.adaptation.patterns import compiled, matching
from xlamaml_allennlp.adaptation.rate_schedule import RateSchedule
from xlamaml_allennlp.adaptation.submodules import check_submodules


class InnerLoop(Registrable):
    """
    How parameters learn from a support loss, and what the gradient of that learning is.

    theta' = theta - lr * grad L_S(theta), repeated `num_steps` times, by plain SGD; the outcome is L_Q(theta') and an
    estimate of its gradient with respect to theta (Liu et al., section 3). The estimators differ in cost and error
    only. The module's parameters, buffers and `training` flag are as before when the call returns, and the query
    loss is evaluated once on every example.

    With a `support_weight` w the objective is L_Q(theta') + w * L_S(theta): an episode then teaches both of its
    languages, by the support gradient that the inner step takes anyway. At the paper's alpha the support labels are
    hardly used otherwise. (In MAML++, Antoniou et al. 2019, losses along the way count; those are of the query set.)

    With `direction: "ascent"` and `normalize` a step is theta' = theta + lr * g_S / |g_S|: sharpness-aware minimization
    (Foret et al. 2021, equation 2, with lr for its rho) where the point to look from is the worst nearby for another
    language than the one that learns.

    # Parameters

    lr : `float`, optional (default = `1e-5`)
        The inner learning rate alpha, above 0.
    num_steps : `int`, optional (default = `1`)
        Inner steps per episode, at least 0. With 0 theta' is theta, and the support set is not passed: fine-tuning on
        the query examples, as a control.
    parameters : `list[str]`, optional (default = `None`)
        Regular expressions, searched for in the names of the module's parameters: only those that match one adapt.
        All others that are trainable still receive the meta-gradient. By default every trainable parameter adapts.
    support_weight : `float`, optional (default = `0.0`)
        How much the support loss at theta counts in the objective, at least 0.
    direction : `str`, optional (default = `"descent"`)
        "descent", against the support gradient, or "ascent", along it.
    normalize : `bool`, optional (default = `False`)
        Whether every inner step has the length `lr` (over all that adapts), however long the gradient is. Where that is
        0 there is no step.
    learned_rates : `LearnedRates`, optional (default = `None`)
        Groups of parameters whose inner rates are learned, beginning at `lr`: the loss's `backward()` gives them their
        gradient, and the trainer `meta` steps. By default `lr` is everybody's rate.
    schedule : `RateSchedule`, optional (default = `None`)
        How `lr`, and every learned rate with it, changes over the meta steps; by default it does not.

    # Raises

    `ConfigurationError`
        If `direction` is neither of the two, `lr`, `num_steps` or `support_weight` is out of range, an expression is
        not valid, or (on the first call, or in `check`) matches no trainable parameter, or rates are learned of steps
        whose length is fixed.
    """

    # Not a key of the inner loop: whoever wants to hear of it sets it. It takes some percent of a step.
    aligns = False
    # Whether support passes are differentiated twice by autograd.
    differentiates_twice = False

    def __init__(
        self,
        lr: float = 1e-5,
        num_steps: int = 1,
        parameters: Optional[list[str]] = None,
        support_weight: float = 0.0,
        direction: Literal["descent", "ascent"] = "descent",
        normalize: bool = False,
        learned_rates: Optional[LearnedRates] = None,
        schedule: Optional[RateSchedule] = None,
    ) -> None:
        if not 0 < lr < math.inf:
            raise ConfigurationError(f"inner_loop.lr is {lr}; it must be a finite number above 0 (the paper: 1e-5).")
        if num_steps < 0:
            raise ConfigurationError(f"inner_loop.num_steps is {num_steps}; it must be at least 0 (the paper: 1).")
        if num_steps == 0 and (support_weight or learned_rates is not None):
            raise ConfigurationError(
                "inner_loop.num_steps is 0, and support_weight and learned_rates ask for a support gradient, which no "
                "step takes. Leave them out, or take a step."
            )
        if parameters is not None and not parameters:
            raise ConfigurationError("inner_loop.parameters is an empty list; leave it out to adapt everything.")
        if not 0 <= support_weight < math.inf:
            raise ConfigurationError(
                f"inner_loop.support_weight is {support_weight}; it must be a finite number, at least 0 (the paper: 0)."
            )
        if direction not in ("descent", "ascent"):
            raise ConfigurationError(f'inner_loop.direction is "{direction}"; it must be "descent" or "ascent".')
        if normalize and learned_rates is not None:
            raise ConfigurationError(
                "inner_loop.learned_rates and normalize exclude each other: a step's length is `lr`, or is learned."
            )
        self.lr = float(lr)  # Jsonnet's 1e30 is an int
        self.direction = direction
        self.normalize = normalize
        self.support_weight = float(support_weight)
        self.num_steps = num_steps
        self.learned_rates, self.schedule = learned_rates, schedule
        self._patterns = None if parameters is None else compiled("inner_loop.parameters", parameters)
        self._factor = schedule.factor(0) if schedule is not None else 1.0

    @property
    def holds_both(self) -> bool:
        """Whether it has the support gradient still when it has the query gradient, so that it can tell of both."""
        return False

    @property
    def rate(self) -> float:
        """`lr` as the schedule has it now."""
        return self._factor * self.lr

    def rates(self) -> dict[str, float]:
        """The rates as they are now: by group of `learned_rates`, or under "" that of everybody."""
        multipliers = {"": 1.0} if self.learned_rates is None else self.learned_rates.multipliers()
        return {group: self.rate * multiplier for group, multiplier in multipliers.items()}

    def go_to(self, meta_step: int) -> None:
        """Lets the schedule stand at a meta step, counted from 0 over the whole run."""
        if self.schedule is not None:
            self._factor = self.schedule.factor(meta_step)

    def __call__(self, module: Module, support: Loss, query: Loss) -> Adapted:
        """
        Adapts to the support loss and returns the query loss there.

        # Parameters

        module : `Module`
            The network at theta.
        support : `Loss`
            The support loss as a function of a network; called at least `num_steps` times.
        query : `Loss`
            The query loss as a function of a network.
        """
        self.check(module)
        with torch.enable_grad():
            return self._adapt(module, support, query)

    def judge(self, module: Module, support: Loss, query: Loss) -> Adapted:
        """
        Adapts as a call does and evaluates the query loss there, for whoever wants its number and no meta-gradient:
        `loss` has none, and nothing is differentiated but the support loss of each inner step. Parameters as of a call.
        """
        self.check(module)
        with torch.enable_grad():
            adapted = self._judge(module, support, query)
        return Adapted(adapted.loss.detach(), adapted.support_losses)

    def _adapt(self, module: Module, support: Loss, query: Loss) -> Adapted:
        raise NotImplementedError

    def _judge(self, module: Module, support: Loss, query: Loss) -> Adapted:
        return self._adapt(module, support, query)

    def check(self, module: Module) -> None:
        """Raises a `ConfigurationError` if this inner loop cannot work on this module."""
        names = self.adapted_names(module)
        if self.learned_rates is not None:
            self.learned_rates.bind(module, names)
        check_submodules(module, self.differentiates_twice)

    def adapted_names(self, module: Module) -> list[str]:
        """The names of the parameters that adapt, in the module's order."""
        trainable = trainable_parameters(module)
        if not trainable:
            raise ConfigurationError("inner_loop: the model has no trainable parameter; check the key `no_grad`.")
        if self._patterns is None:
            return list(trainable)
        matches = matching("inner_loop.parameters", self._patterns, module, trainable, "trainable")
        return [name for name in trainable if any(name in names for names in matches.values())]


def trainable_parameters(module: Module) -> dict[str, Parameter]:
    """The parameters that receive the meta-gradient, by name, each once."""
    return {name: parameter for name, parameter in module.named_parameters() if parameter.requires_grad}
