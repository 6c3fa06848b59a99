"""`allennlp study`: many runs from one file, each once, and a report of what they show."""

from xlamaml_allennlp.commands.study.command import StudyCommand

__all__ = ["StudyCommand"]
