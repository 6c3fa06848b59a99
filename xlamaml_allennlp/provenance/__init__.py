"""What a run has read and done: the ledger of its episodes."""

from xlamaml_allennlp.provenance.ledger import gaps, ledger_files, read_ledger
from xlamaml_allennlp.provenance.ledger_callback import EpisodeLedger
from xlamaml_allennlp.provenance.ledger_line import Example, Line

__all__ = ["EpisodeLedger", "Example", "Line", "gaps", "ledger_files", "read_ledger"]
