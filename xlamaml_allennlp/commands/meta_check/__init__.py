"""`allennlp meta-check`: what each estimator of the meta-gradient costs and how far off it is, on a user's model."""

from xlamaml_allennlp.commands.meta_check.command import MetaCheck

__all__ = ["MetaCheck"]
