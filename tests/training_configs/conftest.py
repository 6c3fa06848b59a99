"""Tiny data in the official layouts, and a way to run a config on them as a user's variant does: one importing line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allennlp.commands.train import train_model
from allennlp.common import Params

import xlamaml_allennlp  # noqa: F401  registers the components that configs name

CONFIGS = Path(__file__).parents[2] / "training_configs"
LANGUAGES = ("en", "hi", "sw")
LABELS = ("neutral", "contradiction", "entailment")
COLUMNS = ("language", "gold_label", "sentence1", "sentence2", "promptID", "pairID")


def write_xnli(path: Path, premises: int) -> None:
    rows = ["\t".join(COLUMNS)]
    for language in LANGUAGES:
        for pair in range(3 * premises):
            premise, label = pair // 3, LABELS[pair % 3]
            texts = (f"{language} premise {premise}", f"{language} hypothesis {pair}")
            rows.append("\t".join([language, label, *texts, str(premise + 1), str(pair + 1)]))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def write_mnli(path: Path, pairs: int) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for pair in range(pairs):
            row = {"sentence1": f"premise {pair}", "sentence2": f"hypothesis {pair}", "gold_label": LABELS[pair % 3]}
            lines.write(json.dumps({**row, "promptID": str(pair), "pairID": f"{pair}n"}) + "\n")


@pytest.fixture(scope="session")
def nli_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with xnli.dev.tsv (en, hi, sw; 24 parallel pairs each), xnli.test.tsv and multinli_1.0_train.jsonl."""
    folder = tmp_path_factory.mktemp("nli-data")
    write_xnli(folder / "xnli.dev.tsv", premises=8)
    write_xnli(folder / "xnli.test.tsv", premises=3)
    write_mnli(folder / "multinli_1.0_train.jsonl", pairs=24)
    return folder


def squad(language: str, paragraphs: int) -> dict[str, Any]:
    """SQuAD's format: a question about each paragraph, whose answer is a place."""
    found = []
    for number in range(paragraphs):
        context, answer = f"{language} {number}: the river rises at place {number}.", f"place {number}"
        gold = [{"text": answer, "answer_start": context.index(answer)}]
        asked = {"id": f"q{number}", "question": "Where does the river rise?", "answers": gold}
        found.append({"context": context, "qas": [asked]})
    return {"data": [{"paragraphs": found}]}


@pytest.fixture(scope="session")
def mlqa_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with MLQA's dev/ (en, hi; 8 parallel questions each) and train-v1.1.json."""
    folder = tmp_path_factory.mktemp("mlqa-data")
    (folder / "dev").mkdir()
    for language in ("en", "hi"):
        path = folder / "dev" / f"dev-context-{language}-question-{language}.json"
        path.write_text(json.dumps(squad(language, 8)), encoding="utf-8")
    (folder / "train-v1.1.json").write_text(json.dumps(squad("en", 8)), encoding="utf-8")
    return folder


@pytest.fixture
def variant(tmp_path: Path) -> Callable[..., Params]:
    """`variant("xnli_x_maml.jsonnet", query=["hi"])`: the config that one importing line gives."""

    def evaluate(config: str, changes: str = "{}", **arguments: Any) -> Params:
        values = ", ".join(f"{key}={json.dumps(value)}" for key, value in arguments.items())
        line = f"(import {json.dumps(str(CONFIGS / config))})({values}) + {changes}"
        file = tmp_path / "variant.jsonnet"
        file.write_text(line)
        return Params.from_file(file)

    return evaluate


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture
def trained_once(runs: Path, variant: Callable[..., Params]) -> Callable[..., str]:
    """`trained_once("mnli_finetune", train=...)`: the archive of such a run, which the tests of a module share."""

    def archive(name: str, **arguments: Any) -> str:
        folder = runs / name
        if not folder.exists():
            train_model(variant(f"{name}.jsonnet", **arguments), str(folder))
        return str(folder / "model.tar.gz")

    return archive
