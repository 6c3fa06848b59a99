"""How meta-training runs: the trainer, its checkpoints, and several workers."""

from xlamaml_allennlp.meta_training.checkpointer import DurableCheckpointer
from xlamaml_allennlp.meta_training.trainer import MetaTrainer

__all__ = ["DurableCheckpointer", "MetaTrainer"]
