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

from benchmarks.transfer import Bench, Run, table

AUXILIARY = "hi"
SEEDS = (0, 1, 2)
XQUAD = ("ar", "en", "es", "hi")
# English and Hindi are what meta-training sees.
MLQA = ("ar", "de", "es", "vi", "zh")
# Windows of like length together: less padding on a CPU.
BUCKETS = "{ data_loader: { batch_sampler: { type: 'bucket', batch_size: 12, sorting_keys: ['tokens'] } } }"
# TyDi's ids are those of its documents, which have several questions each.
NUMBERED = "{ dataset_reader+: { question_ids: 'position' } }"


def tests(data: Path) -> dict[str, str]:
    """What is evaluated, as `allennlp evaluate` takes it: {language: path} as JSON."""
    same = "dev-context-{0}-question-{0}.json"
    return {
        "xquad": json.dumps({code: str(data / "xquad" / f"xquad.{code}.json") for code in XQUAD}),
        "mlqa": json.dumps({code: str(data / "MLQA_V1" / "dev" / same.format(code)) for code in MLQA}),
    }


def baseline_run(options: argparse.Namespace) -> Run:
    """Stage 1: English, at a rate that suits a small encoder."""
    arguments = {
        "encoder": options.encoder,
        "train": str(options.data / "tydiqa" / "tydiqa.goldp.en.train.json"),
        "num_epochs": options.epochs,
        "lr": 1e-4,
    }
    return Run("baseline: English only", "squad_finetune.jsonnet", arguments, f"{NUMBERED} + {BUCKETS}")


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
        return Run(row, config, {**shared, **arguments, "seed": seed})

    def finetune(seed: int) -> Run:
        # The batch size, the optimizer and, one epoch being 64 batches, about as many steps as the meta steps.
        arguments = {**shared, "target": AUXILIARY, "batch_size": 8, "seed": seed}
        decay = "{ trainer+: { optimizer+: { weight_decay: 0.01 } } }"
        return Run(f"fine-tuning on {AUXILIARY}", "mlqa_few_shot.jsonnet", arguments, decay)

    methods = (
        finetune,
        lambda seed: meta("X-MAML", "mlqa_x_maml.jsonnet", seed),
        lambda seed: meta("XLA-MAML", "mlqa_xla_maml.jsonnet", seed),
    )
    return [method(seed) for seed in SEEDS for method in methods]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of MLQA_V1/, xquad/ and tydiqa/")
    parser.add_argument("--encoder", required=True, help="transformers name or folder")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=2, help="of stage 1")
    parser.add_argument(
        "--meta-steps", type=int, default=64, help="64 of 8 questions are one pass over MLQA's hi dev set"
    )
    parser.add_argument("--lr", type=float, default=5e-5, help="of the meta step, and of fine-tuning on hi")
    parser.add_argument("--alpha", type=float, default=1e-5, help="rate of the inner step")
    parser.add_argument("--estimator", default="first_order", help="inner_loop.type")
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time")
    parser.add_argument("--only", default="", help="regular expression of the rows to run")
    options = parser.parse_args()
    options.data = options.data.resolve()

    bench = Bench(options.output, tests(options.data), options.jobs)
    baseline = baseline_run(options)
    runs = stage_two(options, bench.archive(baseline))
    bench.finish([baseline])
    bench.finish([run for run in runs if re.search(options.only, run.row)])
    for test in bench.tests:
        for metric in ("em", "f1"):
            print(f"\n{test}, {metric}\n\n{table(bench, [baseline, *runs], test, metric)}")


if __name__ == "__main__":
    main()
