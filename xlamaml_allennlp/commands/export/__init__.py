"""`allennlp export`: an archive as a folder of transformers."""

from xlamaml_allennlp.commands.export.command import Export

__all__ = ["Export"]
