"""What an archive says of itself: its configuration, and the manifest of what its stages have read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Optional

from allennlp.models import Model
from langcodes import tag_is_valid

from xlamaml_allennlp.exchange.licences import licence_of
from xlamaml_allennlp.exchange.shown import shown_path, shown_stage
from xlamaml_allennlp.languages.data_use import UNKNOWN
from xlamaml_allennlp.languages.sources import list_sources
from xlamaml_allennlp.languages.spelling import base_language
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier
from xlamaml_allennlp.provenance.manifest import Manifest
from xlamaml_allennlp.provenance.manifest_examples import UNDETERMINED
from xlamaml_allennlp.provenance.past import manifest_in, own_notes
from xlamaml_allennlp.provenance.seen import is_zero_shot

USES = {"train": "training", "select": "selection of the best epoch", "test": "test"}
# What the config calls the data of each use.
KEYS = {"train_data_path": "train", "validation_data_path": "select"}


class Data(NamedTuple):
    """
    Examples that a stage has taken, or that a config names.

    # Parameters

    stage, use, languages, file, examples, licence : `str`
        As a table shows them; "unknown" where nobody knows.
    """

    stage: str
    use: str
    languages: str
    file: str
    examples: str
    licence: str


@dataclass(frozen=True)
class Facts:
    """
    What an archive says of itself.

    # Parameters

    classifies : `bool`
        Pairs of sentences, or else questions.
    encoder : `str`
        The config's `model_name`.
    config : `Mapping[str, Any]`
        The last stage's.
    archive : `str`
        Its file's name.
    note : `str`, optional (default = `""`)
        What the export has to say.
    manifest : `Optional[Manifest]`, optional (default = `None`)
        What its stages have read; `None` if it has no manifest.
    sha256 : `Optional[str]`, optional (default = `None`)
        Of its file.
    cut_at : `Optional[int]`, optional (default = `None`)
        The most tokens of a pair; longer ones are cut.
    """

    classifies: bool
    encoder: str
    config: Mapping[str, Any]
    archive: str
    note: str = ""
    manifest: Optional[Manifest] = None
    sha256: Optional[str] = None
    cut_at: Optional[int] = None

    @classmethod
    def of(cls, config: Mapping[str, Any], model: Model, archive: str) -> "Facts":
        """The facts of an archive that was loaded."""
        classifies = isinstance(model, CrossLingualPairClassifier)
        manifest = manifest_in(own_notes(model), archive)
        encoder = str(config["model"]["model_name"])
        return cls(classifies, encoder, config, shown_path(archive), "", manifest, _checksum(archive))

    @property
    def loader(self) -> str:
        return f"AutoModelFor{'SequenceClassification' if self.classifies else 'QuestionAnswering'}"

    @property
    def languages(self) -> list[str]:
        """The ISO codes of languages trained on, of every stage; none where one of them is not known."""
        if self.manifest is None:
            return []
        codes = {base_language(code) for _, read in self.manifest.read("train") for code in read.languages}
        return sorted(code for code in codes if code != UNDETERMINED and tag_is_valid(code))

    def read(self) -> list[Data]:
        """What each stage has read, by the manifest."""
        rows = []
        for stage in self.manifest.stages if self.manifest is not None else ():
            name = shown_stage(stage.name)
            if stage.read is None:
                rows.append(Data(name, *[UNKNOWN] * 5))
            for read in stage.read or ():
                cells = (USES.get(read.use, read.use), ", ".join(read.languages), shown_path(read.source, read.sha256))
                rows.append(Data(name, *cells, f"{read.examples:,}", licence_of(read.source)))
        return rows

    def named(self) -> list[Data]:
        """What the config names, which is not to say that it was read."""
        return [
            Data("last", USES[use], language or UNKNOWN, shown_path(source.path), UNKNOWN, licence_of(source.path))
            for key, use in KEYS.items()
            if self.config.get(key)
            for source in list_sources(self.config[key])
            for language in sorted(source.languages or [""])
        ]

    def zero_shot(self, language: str) -> Optional[bool]:
        """Whether no stage was trained or selected on a language; `None` if nobody knows."""
        if self.manifest is None or not self.manifest.stages:
            return None
        reads = [read for _, read in self.manifest.read("train", "select")]
        return is_zero_shot(language, reads, self.manifest.is_complete)


def _checksum(archive: str) -> Optional[str]:
    path = Path(archive)
    if not path.is_file():
        return None
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
