"""How meta-training runs: the trainer, its losses, and several workers."""

from xlamaml_allennlp.meta_training.agreement import Agreement
from xlamaml_allennlp.meta_training.trainer import MetaTrainer

__all__ = ["Agreement", "MetaTrainer"]
