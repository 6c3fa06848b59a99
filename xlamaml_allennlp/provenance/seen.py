"""Which examples of an evaluation the stages behind an archive have seen, as far as that can be known."""

from collections.abc import Iterable, Mapping
from typing import Optional

from allennlp.common import Params
from allennlp.data import DataLoader
from allennlp.models import Model

from xlamaml_allennlp.languages.data_use import Adapted, Count, DataUse, Seen
from xlamaml_allennlp.languages.spelling import base_language
from xlamaml_allennlp.provenance.adaptation import from_bytes
from xlamaml_allennlp.provenance.manifest import Manifest, Read
from xlamaml_allennlp.provenance.manifest_examples import UNDETERMINED, Remembered, remember
from xlamaml_allennlp.provenance.past import manifest_in, own_notes
from xlamaml_allennlp.provenance.protocol import Protocol
from xlamaml_allennlp.provenance.seen_examples import Evaluated


@DataUse.register("manifest")
class ManifestDataUse(DataUse):
    """
    Reads what the stages behind an archive have read in its data-use manifest. Testing does not count: what was only
    tested on has changed nothing.

    Registered as a `DataUse` with name "manifest".
    """

    def seen(self, model: Model, data_loader: DataLoader) -> Optional[dict[str, Seen]]:
        """What was seen of an evaluation's examples, by language."""
        notes = own_notes(model)
        if notes is None:
            return None
        data_path = getattr(data_loader, "data_path", None)
        protocol = Protocol() if notes.protocol is None else Protocol.from_params(Params(dict(notes.protocol)))
        protocol.check_paths("test", data_path)
        examples = remember(data_loader.iter_instances(), data_path)
        for language, of_language in examples.items():
            protocol.check("test", language, of_language.source)
        return seen_of(manifest_in(notes, "this archive"), examples)

    def adapted(self, model: Model) -> Optional[Adapted]:
        """What the archive's last stage has adapted it to."""
        notes = own_notes(model)
        return None if notes is None or notes.adapted is None else from_bytes(notes.adapted, "this archive")


def seen_of(manifest: Optional[Manifest], examples: Mapping[str, Remembered]) -> dict[str, Seen]:
    """
    What a manifest tells of examples.

    # Parameters

    manifest : `Optional[Manifest]`
        What was read; `None` if nobody knows.
    examples : `Mapping[str, Remembered]`
        The examples of an evaluation, by language.
    """
    if manifest is None:
        unknown = {language: Count(0, len(of_language)) for language, of_language in examples.items()}
        return {language: Seen(None, count, count) for language, count in unknown.items()}
    reads = [read for _, read in manifest.read("train", "select")]
    evaluated = Evaluated(examples)
    return {
        language: Seen(
            is_zero_shot(language, reads, manifest.is_complete),
            *evaluated.counts(language, reads, manifest.is_complete),
        )
        for language in sorted(examples)
    }


def is_zero_shot(language: str, reads: Iterable[Read], is_complete: bool) -> Optional[bool]:
    """By languages alone, however spelt: zh_TW and zho are Chinese, and no shot of them is one of zh."""
    base, read = base_language(language), {base_language(one) for of_file in reads for one in of_file.languages}
    if base in read - {UNDETERMINED}:
        return False
    return None if base == UNDETERMINED or UNDETERMINED in read or not is_complete else True
