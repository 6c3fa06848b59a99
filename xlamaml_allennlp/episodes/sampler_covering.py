"""Episodes that leave no query example out."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.episodes.deck import Deck
from xlamaml_allennlp.episodes.drafts import Drafts
from xlamaml_allennlp.episodes.episode import Episode
from xlamaml_allennlp.episodes.language_plan import LanguagePlan
from xlamaml_allennlp.episodes.partners import partners_of
from xlamaml_allennlp.episodes.pool import ExamplePool
from xlamaml_allennlp.episodes.sampler import EpisodeSampler, Material
from xlamaml_allennlp.episodes.separation import apart_from


@EpisodeSampler.register("covering")
class CoveringSampler(EpisodeSampler):
    """
    Lays a pass over the query languages out so that every query example is used exactly once.

    The auxiliary sets of cross-lingual transfer are small, so each example counts (paper, section 3.1: "covering all
    the given data"). The episodes of a pass are shuffled across its query languages. The last query set of each group
    of languages may be short, and one whose groups (premises, paragraphs) would leave too few for its support set.

    Support runs through a shuffled order of its own for each {l}_S: no example is used a second time before all were
    used, save those that share a group with the query set; these are first in line for the next support set.

    Registered as an `EpisodeSampler` with name "covering".

    # Parameters

    support_size : `int`
        Examples in each support set, at least 1.
    query_size : `int`
        Examples in each query set, at least 1.
    parallel : `Union[bool, str]`, optional (default = `False`)
        Whether the k-th support example is the translation of the k-th query example, by id; a short query set then
        has an equally short support set. "where_possible" leaves out query examples without a translation, with a
        count in the log.
    seed : `int`, optional (default = `0`)
        Seed of the sampler's own generator; nothing else draws from it.

    # Raises

    `ConfigurationError`
        If a size is below 1, `parallel` is none of the three, or it is set and the sizes differ, or the plan of
        languages learns from episodes.
    """

    # The material of a first pass, that pass, and the generator's state after it.
    _first: Optional[tuple[Material, Drafts, Any]] = None

    def material(self, pool: ExamplePool, plan: LanguagePlan) -> Material:
        if plan.bandit is not None:
            raise ConfigurationError(
                "data_loader.languages chooses pairs by what came of earlier episodes, and the sampler "
                '"covering" lays a pass out before anything does. Take the sampler "random", or the languages '
                '"cross_lingual".'
            )
        return super().material(pool, plan)

    def stream(self, material: Material) -> Iterator[Episode]:
        rng = Random(self.seed)
        drafts, state = self._first_pass(material)
        rng.setstate(state)
        decks: dict[tuple[str, ...], Deck] = {}
        while True:
            for support_set, query in drafts:
                yield Episode.of(self._support(support_set, query, material, decks, rng), query)
            drafts = self._lay_out_pass(material, rng)

    def episodes_per_pass(self, material: Material) -> int:
        """
        The episodes of the first pass. Later ones can differ by a few where `languages_per_query` is above 1 and the
        languages are of unequal size.
        """
        return len(self._first_pass(material)[0])

    def _first_pass(self, material: Material) -> tuple[Drafts, Any]:
        """The first pass, and the generator's state after it. Every stream begins with it, and it is laid out once."""
        if self._first is None or self._first[0] is not material:
            rng = Random(self.seed)
            self._first = material, self._lay_out_pass(material, rng), rng.getstate()
        return self._first[1:]

    def _lay_out_pass(self, material: Material, rng: Random) -> Drafts:
        drafts = Drafts()
        for query_set in material.plan.query_sets(rng):
            deck = Deck(material.query_rows(query_set), rng)
            while deck:
                support_set = material.plan.support_set(query_set, rng)
                drafts.add(support_set, deck.draw(self.query_size, self.query_filter(material, query_set, support_set)))
        drafts.shuffle(rng)
        return drafts

    def _support(
        self,
        support_set: tuple[str, ...],
        query: Sequence[int],
        material: Material,
        decks: dict[tuple[str, ...], Deck],
        rng: Random,
    ) -> list[int]:
        if self.parallel:
            return partners_of(query, support_set, material.pool, rng)
        key = tuple(sorted(support_set))
        if key not in decks:
            decks[key] = Deck(material.support_rows(key), rng)
        return decks[key].draw_cyclic(self.support_size, apart_from(material.pool, query))
