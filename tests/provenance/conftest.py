"""Runs of the small task that meta-training is tested on."""

from tests.meta_training.conftest import data, run

__all__ = ["data", "run"]
