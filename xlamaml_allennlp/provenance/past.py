"""What an archive that was loaded notes of its past, in the words that this room knows."""

from typing import Optional

from allennlp.models import Model

from xlamaml_allennlp.encoders.notes import Notes
from xlamaml_allennlp.provenance.manifest import Manifest
from xlamaml_allennlp.provenance.manifest_file import from_bytes


def own_notes(model: Model) -> Optional[Notes]:
    """The notes of the archive that a model was loaded from; `None` for a model that is from none, or not ours."""
    notes: Optional[Notes] = getattr(model, "notes", {}).get("")
    return notes


def manifest_in(notes: Optional[Notes], where: str) -> Optional[Manifest]:
    """
    The data-use manifest in an archive's notes; `None` if nobody knows what its stages have read.

    # Parameters

    notes : `Optional[Notes]`
        The notes.
    where : `str`
        The archive, for errors.

    # Raises

    `ConfigurationError`
        If the manifest is damaged.
    """
    return None if notes is None or notes.data_use is None else from_bytes(notes.data_use, where)
