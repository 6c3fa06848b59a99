"""Episodes as batches: what a trainer iterates over."""

import logging
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, Optional

import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import DataLoader, DatasetReader, Instance, Vocabulary

from xlamaml_allennlp.episodes.device import move_to_device
from xlamaml_allennlp.episodes.episode import Episode
from xlamaml_allennlp.episodes.language_plan import LanguagePlan
from xlamaml_allennlp.episodes.pool import ExamplePool
from xlamaml_allennlp.episodes.sampler import EpisodeSampler
from xlamaml_allennlp.episodes.share import Share
from xlamaml_allennlp.episodes.side import Collated, Side
from xlamaml_allennlp.languages.examples import Examples
from xlamaml_allennlp.languages.reading import read_examples

logger = logging.getLogger(__name__)

# {"support": side, "query": side}
EpisodeBatch = dict[str, Side]


@DataLoader.register("episodes")
class EpisodeDataLoader(DataLoader):
    """
    Yields episodes: {"support": batch, "query": batch}, each a `Side`, collated as a stock loader would.

    There is one stream of episodes for all distributed workers, given by the sampler's seed: worker r of W takes the
    episodes r, r + W, r + 2 W, ... It goes on over epochs, so that a covering pass is finished in the next epoch, and
    begins anew with a new loader. As validation data it begins anew in every epoch, so that all of them are judged on
    the same episodes.

    Registered as a `DataLoader` with name "episodes".

    # Parameters

    reader : `DatasetReader`
        Reads tagged instances; AllenNLP gives it from the config's `dataset_reader`.
    data_path : `Any`
        A path or {language: path}; AllenNLP gives it from the config's `train_data_path`.
    languages : `LanguagePlan`
        Which languages S and Q are drawn from.
    sampler : `EpisodeSampler`
        Which examples S and Q consist of.
    episodes_per_epoch : `int`, optional (default = one pass over the query examples)
        Episodes of one epoch over all workers together, at least 1; the number of workers divides it.
    reverse : `bool`, optional (default = `False`)
        Whether each episode is followed by the one with its support and query set exchanged. Both count, so that a pass
        has twice as many episodes; with an even number of them in a meta step, both are in the same one.

    # Raises

    `ConfigurationError`
        If the plan or the sampler asks for more than the data hold, `episodes_per_epoch` is below 1 or is not divisible
        by the number of workers, or `reverse` is set with a plan that learns.
    """

    def __init__(
        self,
        reader: DatasetReader,
        data_path: Any,
        *,
        languages: LanguagePlan,
        sampler: EpisodeSampler,
        episodes_per_epoch: Optional[int] = None,
        reverse: bool = False,
    ) -> None:
        self._worker = Share.own()
        if episodes_per_epoch is not None and episodes_per_epoch < 1:
            raise ConfigurationError(f"data_loader.episodes_per_epoch is {episodes_per_epoch}; give at least 1.")
        if isinstance(data_path, Params):
            data_path = data_path.as_dict(quiet=True)
        if reverse and languages.bandit is not None:
            raise ConfigurationError(
                "data_loader.reverse gives each episode's pair of languages exchanged, too, and data_loader.languages "
                "chooses every pair by itself. Set reverse to false; name a language on both sides to have both ways."
            )
        self._pool = ExamplePool(read_examples(reader, data_path))
        self._sampler = sampler
        self._material = sampler.material(self._pool, languages)
        self._reverse = reverse
        per_pass = sampler.episodes_per_pass(self._material) * (2 if reverse else 1)
        self.episodes_per_epoch = per_pass if episodes_per_epoch is None else episodes_per_epoch
        source = "one pass over the query examples" if episodes_per_epoch is None else "as configured"
        self._worker.check(self.episodes_per_epoch, source)
        self._device: Optional[torch.device] = None
        self._is_indexed = False
        self.begin_anew()
        self._log(per_pass)

    def stream(self) -> Iterator[Episode]:
        """The endless stream of all workers' episodes, from its beginning; iterating the loader is not affected."""
        episodes = self._sampler.stream(self._material)
        return chain.from_iterable((each, each.reversed()) for each in episodes) if self._reverse else episodes

    def begin_anew(self) -> None:
        """Goes back to the first episode: what judges parameters has to be the same in every epoch."""
        self._share = self._worker.of(self.stream())
        # How much of the next epoch was skipped.
        self._skipped = 0

    def skip(self, count: int) -> None:
        """
        Passes over this worker's next episodes: they are drawn, and neither collated nor moved to the device.

        What was skipped of an epoch is missing from it: after `skip(len(loader) + 2)` the next iteration yields the
        third episode of the second epoch and those after it.

        # Parameters

        count : `int`
            How many, over as many epochs as they are.
        """
        next(islice(self._share, count, count), None)
        self._skipped = (self._skipped + count) % len(self)

    def __len__(self) -> int:
        """The episodes of one epoch of this worker."""
        return self.episodes_per_epoch // self._worker.workers

    def __iter__(self) -> Iterator[EpisodeBatch]:  # type: ignore[override]
        if not self._is_indexed:
            raise ConfigurationError("The episodes data loader has no vocabulary yet; call index_with(vocabulary).")
        # Here and not with the first episode: whoever abandons a pass before that has begun it.
        left, self._skipped = len(self) - self._skipped, 0
        return map(self._collate, islice(self._share, left))

    def iter_instances(self) -> Iterator[Instance]:
        """Every instance of the plan's languages, once."""
        return (instance for row in self._rows() for instance in self._pool.examples.instances([row]))

    def index_with(self, vocab: Vocabulary) -> None:
        self._pool.examples.index_with(vocab, self._rows())
        self._is_indexed = True

    @property
    def examples(self) -> Examples:
        """All examples, those of other languages than the plan's included."""
        return self._pool.examples

    @property
    def plan(self) -> LanguagePlan:
        """Which languages S and Q are drawn from."""
        return self._material.plan

    def memory(self) -> Optional[dict[str, Any]]:
        """What the plan has learned from episodes, as plain values; `None` if it does not learn."""
        return None if self.plan.bandit is None else self.plan.bandit.memory()

    def remember(self, memory: dict[str, Any]) -> None:
        """Lets the plan go back to where `memory` was taken; episodes that are drawn again are then the same."""
        if self.plan.bandit is not None:
            self.plan.bandit.remember(memory)

    @property
    def languages(self) -> list[str]:
        """The plan's languages."""
        return self.plan.languages

    def _rows(self) -> Iterator[int]:
        """The examples of the plan's languages, in order of reading."""
        languages = set(self.languages)
        return (row for row in range(len(self._pool)) if self._pool.language(row) in languages)

    def set_target_device(self, device: torch.device) -> None:
        self._device = device

    def _collate(self, episode: Episode) -> EpisodeBatch:
        sides = {"support": episode.support, "query": episode.query}
        return {name: Side.of(self._pool.examples, rows, self._to_device) for name, rows in sides.items()}

    def _to_device(self, batch: Collated) -> Collated:
        return batch if self._device is None else move_to_device(batch, self._device)

    def _log(self, per_pass: int) -> None:
        plan = self.plan
        logger.info(
            "Episodes: support from %s, query from %s%s. Examples read: %s; in query sets: %s. %d episodes per pass, "
            "%d per epoch, %d of them for worker %d of %d.",
            ", ".join(plan.support_languages),
            ", ".join(plan.query_languages),
            ", each followed by its reverse" if self._reverse else "",
            self._pool.describe(),
            ", ".join(f"{language} ({len(rows)})" for language, rows in self._material.queries.items()),
            per_pass,
            self.episodes_per_epoch,
            len(self),
            *self._worker,
        )
