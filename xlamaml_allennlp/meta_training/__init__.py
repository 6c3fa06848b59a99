"""How meta-training runs: the trainer, its checkpoints, and several workers."""

from xlamaml_allennlp.meta_training import interruption
from xlamaml_allennlp.meta_training.checkpointer import DurableCheckpointer
from xlamaml_allennlp.meta_training.trainer import MetaTrainer

interruption.archive_all_members()
interruption.interrupt_by_signals()

__all__ = ["DurableCheckpointer", "MetaTrainer"]
