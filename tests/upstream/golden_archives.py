"""Tiny archives of every stage of both tasks, trained by the configs that users run, and what is asked of them."""

import json
import os
from contextlib import chdir
from pathlib import Path
from typing import Any

from allennlp.commands.evaluate import evaluate_from_archive
from allennlp.commands.train import train_model
from allennlp.common import Params
from allennlp.predictors import Predictor

CONFIGS = Path(__file__).parents[2] / "training_configs"
LANGUAGES = {"en": ("A man {}.", "He {}."), "hi": ("आदमी {} रहा है।", "वह {} रहा है।")}
VERBS = ["sleeps", "runs", "सो", "eats well", "दौड़", "sings"]
LABELS = ["entailment", "neutral", "contradiction"]
META = {"support": ["en"], "query": ["hi"], "inner_loop": {"type": "exact", "lr": 0.01}}
FEW = "data_loader+: { sampler+: { support_size: 3, query_size: 3 } }"
SHORT = "dataset_reader+: { max_length: 96, stride: 16 }, validation_dataset_reader+: { max_length: 96, stride: 16 }"
SHORT_EPISODES = "dataset_reader+: { reader+: { max_length: 96, stride: 16 } }, " + SHORT.split("}, ")[1]

# Run -> its config, the arguments, and what else is changed. Every later run starts with an earlier one's archive.
RUNS: dict[str, tuple[str, dict[str, Any], str]] = {
    "mnli": ("mnli_finetune", {"train": "en.jsonl", "lr": 0.02, "batch_size": 6}, ""),
    "xnli_meta": ("xnli_xla_maml", {**META, "xnli": ".", "lr": 0.02, "meta_steps_per_language": 4}, FEW),
    "xnli_few": ("xnli_few_shot", {"target": "hi", "xnli": ".", "lr": 0.02, "batch_size": 6}, ""),
    "squad": ("squad_finetune", {"train": "en.json", "lr": 0.02, "batch_size": 6}, SHORT),
    "mlqa_meta": (
        "mlqa_xla_maml",
        {**META, "mlqa": ".", "lr": 0.02, "meta_steps_per_language": 4},
        f"{FEW}, {SHORT_EPISODES}",
    ),
    "mlqa_few": ("mlqa_few_shot", {"target": "hi", "mlqa": ".", "lr": 0.02, "batch_size": 6}, SHORT),
}
BASES = {"xnli_meta": "mnli", "xnli_few": "xnli_meta", "mlqa_meta": "squad", "mlqa_few": "mlqa_meta"}
ENCODERS = {run: "bert" if "nli" in run else "xlm-roberta" for run in RUNS}


def write_data(folder: Path) -> None:
    """XNLI's and MLQA's development sets, and a file of English for each, with six parallel rows per language."""
    rows = ["language\tgold_label\tsentence1\tsentence2\tpromptID\tpairID"]
    (folder / "dev").mkdir()
    for language, (premise, hypothesis) in LANGUAGES.items():
        pairs, paragraphs = [], []
        for number, verb in enumerate(VERBS):
            label, texts = LABELS[number % 3], (premise.format(verb), hypothesis.format(verb))
            rows.append("\t".join([language, label, *texts, str(number), str(number)]))
            pairs.append({"sentence1": texts[0], "sentence2": texts[1], "gold_label": label, "pairID": f"{number}e"})
            gold = [{"text": verb, "answer_start": texts[0].index(verb)}]
            asked = {"id": f"q{number}", "question": f"{texts[1]}?", "answers": gold}
            paragraphs.append({"context": texts[0], "qas": [asked]})
        questions = json.dumps({"data": [{"paragraphs": paragraphs}]}, ensure_ascii=False)
        (folder / "dev" / f"dev-context-{language}-question-{language}.json").write_text(questions, encoding="utf-8")
        if language == "en":
            (folder / "en.json").write_text(questions, encoding="utf-8")
            lines = "".join(json.dumps(pair) + "\n" for pair in pairs)
            (folder / "en.jsonl").write_text(lines, encoding="utf-8")
    (folder / "xnli.dev.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def write_archives(encoders: Path, folder: Path) -> None:
    """Trains every run in `folder`, with names of files that say nothing of this machine."""
    (folder / "encoders").symlink_to(encoders.resolve(), target_is_directory=True)
    with chdir(folder):
        write_data(Path())
        for run, (config, arguments, changes) in RUNS.items():
            given = {"encoder": f"encoders/{ENCODERS[run]}", "num_epochs": 1, **arguments}
            if "meta" in run:
                del given["num_epochs"]
            if run in BASES:
                given["base"] = f"{BASES[run]}/model.tar.gz"
            values = ", ".join(f"{key}={json.dumps(value)}" for key, value in given.items())
            line = f"(import {json.dumps(str(CONFIGS / f'{config}.jsonnet'))})({values}) + {{ {changes} }}"
            Path("run.jsonnet").write_text(line)
            train_model(Params.from_file("run.jsonnet"), run)


def answers_of(archive: Path, data: Path) -> dict[str, Any]:
    """An archive's metrics on development data, and its predictions."""
    of_nli = "nli" in archive.name
    languages = {
        language: str(data / ("xnli.dev.tsv" if of_nli else f"dev/dev-context-{language}-question-{language}.json"))
        for language in LANGUAGES
    }
    metrics = evaluate_from_archive(archive, json.dumps(languages), metrics_output_file=os.devnull)
    predictor = Predictor.from_path(archive)
    first, second = ("premise", "hypothesis") if of_nli else ("context", "question")
    lines = [
        {first: premise.format(verb), second: hypothesis.format("runs"), "language": language}
        for language, (premise, hypothesis) in LANGUAGES.items()
        for verb in VERBS
    ]
    predictions = [predictor.predict_json(line) for line in lines]
    kept = ("label", "probs") if of_nli else ("answer", "n_best")
    return {"metrics": metrics, "predictions": [{key: each[key] for key in kept} for each in predictions]}
