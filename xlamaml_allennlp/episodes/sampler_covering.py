"""Episodes that leave no query example out."""

from collections.abc import Iterator, Sequence
from random import Random

from xlamaml_allennlp.episodes.deck import Deck
from xlamaml_allennlp.episodes.episode import Episode
from xlamaml_allennlp.episodes.partners import partners_of
from xlamaml_allennlp.episodes.sampler import EpisodeSampler, Material
from xlamaml_allennlp.episodes.separation import apart_from

# The languages {l}_S and the query set of an episode whose support set is not drawn yet.
Draft = tuple[tuple[str, ...], list[int]]


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
        If a size is below 1, `parallel` is none of the three, or it is set and the sizes differ.
    """

    def stream(self, material: Material) -> Iterator[Episode]:
        rng = Random(self.seed)
        decks: dict[tuple[str, ...], Deck] = {}
        while True:
            for support_set, query in self._lay_out_pass(material, rng):
                yield Episode.of(self._support(support_set, query, material, decks, rng), query)

    def episodes_per_pass(self, material: Material) -> int:
        """
        The episodes of the first pass. Later ones can differ by a few where `languages_per_query` is above 1 and the
        languages are of unequal size.
        """
        return len(self._lay_out_pass(material, Random(self.seed)))

    def _lay_out_pass(self, material: Material, rng: Random) -> list[Draft]:
        drafts = []
        for query_set in material.plan.query_sets(rng):
            deck = Deck(material.query_rows(query_set), rng)
            while deck:
                support_set = material.plan.support_set(query_set, rng)
                query = deck.draw(self.query_size, self.query_filter(material, support_set))
                drafts.append((support_set, query))
        rng.shuffle(drafts)
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
