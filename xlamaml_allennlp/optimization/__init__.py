"""Optimizers for any stage."""

from xlamaml_allennlp.optimization.optimizer import FusedAdamW

__all__ = ["FusedAdamW"]
