"""Extra subcommands of `allennlp`, and a check of what one of its own is asked for."""

from xlamaml_allennlp.commands import evaluate
from xlamaml_allennlp.commands.average import Average
from xlamaml_allennlp.commands.episodes import Episodes
from xlamaml_allennlp.commands.export import Export
from xlamaml_allennlp.commands.meta_check import MetaCheck
from xlamaml_allennlp.commands.report import Report
from xlamaml_allennlp.commands.study import StudyCommand

__all__ = ["Average", "Episodes", "Export", "MetaCheck", "Report", "StudyCommand", "evaluate"]
