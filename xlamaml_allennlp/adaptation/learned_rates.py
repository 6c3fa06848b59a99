"""Inner rates that are learned, one for each group of parameters."""

import math
import re
from collections.abc import Container, Mapping
from typing import Any, Optional

import torch
from allennlp.common import FromParams
from allennlp.common.checks import ConfigurationError
from torch import Tensor
from torch.nn import Module, Parameter

from xlamaml_allennlp.adaptation.patterns import compiled, matching
from xlamaml_allennlp.adaptation.vector import Part, Vector

KEY = "inner_loop.learned_rates"


class LearnedRates(FromParams):
    """
    A rate for each group of the parameters that adapt, alpha_g = lr * exp(s_g), learned by the gradient of the
    objective with respect to s_g (Meta-SGD, Li et al. 2017, which has a rate for each number).

    The logarithm is learned: a rate cannot become 0 or negative, and what it learns by does not depend on how small
    it is. Every s_g begins at 0, and Adam moves it.

    # Parameters

    groups : `list[str]`, optional (default = `None`)
        Regular expressions: the parameters in whose names one is found, and none before it, are its group. Those in
        which none is found adapt at the inner loop's `lr`. By default every layer is a group: what names have in common
        up to their first number ("encoder.layer.3"), and, of names without one, the module ("classifier").
    lr : `float`, optional (default = `0.01`)
        Adam's learning rate, above 0: about the part by which a rate changes in a meta step.

    # Raises

    `ConfigurationError`
        If `lr` is out of range, or an expression is not valid or (in `bind`) has no parameter of its own.
    """

    def __init__(self, groups: Optional[list[str]] = None, lr: float = 0.01) -> None:
        if not 0 < lr < math.inf:
            raise ConfigurationError(f"{KEY}.lr is {lr}; it must be a finite number above 0.")
        if groups is not None and not groups:
            raise ConfigurationError(f"{KEY}.groups is an empty list; leave it out for a group for every layer.")
        self.lr = float(lr)
        self.groups = groups
        self._patterns = None if groups is None else compiled(f"{KEY}.groups", groups)
        self._members: dict[str, set[str]] = {}
        self._known: set[str] = set()
        self._logarithms: Optional[Parameter] = None
        self._multipliers: list[float] = []

    def __repr__(self) -> str:
        return f"LearnedRates(groups={self.groups}, lr={self.lr})"

    def bind(self, module: Module, names: list[str]) -> None:
        """
        Makes the groups, the first time; afterwards they have to be of the same parameters.

        # Parameters

        module : `Module`
            The network.
        names : `list[str]`
            The parameters that adapt.

        # Raises

        `ConfigurationError`
            If a group is empty, or a parameter was not there before.
        """
        if self._logarithms is None:
            own = dict(module.named_parameters())
            self._known, self._members = set(names), self._grouped(module, {name: own[name] for name in names})
            first = own[names[0]]
            zeros = torch.zeros(len(self._members), dtype=torch.promote_types(first.dtype, torch.float32))
            self._logarithms = Parameter(zeros.to(first.device))
            self._optimizer = torch.optim.Adam([self._logarithms], lr=self.lr, eps=1e-16)
            self._multipliers = [1.0] * len(self._members)
        if new := sorted(set(names) - self._known):
            raise ConfigurationError(
                f"{KEY}: {new[0]} adapts only now ({len(new)} parameters), and the groups were made without it. Leave "
                "the key out where parameters are unfrozen during the run, or in an inner loop for several models."
            )

    def _grouped(self, module: Module, adapted: dict[str, Parameter]) -> dict[str, set[str]]:
        if self._patterns is None:
            layers: dict[str, set[str]] = {}
            for name in adapted:
                layers.setdefault(_layer_of(name), set()).add(name)
            return layers
        taken: set[str] = set()
        groups = {}
        for expression, names in matching(f"{KEY}.groups", self._patterns, module, adapted, "adapting").items():
            groups[expression] = names - taken
            taken |= names
            if not groups[expression]:
                raise ConfigurationError(f'{KEY}.groups: all that "{expression}" matches is in a group before it.')
        return groups

    @property
    def logarithms(self) -> Parameter:
        """s, which the objective's `backward()` gives a `.grad`. Shape: (groups,)"""
        assert self._logarithms is not None, "the rates belong to no module yet: see `bind`"
        return self._logarithms

    @property
    def members(self) -> list[set[str]]:
        """The names of each group's parameters."""
        return list(self._members.values())

    def multipliers(self) -> dict[str, float]:
        """exp(s_g) by group."""
        return dict(zip(self._members, self._multipliers, strict=True))

    def scaled(self, vector: Mapping[str, Part], names: Container[str]) -> Vector:
        """A vector with each group times its exp(s_g), what belongs to none as it is; and only what is in `names`."""
        factor_of = {name: factor for own, factor in zip(self.members, self._multipliers, strict=True) for name in own}
        return Vector({name: part * factor_of.get(name, 1.0) for name, part in vector.items() if name in names})

    def tensors(self) -> dict[str, Tensor]:
        """exp(s_g) by name of parameter, to be differentiated by s."""
        factors = self.logarithms.exp()
        return {name: factors[number] for number, own in enumerate(self.members) for name in own}

    def step(self) -> None:
        """Learns from the gradient that `logarithms` has, and takes it away."""
        self._optimizer.step()
        self._optimizer.zero_grad()
        self._read()

    def state(self) -> dict[str, Any]:
        """What a checkpoint has to hold."""
        return {"logarithms": self.logarithms.detach().clone(), "optimizer": self._optimizer.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Takes up what `state` returned."""
        with torch.no_grad():
            self.logarithms.copy_(state["logarithms"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._read()

    def _read(self) -> None:
        self._multipliers = self.logarithms.detach().exp().tolist()


def _layer_of(name: str) -> str:
    numbered = re.match(r"(?:[^.]+\.)*?\d+(?=\.)", name)
    return numbered[0] if numbered else name.rpartition(".")[0] or name
