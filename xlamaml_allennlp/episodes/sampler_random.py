"""Episodes drawn afresh, each on its own."""

from collections.abc import Iterator
from math import ceil
from random import Random

from xlamaml_allennlp.episodes.deck import Deck
from xlamaml_allennlp.episodes.episode import Episode
from xlamaml_allennlp.episodes.partners import partners_of
from xlamaml_allennlp.episodes.sampler import EpisodeSampler, Material
from xlamaml_allennlp.episodes.separation import apart_from


@EpisodeSampler.register("random")
class RandomSampler(EpisodeSampler):
    """
    Draws each episode afresh, whatever was drawn before: the languages, then the examples of each set without
    replacement (paper, sections 3.1 and 5.2, where `covering` beats it).

    A query set is short only where its groups (premises, paragraphs) would leave too few for the support set.

    Registered as an `EpisodeSampler` with name "random".

    # Parameters

    support_size : `int`
        Examples in each support set, at least 1.
    query_size : `int`
        Examples in each query set, at least 1.
    parallel : `Union[bool, str]`, optional (default = `False`)
        Whether the k-th support example is the translation of the k-th query example, by id. "where_possible" leaves
        out query examples without a translation, with a count in the log.
    seed : `int`, optional (default = `0`)
        Seed of the sampler's own generator; nothing else draws from it.

    # Raises

    `ConfigurationError`
        If a size is below 1, `parallel` is none of the three, or it is set and the sizes differ.
    """

    def stream(self, material: Material) -> Iterator[Episode]:
        rng = Random(self.seed)
        for support_set, query_set in material.plan.pairs(rng):
            queries = Deck(material.query_rows(query_set), rng)
            query = queries.draw(self.query_size, self.query_filter(material, query_set, support_set))
            if self.parallel:
                support = partners_of(query, support_set, material.pool, rng)
            else:
                supports = Deck(material.support_rows(support_set), rng)
                support = supports.draw(self.support_size, apart_from(material.pool, query))
            yield Episode.of(support, query)

    def episodes_per_pass(self, material: Material) -> int:
        """As many as it would take to cover the query examples of each language once."""
        return sum(ceil(len(rows) / self.query_size) for rows in material.queries.values())
