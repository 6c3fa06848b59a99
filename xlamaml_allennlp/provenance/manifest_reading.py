"""What a run reads, looked at while its data loaders are made."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Optional

from allennlp.common import Lazy
from allennlp.common.util import is_distributed
from allennlp.data import DataLoader

from xlamaml_allennlp.episodes import EpisodeDataLoader
from xlamaml_allennlp.languages.cached_examples import CachedExamples
from xlamaml_allennlp.languages.kept_instance import kept_whole
from xlamaml_allennlp.provenance.kept_reading import kept_read
from xlamaml_allennlp.provenance.manifest import Manifest, Read, Stage, union
from xlamaml_allennlp.provenance.manifest_examples import of_all_workers, remember
from xlamaml_allennlp.provenance.protocol import PATHS, Protocol

logger = logging.getLogger(__name__)

USES = PATHS.keys()


class Reading:
    """
    What a run reads, as its data loaders are made.

    # Parameters

    name : `str`
        The stage.
    protocol : `Protocol`
        What it may read.
    uses : `Mapping[str, Any]`
        What its data are for, in the order in which loaders are made of them, and their paths.

    # Raises

    `ConfigurationError`
        If the protocol does not allow one of the paths.
    """

    def __init__(self, name: str, protocol: Protocol, uses: Mapping[str, Any]) -> None:
        self._name, self._protocol = name, protocol
        self._uses, self._read = iter(uses), tuple[Read, ...]()
        for use, data_path in uses.items():
            if use in USES:
                protocol.check_paths(use, data_path)

    def watched(self, loader: Lazy[DataLoader]) -> Lazy[DataLoader]:
        """The same, looking at what a loader has read as soon as it is made, when nothing has been computed."""
        return Watched(loader, self._look)

    def after(self, earlier: Manifest) -> Manifest:
        """
        The manifest of this stage, which goes on from others.

        # Raises

        `ConfigurationError`
            If the protocol does not allow what they have read.
        """
        self._protocol.check_read(earlier, *USES)
        if self._protocol.is_declared and not earlier.is_complete:
            unknown = ", ".join(stage.name for stage in earlier.stages if stage.read is None)
            logger.warning(
                "Whether %s kept to the protocol is unknown: that archive does not say what it read.", unknown
            )
        return earlier.united(self._manifest())

    @property
    def own(self) -> tuple[Read, ...]:
        """What was read so far."""
        return self._read

    def _manifest(self) -> Manifest:
        return Manifest((Stage(self._name, self._read),))

    def _look(self, loader: DataLoader, data_path: Any) -> None:
        use = next(self._uses)
        if use not in USES:
            return
        self._read = union((*self._read, *_reads(loader, data_path, use)))
        self._protocol.check_read(self._manifest(), use)


def _reads(loader: DataLoader, data_path: Any, use: str) -> list[Read]:
    if isinstance(loader, EpisodeDataLoader):  # every worker has read everything
        if isinstance(loader.examples, CachedExamples):
            return [kept_read(loader.examples, language, data_path, use) for language in loader.languages]
        found = remember(loader.iter_instances(), data_path)
    elif (kept := _kept(loader)) is not None:
        return [kept_read(kept, language, data_path, use) for language in kept.tags.counts()]
    else:
        # In memory, unless `max_instances_in_memory` is set: then they are read once more.
        found = of_all_workers(remember(loader.iter_instances(), data_path))
    return [examples.as_read(use) for examples in found.values()]


def _kept(loader: DataLoader) -> Optional[CachedExamples]:
    """The kept examples that a loader holds, all of them; of several workers each holds some."""
    if is_distributed() or getattr(loader, "max_instances_in_memory", None) is not None:
        return None
    return kept_whole(loader.iter_instances())


class Watched(Lazy[DataLoader]):
    """A data loader to be made, and what is to be done when it is there."""

    def __init__(self, loader: Lazy[DataLoader], then: Callable[[DataLoader, Any], None]) -> None:
        self._loader, self._then = loader, then

    def construct(self, **given: Any) -> DataLoader:
        made = self._loader.construct(**given)
        self._then(made, given["data_path"])
        return made


def uses_of(stock: Mapping[str, Any]) -> dict[str, Any]:
    """What data are for, in the order in which AllenNLP makes loaders of them, and their paths."""
    test = "test" if stock.get("evaluate_on_test") else "vocabulary"
    paths = {
        "train": stock.get("train_data_path"),
        "select": stock.get("validation_data_path"),
        test: stock.get("test_data_path"),
    }
    return {use: path for use, path in paths.items() if path is not None}
