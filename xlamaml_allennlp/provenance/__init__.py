"""What a run has read and done: the manifest of its data, the protocol that it keeps to, the ledger of its episodes."""

from xlamaml_allennlp.provenance.ledger import gaps, ledger_files, read_ledger
from xlamaml_allennlp.provenance.ledger_callback import EpisodeLedger
from xlamaml_allennlp.provenance.ledger_line import Example, Line
from xlamaml_allennlp.provenance.manifest import Manifest
from xlamaml_allennlp.provenance.protocol import Protocol
from xlamaml_allennlp.provenance.seen import ManifestDataUse
from xlamaml_allennlp.provenance.train_model import StageTraining

__all__ = [
    "EpisodeLedger",
    "Example",
    "Line",
    "Manifest",
    "ManifestDataUse",
    "Protocol",
    "StageTraining",
    "gaps",
    "ledger_files",
    "read_ledger",
]
