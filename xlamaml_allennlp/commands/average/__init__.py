"""`allennlp average`: one archive whose weights are the mean of several seeds'."""

from xlamaml_allennlp.commands.average.command import Average

__all__ = ["Average"]
