"""Writes the ledger of a meta-training run while it runs."""

import logging
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Optional, Protocol

import torch
from allennlp.training.callbacks import TrainerCallback

from xlamaml_allennlp.episodes.side import Side
from xlamaml_allennlp.languages.tag import Tag
from xlamaml_allennlp.provenance.ledger import append, cut, ledger_file
from xlamaml_allennlp.provenance.ledger_line import Example, Line

logger = logging.getLogger(__name__)


class Run(Protocol):
    """What the callback reads of the trainer that it is called by."""

    data_loader: Any
    laps: list[float]
    meta_gradient_norm: float
    _resumption: Any
    _total_batches_completed: int


class EpisodeLedger(TrainerCallback):
    """
    Appends a line for each episode to a file of this worker's in the run's folder, once per meta step. It reads what
    the trainer has computed, and waits for the device once per meta step.

    A callback of the `meta` trainer unless its key `ledger` is false. In a recovered run what the interrupted one wrote
    after the checkpoint is cut off, so that the file is that of a run that was never interrupted, but for the seconds.

    # Parameters

    serialization_dir : `str`
        The run's folder.
    worker : `int`
        The rank of this worker among all workers.
    workers : `int`
        How many there are.
    """

    def __init__(self, serialization_dir: str, worker: int = 0, workers: int = 1) -> None:
        super().__init__(serialization_dir)
        self._file = ledger_file(Path(serialization_dir), worker)
        self._worker, self._workers = worker, workers
        self._drawn = 0

    def on_start(self, trainer: Run, is_primary: bool = True, **kwargs: Any) -> None:  # type: ignore[override]
        super().on_start(trainer, is_primary, **kwargs)  # type: ignore[arg-type]
        done = 0 if trainer._resumption is None else trainer._resumption.steps_of_run
        last = cut(self._file, done)
        if last < done:
            logger.warning(
                "%s knows of %d meta steps, and the run goes on after step %d: the episodes between are lost.",
                self._file,
                last,
                done,
            )
        self._drawn = sum(drawn for drawn, _ in trainer.data_loader.state()["passes"])

    def on_batch(  # type: ignore[override]
        self,
        trainer: Run,
        batch_inputs: list[Any],
        batch_outputs: list[dict[str, Any]],
        batch_metrics: dict[str, Any],
        epoch: int,
        batch_number: int,
        is_training: bool,
        is_primary: bool = True,
        batch_grad_norm: Optional[float] = None,
        **kwargs: Any,
    ) -> None:
        if not is_training:
            return
        seconds = [end - start for start, end in pairwise(trainer.laps)]
        bandit = getattr(getattr(trainer.data_loader, "plan", None), "bandit", None)
        lines = []
        for batch, outputs, figures, lap in zip(
            batch_inputs, batch_outputs, _figures(batch_outputs), seconds, strict=False
        ):
            support, query = _sides(batch)
            episode = self._drawn * self._workers + self._worker
            line = Line(
                episode=episode + 1,
                epoch=epoch,
                step=trainer._total_batches_completed,
                worker=self._worker,
                support=support,
                query=query,
                support_loss=outputs.get("support_loss"),
                query_loss=figures.query_loss,
                meta_gradient_norm=trainer.meta_gradient_norm,
                support_gradient_norm=figures.support_length,
                query_gradient_norm=figures.query_length,
                cosine=figures.cosine,
                seconds=round(lap, 6),
                pair_probability=None if bandit is None else bandit.probability(episode),
            )
            lines.append(line)
            self._drawn += 1
        append(self._file, lines)


def _sides(batch: Mapping[str, Any]) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    if "support" in batch:
        return _examples(batch["support"]), _examples(batch["query"])
    return (), _examples(batch)


def _examples(side: Mapping[str, Any]) -> tuple[Example, ...]:
    tags = side.tags if isinstance(side, Side) else _tags_of(side.get("metadata") or ())
    return tuple(Example(tag.language, tag.id, tag.source, tag.row) for tag in tags)


def _tags_of(metadata: Sequence[Any]) -> list[Tag]:
    """Those of a batch that is no `Side`; what other readers keep in the metadata tells nothing."""
    told = [tags for tags in metadata if isinstance(tags, Mapping) and "language" in tags and "id" in tags]
    return [Tag(tags["language"], tags["id"], tags.get("group", "")) for tags in told]


class Figures(NamedTuple):
    """What of an episode is on the device."""

    query_loss: float
    support_length: Optional[float] = None
    query_length: Optional[float] = None
    cosine: Optional[float] = None


def _figures(outputs: Sequence[Mapping[str, Any]]) -> list[Figures]:
    """Those of each episode, brought over together."""
    tensors = [tensor for each in outputs for tensor in (each.get("query_loss", each["loss"]), each.get("alignment"))]
    flat = [tensor.detach().reshape(-1) for tensor in tensors if tensor is not None]
    numbers = iter(torch.cat(flat).tolist())
    found = []
    for each in outputs:
        query_loss = next(numbers)
        if each.get("alignment") is None:
            found.append(Figures(query_loss))
        else:
            support, both, query = (next(numbers) for _ in range(3))
            found.append(Figures(query_loss, math.sqrt(support), math.sqrt(query), cosine_of(support, both, query)))
    return found


def cosine_of(support: float, both: float, query: float) -> Optional[float]:
    """How far two vectors point the same way, by their products <s, s>, <s, q>, <q, q>; `None` where one has no way."""
    area = math.sqrt(support) * math.sqrt(query)
    return both / area if 0 < area < math.inf else None
