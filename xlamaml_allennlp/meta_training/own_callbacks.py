"""The callbacks that a run of the `meta` trainer has without being asked for them."""

from typing import Any

from allennlp.training.callbacks import TrainerCallback

from xlamaml_allennlp.meta_training.inner_rates import InnerRates
from xlamaml_allennlp.meta_training.pair_rewards import PairRewards
from xlamaml_allennlp.meta_training.progress import EpisodeProgress
from xlamaml_allennlp.provenance import EpisodeLedger
from xlamaml_allennlp.resuming import workers


def own_callbacks(trainer: Any, ledger: bool, default: bool) -> list[TrainerCallback]:
    """
    The callbacks that stand ahead of all others.

    # Parameters

    trainer : `Any`
        The trainer, whose inner rates may change over the run, and whose data loader may learn.
    ledger : `bool`
        Whether each episode becomes a line of a file in the run's folder.
    default : `bool`
        Whether the run says how far it is.
    """
    folder = trainer._serialization_dir
    found = InnerRates.of(trainer.inner_loop, folder) + PairRewards.of(trainer)
    if default:
        found.append(EpisodeProgress(folder))
    if ledger:
        found.append(EpisodeLedger(folder, workers.rank(), workers.count()))
    return found
