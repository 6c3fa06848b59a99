"""The `xnli` reader: sentence pairs to instances."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, List, Optional  # noqa: UP035

from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader, Field, Instance
from allennlp.data.fields import LabelField, MetadataField

from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.languages.sources import sources
from xlamaml_allennlp.languages.tag import metadata
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.labels import checked
from xlamaml_allennlp.nli.pair_encoding import Known, PairEncoding
from xlamaml_allennlp.nli.selection import Labels, Selection, problem_of

# Pairs that are tokenized at once.
BATCH = 1024
# BCP 47 for a language that nobody knows.
UNDETERMINED = "und"


@DatasetReader.register("xnli")
class XnliReader(DatasetReader):
    """
    Reads sentence pairs with their language: XNLI and MNLI as tsv or jsonl, XTREME's headerless tsv, and XNLI of
    `datasets`; gzipped, from URLs or from archives too (`xlamaml_allennlp.nli.formats` says how to name them). A
    path, or a mapping {language: path}, of which a shared file is parsed once.

    An instance has the fields `tokens` (premise and hypothesis as the encoder wants them); `label`, an index, absent
    if the pair is unlabelled; and `metadata`: language, id (the file's pairID, else "row 0", "row 1" and so on among
    those of its language), group (the premise: in MNLI, promptID does not tell premises apart), premise and hypothesis.

    Pairs on which the annotators did not agree (label "-") are skipped, and counted in the log.

    Registered as a `DatasetReader` with name "xnli".

    # Parameters

    model_name : `str`
        The encoder whose tokenizer to use: a hub name, a transformers folder, or an archive (model.tar.gz).
    max_length : `int`, optional (default = `128`)
        The most tokens of a pair, special tokens included. Longer pairs are cut, the longer text first.
    labels : `Optional[List[str]]`, optional (default = `None`)
        Names of the classes in the order of their indices. `None`: entailment, neutral, contradiction.
    max_instances : `Optional[int]`, optional (default = `None`)
        The most pairs to read.
    serialization_dir : `Optional[str]`, optional (default = `None`)
        The run's folder, where the tokenizer is kept for the archive; AllenNLP passes it.

    # Raises

    `ConfigurationError`
        If the tokenizer cannot be loaded, `max_length` is more than the encoder takes or leaves no room for texts, or
        labels are not different. When reading: if a file is not what it should be, with the line.
    """

    def __init__(
        self,
        model_name: str,
        max_length: int = 128,
        labels: Optional[List[str]] = None,  # noqa: UP006
        max_instances: Optional[int] = None,
        serialization_dir: Optional[str] = None,
    ) -> None:
        super().__init__(
            max_instances=max_instances,
            manual_distributed_sharding=True,
            manual_multiprocess_sharding=True,
            serialization_dir=serialization_dir,
        )
        self._names = names = checked(labels)
        # By name, and by index for data sets that number their labels.
        indices = range(len(names))
        self._labels: Labels = {**dict(zip(names, indices, strict=True)), **dict(zip(indices, indices, strict=True))}
        self._encoding = PairEncoding(load_tokenizer(model_name, serialization_dir), max_length)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes in the order of their indices."""
        return self._names

    def _read(self, file_path: Any) -> Iterable[Instance]:
        rows = chain.from_iterable(Selection(source, self._labels) for source in sources(file_path))
        # Workers share out rows before tokenizing them.
        own = self.shard_iterable(rows)
        known: Known = {}
        while batch := list(islice(own, BATCH)):
            yield from self._instances(batch, known)

    def text_to_instance(
        self,
        premise: str,
        hypothesis: str,
        label: Optional[str] = None,
        language: Optional[str] = None,
        id: Optional[str] = None,
    ) -> Instance:
        """
        The instance of one pair.

        # Parameters

        premise : `str`
            The text that is taken as true.
        hypothesis : `str`
            The text to be judged by it.
        label : `Optional[str]`, optional (default = `None`)
            The gold label, if known.
        language : `Optional[str]`, optional (default = `"und"`)
            The language of both texts.
        id : `Optional[str]`, optional (default = `""`)
            The pair's id.

        # Raises

        `ConfigurationError`
            If a text is empty, or the label unknown.
        """
        return self.texts_to_instances([Row(premise, hypothesis, label, language, id)])[0]

    def texts_to_instances(self, rows: Sequence[Row]) -> list[Instance]:
        """
        The instances of many pairs, in their order; much faster than one at a time.

        # Parameters

        rows : `Sequence[Row]`
            `Row(premise, hypothesis, label=None, language=None, id=None)` for each pair.

        # Raises

        `ConfigurationError`
            If a text is empty, or a label unknown.
        """
        for number, row in enumerate(rows):
            if problem := problem_of(row, self._labels):
                raise ConfigurationError(f"pair {number}: {problem}")
        return list(self._instances(rows, {}))

    def _instances(self, rows: Sequence[Row], known: Known) -> Iterator[Instance]:
        tokens = self._encoding([row.premise for row in rows], [row.hypothesis for row in rows], known)
        for row, field in zip(rows, tokens, strict=True):
            tags = metadata(
                row.language or UNDETERMINED,
                row.id or "",
                group=row.premise,
                premise=row.premise,
                hypothesis=row.hypothesis,
            )
            fields: dict[str, Field] = {"tokens": field, "metadata": MetadataField(tags)}
            if row.label is not None:
                fields["label"] = LabelField(self._labels[row.label], skip_indexing=True)
            yield Instance(fields)
