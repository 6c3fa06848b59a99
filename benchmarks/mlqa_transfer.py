"""
The paper's experiment on QA with a small encoder on a CPU: English fine-tuning, meta-training on one auxiliary
language, zero-shot EM and F1 per language; the method beside plain fine-tuning on the same examples and X-MAML.

    python -m benchmarks.mlqa_transfer --data DATA --encoder ENCODER --output OUT

DATA holds MLQA_V1/ and xquad/ as officially laid out, and tydiqa/tydiqa.goldp.en.train.json: TyDi QA's English
questions in SQuAD's format, which stand in for SQuAD. A stopped run goes on where it stopped.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

from benchmarks.transfer import Bench, Run, changes, table, transfer_parser

AUXILIARY = "hi"
SEEDS = (0, 1, 2)
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
    for article in corpus["data"]:
        article["paragraphs"] = [paragraph for paragraph in article["paragraphs"] if paragraph["qas"]]
    target: Path = options.output / "tests" / source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(corpus), encoding="utf-8")
    return target


def baseline_run(options: argparse.Namespace) -> Run:
    """Stage 1: English, at a rate that suits a small encoder."""
    arguments = {
        "encoder": options.encoder,
        "train": str(options.data / "tydiqa" / "tydiqa.goldp.en.train.json"),
        "num_epochs": options.epochs,
        "lr": 1e-4,
    }
    return Run(
        "baseline: English only",
        "squad_finetune.jsonnet",
        arguments,
        changes(options, NUMBERED, BUCKETS, episodes=False),
    )


def stage_two(options: argparse.Namespace, base: Path) -> list[Run]:
    """Fine-tuning, X-MAML and XLA-MAML on the same Hindi questions, with every seed."""
    shared: dict[str, Any] = {
        "encoder": options.encoder,
        "mlqa": str(options.data / "MLQA_V1"),
        "base": str(base),
        "lr": options.lr,
    }

    def meta(row: str, config: str, seed: int) -> Run:
        inner_loop = {"type": options.estimator, "lr": options.alpha, "num_steps": 1}
        arguments = {"query": [AUXILIARY], "inner_loop": inner_loop, "meta_steps_per_language": options.meta_steps}
        return Run(row, config, {**shared, **arguments, "seed": seed}, changes(options))

    def finetune(seed: int) -> Run:
        # The batch size, the optimizer and, one epoch being 64 batches, about as many steps as the meta steps.
        arguments = {**shared, "target": AUXILIARY, "batch_size": 8, "seed": seed}
        decay = "{ trainer+: { optimizer+: { weight_decay: 0.01 } } }"
        return Run(
            f"fine-tuning on {AUXILIARY}", "mlqa_few_shot.jsonnet", arguments, changes(options, decay, episodes=False)
        )

    methods = (
        finetune,
        lambda seed: meta("X-MAML", "mlqa_x_maml.jsonnet", seed),
        lambda seed: meta("XLA-MAML", "mlqa_xla_maml.jsonnet", seed),
    )
    return [method(seed) for seed in SEEDS for method in methods]


def main() -> None:
    parser = transfer_parser(
        __doc__, "MLQA_V1/, xquad/ and tydiqa/", 64, "64 of 8 questions are one pass over MLQA's hi dev set"
    )
    parser.add_argument("--epochs", type=int, default=2, help="of stage 1")
    parser.add_argument("--test-questions", type=int, default=0, help="per file, the first ones (0: all)")
    options = parser.parse_args()

    bench = Bench(options.output, tests(options), options.jobs)
    baseline = baseline_run(options)
    runs = stage_two(options, bench.archive(baseline))
    bench.finish([baseline])
    bench.finish([run for run in runs if re.search(options.only, run.row)])
    for test in bench.tests:
        for metric in ("em", "f1"):
            print(f"\n{test}, {metric}\n\n{table(bench, [baseline, *runs], test, metric)}")


if __name__ == "__main__":
    main()
