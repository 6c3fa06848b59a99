"""Pairs of languages, drawn by how much they help."""

from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Literal, Union

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.episodes.bandit import Bandit
from xlamaml_allennlp.episodes.language_plan import KEY, CrossLingualPlan, LanguagePlan


@LanguagePlan.register("exp3s")
class Exp3SPlan(CrossLingualPlan):
    """
    Draws the pair of one support and one query language by what came of the episodes before: a bandit whose arms are
    the pairs (Exp3.S, Auer et al. 2002, section 8; `Bandit` has the equations). Graves et al. (2017) choose tasks by
    it, and Kreutzer et al. (2021) languages of translation by a bandit.

    It is no part of the paper. The sampler has to be "random": a covering pass is laid out before anything comes of it.
    The trainer `meta` tells of all workers' episodes after each meta step, so that those of one step are drawn with the
    same probabilities, and every worker knows the same.

    Registered as a `LanguagePlan` with name "exp3s".

    # Parameters

    support : `list[str]`
        Languages to draw support sets from.
    query : `list[str]`
        Languages to draw query sets from; with those of `support` at least two pairs.
    reward : `str`, optional (default = `"alignment"`)
        "alignment": the cosine of support and query gradient, so that pairs are drawn whose support helps the query. It
        takes an inner loop that holds both. "query_loss": that at theta', so that pairs are drawn that are still hard.
    exploration : `float`, optional (default = `0.2`)
        gamma, above 0 and at most 1: which part of the episodes is drawn uniformly. No pair's probability is below this
        divided by their number. (The bound of Auer et al. for 6 pairs and 1,000 episodes is smallest at 0.2.)
    forgetting : `float`, optional (default = `0.001`)
        alpha, above 0 and at most 1: how much of all weight is shared out after each episode, so that a pair that was
        bad can become good. (Auer et al. take 1 / the number of episodes.)

    # Raises

    `ConfigurationError`
        As `cross_lingual`; if a number is out of range, or there is one pair only.
    """

    def __init__(
        self,
        support: Union[str, list[str]],
        query: Union[str, list[str]],
        reward: Literal["alignment", "query_loss"] = "alignment",
        exploration: float = 0.2,
        forgetting: float = 1e-3,
    ) -> None:
        super().__init__(support, query)
        if reward not in ("alignment", "query_loss"):
            raise ConfigurationError(f'{KEY}.reward is "{reward}"; it must be "alignment" or "query_loss".')
        for key, value in (("exploration", exploration), ("forgetting", forgetting)):
            if not 0 < value <= 1:
                raise ConfigurationError(f"{KEY}.{key} is {value}; it must be above 0 and at most 1.")
        self._pairs = [
            ((other,), (language,)) for language in self.query_languages for other in self.candidates([language])
        ]
        names = [f"{support} -> {query}" for (support,), (query,) in self._pairs]
        if len(names) < 2:
            raise ConfigurationError(
                f'{KEY} has one pair to choose from, {names[0]}. Name more languages, or take type "cross_lingual".'
            )
        self.bandit = Bandit(names, reward, float(exploration), float(forgetting))

    def pairs(self, rng: Random) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        assert self.bandit is not None
        for number in count():
            yield self._pairs[self.bandit.choose(number, rng)]
