"""`allennlp episodes`: what a run of meta-training was made of, from the ledger in its folder."""

from xlamaml_allennlp.commands.episodes.command import Episodes
from xlamaml_allennlp.commands.episodes.stop import StopAfterStep

__all__ = ["Episodes", "StopAfterStep"]
