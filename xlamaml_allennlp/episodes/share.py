"""Which episodes of the one stream are a distributed worker's."""

from collections.abc import Iterator
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple, TypeVar

import torch
from allennlp.common import util as allennlp_util
from allennlp.common.checks import ConfigurationError

T = TypeVar("T")


class Share(NamedTuple):
    """
    A worker's place among the workers that share a stream.

    # Parameters

    rank : `int`
        Its rank, from 0.
    workers : `int`
        How many there are.
    """

    rank: int
    workers: int

    @classmethod
    def own(cls) -> "Share":
        """That of this process."""
        if not allennlp_util.is_distributed():
            return cls(0, 1)
        return cls(torch.distributed.get_rank(), torch.distributed.get_world_size())

    def of(self, stream: Iterator[T]) -> Iterator[T]:
        """
        The worker's items r, r + W, r + 2 W, ... of an endless stream. It is drawn in rounds of W, so that all workers
        have drawn as far where a stream depends on what is learned from it.
        """
        return map(itemgetter(self.rank), zip(*repeat(stream, self.workers), strict=True))

    def check(self, episodes: int, source: str) -> None:
        """
        Refuses a number of episodes that the workers cannot share equally.

        # Parameters

        episodes : `int`
            Those of an epoch.
        source : `str`
            Where the number is from.

        # Raises

        `ConfigurationError`
            If the number of workers does not divide it.
        """
        if episodes % self.workers:
            raise ConfigurationError(
                f"data_loader.episodes_per_epoch is {episodes} ({source}) and counts the episodes of all "
                f"{self.workers} workers; give a multiple of {self.workers}, such as "
                f"{-(-episodes // self.workers) * self.workers}."
            )
