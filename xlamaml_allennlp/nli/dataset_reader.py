"""The `xnli` reader: sentence pairs to instances."""

from collections.abc import Iterator, Sequence
from typing import Any, Dict, List, Optional, Union  # noqa: UP035

from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader, Instance

from xlamaml_allennlp.encoders.parallel import batches_of, tokenized_in_order
from xlamaml_allennlp.encoders.token_field import TokenField
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer, tokenizer_content
from xlamaml_allennlp.files.bounded import bytes_in
from xlamaml_allennlp.languages.cache import Form
from xlamaml_allennlp.languages.reading import ExamplesReader, Share
from xlamaml_allennlp.languages.sources import list_sources
from xlamaml_allennlp.languages.tag import Tag, tag_of
from xlamaml_allennlp.nli.bad_pairs import BadPairs
from xlamaml_allennlp.nli.columns import PairColumns, pair_instance
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.labels import Labels
from xlamaml_allennlp.nli.pair_encoding import PairEncoding, PairsEncoding
from xlamaml_allennlp.nli.selection import find_problem, select_pairs

# Pairs that are tokenized at once.
BATCH = 1024
# BCP 47 for a language that nobody knows.
UNDETERMINED = "und"


@DatasetReader.register("xnli")
class XnliReader(ExamplesReader):
    """
    Reads sentence pairs with their language: XNLI and MNLI as tsv or jsonl, XTREME's headerless tsv, csv, and XNLI of
    `datasets`; packed, from URLs or from archives too (`docs/data.md` has the rules). A path, or a mapping
    {language: path}, of which a shared file is parsed once.

    An instance has the fields `tokens` (premise and hypothesis as the encoder wants them); `label`, an index, absent
    if the pair is unlabelled; and `metadata`: language, id (the file's pairID, else "row 0", "row 1" and so on among
    those of its language), group (the premise: in MNLI, promptID does not tell premises apart), premise and hypothesis.

    Pairs on which the annotators did not agree (label "-" or -1) are skipped, and counted in the log. All pairs of a
    reading have labels, or none has.

    Registered as a `DatasetReader` with name "xnli".

    # Parameters

    model_name : `str`
        The encoder whose tokenizer to use: a hub name, a transformers folder, or an archive (model.tar.gz).
    max_length : `int`, optional (default = `128`)
        The most tokens of a pair, special tokens included. Longer pairs are cut, the longer text first.
    labels : `Optional[List[str]]`, optional (default = `None`)
        Names of the classes in the order of their indices, as the model has them. `None`: entailment, neutral,
        contradiction.
    label_aliases : `Optional[Dict[str, str]]`, optional (default = `None`)
        Other names that files use for labels: `{"contradictory": "contradiction"}` reads XNLI's machine translations
        of MNLI beside XNLI itself.
    on_bad_pair : `str`, optional (default = `"error"`)
        What a row that is no pair is (an empty text, an unknown label, no label where others have one, columns too
        many, a line that is not JSON): `"error"`, which tells how many there are, or `"skip"` to leave it out and
        list it in the log.
    max_file_megabytes : `int`, optional (default = `1000`)
        The most megabytes of a file, unpacked.
    cache : `Optional[str]`, optional (default = `None`)
        A folder in which tokenized pairs are kept; whoever reads the same content with the same settings again takes
        them from there, without tokenizing them or holding them in memory. `None`: nothing is kept.
    num_proc : `int`, optional (default = `1`)
        How many processes tokenize what is to be kept, at least 1.
    max_instances : `Optional[int]`, optional (default = `None`)
        The most pairs to read.
    serialization_dir : `Optional[str]`, optional (default = `None`)
        The run's folder, where the tokenizer is kept for the archive; AllenNLP passes it.

    # Raises

    `ConfigurationError`
        If the tokenizer cannot be loaded, `max_length` is more than the encoder takes or leaves no room for texts, or
        another key has a value that is not among those above. When reading: if a file is not what it should be, with
        the line.
    """

    def __init__(
        self,
        model_name: str,
        max_length: int = 128,
        labels: Optional[List[Any]] = None,  # noqa: UP006  `checked` says which of them is not a text
        label_aliases: Optional[Dict[str, Any]] = None,  # noqa: UP006
        on_bad_pair: str = "error",
        max_file_megabytes: int = 1000,
        cache: Optional[str] = None,
        num_proc: int = 1,
        max_instances: Optional[int] = None,
        serialization_dir: Optional[str] = None,
    ) -> None:
        super().__init__(max_instances, serialization_dir, cache, num_proc)
        BadPairs(on_bad_pair)
        self._on_bad_pair = on_bad_pair
        self._limit = bytes_in(max_file_megabytes)
        self._labels = Labels(labels, label_aliases)
        self._tokenizer, self.max_length = load_tokenizer(model_name, serialization_dir), max_length
        self._encoding = PairEncoding(self._tokenizer, max_length)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes in the order of their indices."""
        return self._labels.names

    def form(self) -> Form:
        """How pairs are kept, and what they depend on."""
        settings = ["pairs", self.max_length, self._labels.indices, self._on_bad_pair, self._limit]
        columns = PairColumns(self.labels, self._tokenizer.pad_token_id)
        return Form(columns, [*settings, tokenizer_content(self._tokenizer)], self._limit)

    def tagged(self, data_path: Any, share: Share) -> Iterator[tuple[Tag, Instance]]:
        """The instances of all pairs with their tags."""
        bad_pairs = BadPairs(self._on_bad_pair)
        # Workers share out rows before tokenizing them.
        own = share(
            (source.path, row)
            for source in list_sources(data_path)
            for row in select_pairs(source, self._labels, bad_pairs, self._limit)
        )
        batches, tokenize = batches_of(own, BATCH), PairsEncoding(self._encoding)
        for batch, tokens in tokenized_in_order(tokenize, batches, self.processes):
            for (path, row), made in zip(batch, self._instances(batch, tokens), strict=True):
                if isinstance(made, Instance):
                    yield tag_of(made, path, row.number), made
                else:
                    bad_pairs.add(path, row.number, made)
        bad_pairs.close()

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
            If a text is empty for the tokenizer, or the label unknown.
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
            If a text is empty for the tokenizer, or a label unknown.
        """
        for number, row in enumerate(rows):
            if problem := find_problem(row, self._labels):
                raise ConfigurationError(f"pair {number}: {problem}")
        instances: list[Instance] = []
        batch = [("", row) for row in rows]
        for number, made in enumerate(self._instances(batch, PairsEncoding(self._encoding)(batch))):
            if not isinstance(made, Instance):
                raise ConfigurationError(f"pair {number}: {made}")
            instances.append(made)
        return instances

    def _instances(
        self, batch: Sequence[tuple[str, Row]], tokens: Sequence[Optional[TokenField]]
    ) -> Iterator[Union[Instance, str]]:
        """An instance for each row, or why it has none."""
        for (_, row), field in zip(batch, tokens, strict=True):
            if field is None:
                name = "premise" if self._encoding.makes_nothing_of(row.premise) else "hypothesis"
                yield f"the tokenizer makes nothing of the {name} {getattr(row, name)!r:.80}. Fix the row."
                continue
            language, id = row.language or UNDETERMINED, row.id or ""
            yield pair_instance(
                field, language, id, row.premise, row.hypothesis, self._labels.index(row.label), self.labels
            )
