"""
The paper's experiment on QA with a small encoder: English fine-tuning, meta-training on one auxiliary language,
zero-shot EM and F1 per language; the method beside X-MAML and its controls: fine-tuning on the query examples, on the
query and support examples together, and the method with its inner step off.

    python -m benchmarks.mlqa_transfer --data DATA --encoder ENCODER --output OUT

DATA holds MLQA_V1/ and xquad/ as officially laid out, and tydiqa/tydiqa.goldp.en.train.json: TyDi QA's English
questions in SQuAD's format, which stand in for SQuAD. A stopped run goes on where it stopped.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

from benchmarks.transfer import (
    OFF,
    Bench,
    Run,
    changes,
    finetuning,
    stage_one_seed,
    stage_one_seeds,
    table,
    transfer_parser,
)

AUXILIARY = "hi"
XQUAD = ("ar", "en", "es", "hi")
# English and Hindi are what meta-training sees.
MLQA = ("ar", "de", "es", "vi", "zh")
# Windows of like length together: less padding on a CPU.
BUCKETS = "{ data_loader: { batch_sampler: { type: 'bucket', batch_size: 12, sorting_keys: ['tokens'] } } }"
# TyDi's ids are those of its documents, which have several questions each.
NUMBERED = "{ dataset_reader+: { question_ids: 'position' } }"


def tests(options: argparse.Namespace) -> dict[str, str]:
    """What is evaluated, as `allennlp evaluate` takes it: {language: path} as JSON."""
    xquad = {code: f"xquad/xquad.{code}.json" for code in XQUAD}
    mlqa = {code: f"MLQA_V1/dev/dev-context-{code}-question-{code}.json" for code in MLQA}
    return {
        name: json.dumps({code: str(first_questions(options, path)) for code, path in paths.items()})
        for name, paths in (("xquad", xquad), ("mlqa", mlqa))
    }


def first_questions(options: argparse.Namespace, path: str) -> Path:
    """Writes the first questions of a file with their paragraphs; the file itself if all are asked for."""
    source: Path = options.data / path
    if not options.test_questions:
        return source
    corpus = json.loads(source.read_text(encoding="utf-8"))
    left = options.test_questions
    for paragraph in (paragraph for article in corpus["data"] for paragraph in article["paragraphs"]):
        paragraph["qas"] = paragraph["qas"][:left]
        left -= len(paragraph["qas"])
    return write_asked(corpus, options.output / "tests" / source.name)


def write_asked(corpus: dict[str, Any], target: Path) -> Path:
    """Writes the paragraphs that have questions."""
    for article in corpus["data"]:
        article["paragraphs"] = [paragraph for paragraph in article["paragraphs"] if paragraph["qas"]]
    corpus["data"] = [article for article in corpus["data"] if article["paragraphs"]]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(corpus), encoding="utf-8")
    return target


def mlqa_file(options: argparse.Namespace, language: str) -> Path:
    path: Path = options.data / "MLQA_V1" / "dev" / f"dev-context-{language}-question-{language}.json"
    return path


def translations(options: argparse.Namespace) -> Path:
    """Writes the English questions that are translations of Hindi ones: the support examples of a pass."""
    asked = json.loads(mlqa_file(options, AUXILIARY).read_text(encoding="utf-8"))
    ids = {question["id"] for article in asked["data"] for text in article["paragraphs"] for question in text["qas"]}
    english = json.loads(mlqa_file(options, "en").read_text(encoding="utf-8"))
    for article in english["data"]:
        for paragraph in article["paragraphs"]:
            paragraph["qas"] = [question for question in paragraph["qas"] if question["id"] in ids]
    return write_asked(english, options.output / "english_of_hindi.json")


def baseline_run(options: argparse.Namespace, seed: int) -> Run:
    """Stage 1: English, at a rate that suits a small encoder."""
    arguments = {
        "encoder": options.encoder,
        "train": str(options.data / "tydiqa" / "tydiqa.goldp.en.train.json"),
        "num_epochs": options.epochs,
        "lr": 1e-4,
        "seed": seed,
    }
    tuned = changes(options, NUMBERED, BUCKETS, episodes=False)
    return Run("baseline: English only", "squad_finetune.jsonnet", arguments, tuned)


def stage_two(options: argparse.Namespace, bench: Bench) -> list[Run]:
    """Fine-tuning, X-MAML and XLA-MAML on the same Hindi questions, with every seed."""
    english = translations(options)

    def shared(seed: int) -> dict[str, Any]:
        base = bench.archive(baseline_run(options, stage_one_seed(options, seed)))
        mlqa = str(options.data / "MLQA_V1")
        return {"encoder": options.encoder, "mlqa": mlqa, "base": str(base), "lr": options.lr, "seed": seed}

    def meta(row: str, config: str, seed: int, alpha: float = options.alpha) -> Run:
        inner_loop = {"type": options.estimator, "lr": alpha, "num_steps": 1}
        arguments = {"query": [AUXILIARY], "inner_loop": inner_loop, "meta_steps_per_language": options.meta_steps}
        return Run(row, config, {**shared(seed), **arguments}, changes(options))

    def finetune(seed: int, batch_size: int, **more: Path) -> Run:
        # One epoch being 64 batches, about as many steps as the meta steps.
        arguments = {**shared(seed), "target": AUXILIARY, "batch_size": batch_size}
        paths = {AUXILIARY: mlqa_file(options, AUXILIARY), **more}
        return Run(
            f"fine-tuning on {' and '.join(paths)}", "mlqa_few_shot.jsonnet", arguments, finetuning(options, paths)
        )

    xla, x = "mlqa_xla_maml.jsonnet", "mlqa_x_maml.jsonnet"
    return [
        run
        for seed in options.seeds
        for run in (
            finetune(seed, 8),
            finetune(seed, 16, en=english),
            meta("X-MAML", x, seed),
            meta("XLA-MAML", xla, seed),
            meta("XLA-MAML, inner step off", xla, seed, OFF),
        )
    ]


def main() -> None:
    parser = transfer_parser(
        __doc__, "MLQA_V1/, xquad/ and tydiqa/", 64, "64 of 8 questions are one pass over MLQA's hi dev set"
    )
    parser.add_argument("--epochs", type=int, default=2, help="of stage 1")
    parser.add_argument("--test-questions", type=int, default=0, help="per file, the first ones (0: all)")
    options = parser.parse_args()

    bench = Bench(options, tests(options))
    baselines = [baseline_run(options, seed) for seed in stage_one_seeds(options)]
    runs = stage_two(options, bench)
    bench.finish(baselines)
    bench.finish([run for run in runs if re.search(options.only, run.row)])
    for test in bench.tests:
        for metric in ("em", "f1"):
            print(f"\n{test}, {metric}\n\n{table(bench, [*baselines, *runs], test, metric)}")


if __name__ == "__main__":
    main()
