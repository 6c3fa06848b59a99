"""Extra subcommands of `allennlp`."""

from xlamaml_allennlp.commands.meta_check import MetaCheck

__all__ = ["MetaCheck"]
