"""A model card that says what is known of an archive, and of nothing else."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from allennlp.common.checks import ConfigurationError
from allennlp.models import Model
from huggingface_hub import ModelCard, ModelCardData

from xlamaml_allennlp.exchange.licences import licence_of
from xlamaml_allennlp.languages.sources import list_sources
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier
from xlamaml_allennlp.version import VERSION

CITATION = (
    "Liu, Cheng and Kurohashi, *Cross-lingual Adaption Model-Agnostic Meta-Learning for Natural Language Understanding*"
)
NONE = "*Not said in this archive.*"


class Score(NamedTuple):
    """
    A number of an evaluation.

    # Parameters

    measure : `str`
        "accuracy", "em" or "f1".
    language : `str`
        A language, or "mean" of them.
    value : `float`
        As `allennlp evaluate` wrote it.
    """

    measure: str
    language: str
    value: float


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
        Its path.
    note : `str`
        What the export has to say.
    """

    classifies: bool
    encoder: str
    config: Mapping[str, Any]
    archive: str
    note: str

    @classmethod
    def of(cls, config: Mapping[str, Any], model: Model, archive: str, note: str) -> "Facts":
        classifies = isinstance(model, CrossLingualPairClassifier)
        return cls(classifies, str(config["model"]["model_name"]), config, Path(archive).name, note)

    @property
    def loader(self) -> str:
        return f"AutoModelFor{'SequenceClassification' if self.classifies else 'QuestionAnswering'}"

    def data(self) -> list[tuple[str, str, str]]:
        """Use, language and path of each file that the last stage names."""
        uses = {"train_data_path": "training", "validation_data_path": "selection of the best epoch"}
        return [
            (use, language, path)
            for key, use in uses.items()
            if self.config.get(key)
            for language, path in _files(self.config[key])
        ]


def scores_in(metrics: Path) -> list[Score]:
    """
    The scores per language that `allennlp evaluate --output-file` wrote.

    # Raises

    `ConfigurationError`
        If the file is not there, is no JSON object, or has no scores of languages.
    """
    try:
        numbers = json.loads(metrics.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"--metrics: {metrics} cannot be read: {error}") from error
    named = [(key.partition("/"), value) for key, value in numbers.items()] if isinstance(numbers, dict) else []
    found = [
        Score(measure, language, float(value))
        for (measure, _, language), value in named
        if measure in ("accuracy", "em", "f1") and language and isinstance(value, (int, float))
    ]
    if not found:
        raise ConfigurationError(
            f"--metrics: {metrics} has no scores of languages, such as accuracy/hi. Give what "
            "`allennlp evaluate ARCHIVE DATA --output-file FILE` wrote."
        )
    return found


def model_card(facts: Facts, scores: Sequence[Score]) -> str:
    """The text of the folder's README.md, with the hub's head."""
    languages = sorted({language for _, language, _ in facts.data() if language})
    head = ModelCardData(
        language=languages or None,
        library_name="transformers",
        pipeline_tag="text-classification" if facts.classifies else "question-answering",
        base_model=facts.encoder if facts.encoder.count("/") <= 1 and not facts.encoder.endswith(".gz") else None,
        tags=["cross-lingual", "xla-maml"],
    )
    return str(ModelCard(f"---\n{head.to_yaml()}\n---\n\n" + "\n".join(_sections(facts, scores))))


def _sections(facts: Facts, scores: Sequence[Score]) -> Iterator[str]:
    task = "Natural language inference" if facts.classifies else "Extractive question answering"
    trainer = facts.config.get("trainer", {})
    yield f"# {task} on {facts.encoder}\n"
    yield f"Made from `{facts.archive}` by `allennlp export` of xlamaml_allennlp {VERSION}.\n"
    yield f"```python\n{_usage(facts)}\n```\n"
    if facts.note:
        yield f"{facts.note}\n"
    yield "## Training data\n"
    yield "Of the last stage; earlier stages have archives of their own.\n"
    rows = [(use, language or "all in the file", path, licence_of(path)) for use, language, path in facts.data()]
    yield _table(("use", "language", "file", "licence"), rows) if rows else f"{NONE}\n"
    yield "## Method\n"
    inner = trainer.get("inner_loop")
    adapted = f", inner loop `{json.dumps(inner)}`" if inner else ""
    yield f"Trainer `{trainer.get('type', 'gradient_descent')}`{adapted}."
    yield f"\n```json\n{json.dumps(facts.config, indent=1, ensure_ascii=False)}\n```\n"
    yield "## Results\n"
    yield (
        _table(("measure", "language", "value"), [(s.measure, s.language, f"{s.value:.4g}") for s in scores])
        if scores
        else f"{NONE} Give `--metrics`.\n"
    )
    yield "## Intended use\n"
    yield (
        "Research on transfer between languages. In a language that is not among those of the training data it was not "
        "tested unless the table above says so.\n"
    )
    yield f"## Citation\n\n{CITATION}."


def _usage(facts: Facts) -> str:
    if facts.classifies:
        return (
            'from transformers import pipeline\n\nclassify = pipeline("text-classification", model="THIS FOLDER")\n'
            'classify({"text": "वह घर पर है।", "text_pair": "वह बाहर नहीं है।"})'
        )
    return (
        "from transformers import AutoModelForQuestionAnswering, AutoTokenizer\n\n"
        'model = AutoModelForQuestionAnswering.from_pretrained("THIS FOLDER")\n'
        'tokenizer = AutoTokenizer.from_pretrained("THIS FOLDER")'
    )


def _files(data_path: Any) -> list[tuple[str, str]]:
    """The files of a data path with a language each, empty where the file tells it."""
    return [
        (language, source.path) for source in list_sources(data_path) for language in sorted(source.languages or [""])
    ]


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
