"""`allennlp report`: tables, statistics and figures of a folder of evaluations."""

from xlamaml_allennlp.commands.report.command import Report

__all__ = ["Report"]
