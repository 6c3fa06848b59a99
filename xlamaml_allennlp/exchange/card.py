"""A model card that says what is known of an archive, and of nothing else."""

import json
import shlex
from collections.abc import Iterator, Sequence
from typing import Optional

from allennlp.common.checks import ConfigurationError
from huggingface_hub import ModelCard, ModelCardData

from xlamaml_allennlp.exchange.facts import Facts
from xlamaml_allennlp.exchange.scores import Score
from xlamaml_allennlp.exchange.shown import hub_name, shown_config, shown_path
from xlamaml_allennlp.languages.data_use import UNKNOWN
from xlamaml_allennlp.version import VERSION

CITATION = """\
```bibtex
@misc{xla-maml,
  title = {Cross-lingual Adaption Model-Agnostic Meta-Learning for Natural Language Understanding},
  author = {Liu, Qianying and Cheng, Fei and Kurohashi, Sadao}
}
```"""
REPRODUCE = """\
The archive holds the last stage's `config.json`, which names the data and the archive of the stage before. With your
own paths in it:

```bash
tar -xzf {archive} config.json
python -m xlamaml_allennlp train config.json -s runs/again
python -m xlamaml_allennlp evaluate runs/again/model.tar.gz DATA --output-file metrics.json \\
  --predictions-output-file predictions.jsonl
python -m xlamaml_allennlp export runs/again/model.tar.gz FOLDER --metrics metrics.json \\
  --predictions predictions.jsonl
```
"""


def model_card(facts: Facts, scores: Sequence[Score]) -> str:
    """
    The text of the folder's README.md, with the hub's head.

    # Parameters

    facts : `Facts`
        What the archive says of itself.
    scores : `Sequence[Score]`
        What an evaluation of it measured, if there is one.
    """
    head = ModelCardData(
        language=facts.languages or None,
        library_name="transformers",
        pipeline_tag="text-classification" if facts.classifies else "question-answering",
        base_model=hub_name(facts.encoder),
        tags=["cross-lingual", "xla-maml"],
    )
    return str(ModelCard(f"---\n{head.to_yaml()}\n---\n\n" + "\n".join(_sections(facts, scores))))


def check_scores(facts: Facts, scores: Sequence[Score]) -> None:
    """
    Refuses an evaluation of something else, before anything is written.

    # Raises

    `ConfigurationError`
        If it says of a language that it is zero-shot and the archive that it is not, or the other way.
    """
    for score in scores:
        by_manifest = facts.zero_shot(score.language)
        if None not in (by_manifest, score.zero_shot) and by_manifest != score.zero_shot:
            by_metrics, by_archive = ("zero-shot" if said else "trained on" for said in (score.zero_shot, by_manifest))
            raise ConfigurationError(
                f"--metrics: {score.language} is {by_metrics} by the metrics and {by_archive} by the archive: these "
                "are of another model. Evaluate this archive."
            )


def _sections(facts: Facts, scores: Sequence[Score]) -> Iterator[str]:
    task = "Natural language inference" if facts.classifies else "Extractive question answering"
    yield f"# {task} on {hub_name(facts.encoder) or shown_path(facts.encoder)}\n"
    archive = f"`{facts.archive}` (SHA-256 {facts.sha256 or UNKNOWN})"
    yield f"Made from {archive} by `allennlp export` of xlamaml_allennlp {VERSION}.\n"
    yield f"```python\n{_usage(facts)}\n```\n"
    if facts.cut_at is not None:
        yield f"Longer pairs are cut at {facts.cut_at} tokens, as in training; a pipeline cuts only if asked to.\n"
    if facts.note:
        yield f"{facts.note}\n"
    yield "## Training data\n"
    yield _data(facts)
    yield "## Method\n"
    trainer = facts.config.get("trainer", {})
    inner = trainer.get("inner_loop")
    adapted = f", inner loop `{json.dumps(inner)}`" if inner else ""
    yield f"The last stage: trainer `{trainer.get('type', 'gradient_descent')}`{adapted}."
    shown = json.dumps(shown_config(facts.config), indent=1, ensure_ascii=False)
    yield f"\n<details><summary>Its configuration, without places of files</summary>\n\n```json\n{shown}\n```\n"
    yield "</details>\n"
    yield "## Results\n"
    yield _results(facts, scores)
    yield "## Reproduce\n"
    yield REPRODUCE.format(archive=shlex.quote(facts.archive))
    yield "## Intended use\n"
    yield (
        "Research on transfer between languages. In languages that have no result above it was not tested. "
        "What the licences of the data forbid, such as commercial use, may be forbidden to this model too.\n"
    )
    yield f"## Citation\n\nThe method, not these weights:\n\n{CITATION}"


def _data(facts: Facts) -> str:
    heads = ("stage", "use", "languages", "file", "examples", "licence")
    if facts.manifest is not None and facts.manifest.stages:
        said, rows = "By the archive's data-use manifest; in brackets the beginning of a file's SHA-256.", facts.read()
    else:
        said, rows = "Unknown: the archive has no data-use manifest.", facts.named()
        if not rows:
            return f"{said}\n"
        said += " Its configuration, the last stage's, names these; whether they were read it does not tell."
    return f"{said} Licences go by the names of files and folders.\n\n{_table(heads, rows)}"


def _results(facts: Facts, scores: Sequence[Score]) -> str:
    if not scores:
        return "Unknown: no evaluation was given to the export.\n"
    heads = ("measure", "language", "percent", "95 % interval", "examples", "zero-shot", "seen + translations seen")
    rows = [
        (
            score.measure,
            score.language,
            f"{score.value:.1f}",
            UNKNOWN if score.interval is None else "{:.1f} to {:.1f}".format(*score.interval),
            UNKNOWN if score.examples is None else f"{score.examples:,}",
            "" if score.language == "mean" else _yes_or_no(facts.zero_shot(score.language)),
            "" if score.language == "mean" else score.seen,
        )
        for score in scores
    ]
    return (
        f"{_table(heads, rows)}\nZero-shot: no stage was trained, or chose its best epoch, on examples in the language."
        " Intervals are over examples, not over runs of other seeds.\n"
    )


def _yes_or_no(known: Optional[bool]) -> str:
    return UNKNOWN if known is None else "yes" if known else "no"


def _usage(facts: Facts) -> str:
    if facts.classifies:
        cut = "" if facts.cut_at is None else f", truncation=True, max_length={facts.cut_at}"
        return (
            'from transformers import pipeline\n\nclassify = pipeline("text-classification", model="THIS FOLDER")\n'
            f'classify({{"text": "वह घर पर है।", "text_pair": "वह बाहर नहीं है।"}}{cut})'
        )
    return (
        "from transformers import AutoModelForQuestionAnswering, AutoTokenizer\n\n"
        'model = AutoModelForQuestionAnswering.from_pretrained("THIS FOLDER")\n'
        'tokenizer = AutoTokenizer.from_pretrained("THIS FOLDER")'
    )


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    # Names of files may be a stranger's: no new line, column or tag.
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
