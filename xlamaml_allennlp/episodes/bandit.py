"""Chooses by what came of the choices before: Exp3.S."""

import math
from array import array
from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
from allennlp.common.checks import ConfigurationError

# Between these percentiles of all signals so far a reward grows from 0 to 1.
LOW, HIGH = 0.2, 0.8


class Bandit:
    """
    Exp3.S (Auer et al. 2002, section 8), with rewards scaled by running percentiles (as by Graves et al. 2017).

    Of K arms the i-th has a weight w_i, and is chosen with the probability

        p_i = (1 - gamma) w_i / sum_j w_j + gamma / K

    which is at least gamma / K. Let arm a be chosen with p_a, and rewarded with r from 0 to 1. Then

        w_i <- w_i exp(gamma x_i / K) + e alpha / K sum_j w_j,    x_a = r / p_a and x_i = 0 for all others

    It remembers each choice and its signal, so that a recovered run makes the same choices again.

    # Parameters

    arms : `Sequence[str]`
        Their names, at least one.
    signal : `str`
        The name of what rewards are made of, for whoever tells it.
    exploration : `float`
        gamma, above 0 and at most 1.
    forgetting : `float`
        alpha, above 0, so that no weight can vanish.
    """

    def __init__(self, arms: Sequence[str], signal: str, exploration: float, forgetting: float) -> None:
        self.arms, self.signal = list(arms), signal
        self._exploration, self._forgetting = exploration, forgetting
        # Their sum is 1: probabilities and the next weights depend on nothing but their ratios.
        self._weights = [1 / len(arms)] * len(arms)
        # Of each choice the arm and its probability; and the signals of those whose outcome is known.
        self._chosen, self._probabilities = array("i"), array("d")
        self._signals = array("d")

    def probabilities(self) -> list[float]:
        """With what probability each arm is chosen next."""
        floor = self._exploration / len(self.arms)
        return [(1 - self._exploration) * weight + floor for weight in self._weights]

    def choose(self, number: int, rng: Random) -> int:
        """
        The arm of a choice.

        # Parameters

        number : `int`
            Which one, from 0. One that was made before is what it was, whatever has been learned since.
        rng : `Random`
            The sampler's generator; it gives one number either way.
        """
        probabilities = self.probabilities()
        (arm,) = rng.choices(range(len(self.arms)), probabilities)
        if number == len(self._chosen):
            self._chosen.append(arm)
            self._probabilities.append(probabilities[arm])
        return self._chosen[number]

    def probability(self, number: int) -> float:
        """With what probability the arm of a choice was chosen."""
        return self._probabilities[number]

    def learn(self, signals: Sequence[float]) -> None:
        """
        Learns from the outcome of all choices since it last did.

        # Parameters

        signals : `Sequence[float]`
            The signal of each of them, in their order; larger is better.

        # Raises

        `ConfigurationError`
            If there are more or fewer.
        """
        waiting = range(len(self._signals), len(self._chosen))
        if len(signals) != len(waiting):
            raise ConfigurationError(
                f"data_loader.languages chooses pairs by what came of earlier ones: {len(waiting)} episodes were drawn "
                f"since it last heard, and it hears of {len(signals)}. Nobody may draw ahead of the meta step: take a "
                "data loader without prefetching and without processes of its own."
            )
        self._signals.extend(signals)
        low, high = np.quantile(self._signals, (LOW, HIGH)).tolist()
        for number, signal in zip(waiting, signals, strict=True):
            reward = min(1.0, max(0.0, (signal - low) / (high - low))) if low < high else 0.5
            self.reward(self._chosen[number], self._probabilities[number], reward)

    def reward(self, arm: int, probability: float, reward: float) -> None:
        """
        Changes the weights by one outcome.

        # Parameters

        arm : `int`
            What was chosen.
        probability : `float`
            With what probability.
        reward : `float`
            From 0 to 1.
        """
        count = len(self._weights)
        self._weights[arm] *= math.exp(self._exploration * reward / probability / count)
        shared = math.e * self._forgetting / count  # of the sum before, which is 1
        total = sum(self._weights) + count * shared
        self._weights = [(weight + shared) / total for weight in self._weights]

    def memory(self) -> dict[str, Any]:
        """All that it has learned, as plain values."""
        choices = {"chosen": self._chosen.tolist(), "probabilities": self._probabilities.tolist()}
        return {"weights": list(self._weights), "signals": self._signals.tolist(), **choices}

    def remember(self, memory: dict[str, Any]) -> None:
        """Goes back to where `memory` was taken, before any choice is made again."""
        self._weights = list(memory["weights"])
        self._chosen, self._probabilities = array("i", memory["chosen"]), array("d", memory["probabilities"])
        self._signals = array("d", memory["signals"])
