"""
The paper's experiment on NLI with a small encoder: English fine-tuning, meta-training on one auxiliary language,
zero-shot accuracy per language; the method beside X-MAML and its controls: fine-tuning on the query examples, on the
query and support examples together, and the method with its inner step off.

    python -m benchmarks.xnli_transfer --data DATA --encoder ENCODER --output OUT

DATA holds multinli_1.0/ and XNLI-1.0/ as officially laid out. A stopped run goes on where it stopped.
"""

import argparse
import re
from collections.abc import Sequence
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
LANGUAGES = ("ar", "de", "en", "es", "hi", "vi", "zh")
# multilingual-e5 was pretrained with mean pooling.
MODEL = "{ pooling: 'mean' }"
# Pairs of like length together: half the padding, so nearly half the time on a CPU.
BUCKETS = "data_loader: { batch_sampler: { type: 'bucket', batch_size: 32, sorting_keys: ['tokens'] } }"


def first_pairs(source: Path, languages: Sequence[str], count: int, target: Path) -> Path:
    """Writes the first `count` pairs of some languages of an official XNLI file (all of them if `count` is 0)."""
    header, *rows = source.read_text(encoding="utf-8").splitlines(keepends=True)
    seen: dict[str, int] = {}
    kept = [header]
    for row in rows:
        language = row.split("\t", 1)[0]
        seen[language] = seen.get(language, 0) + 1
        if language in languages and (not count or seen[language] <= count):
            kept.append(row)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(kept), encoding="utf-8")
    return target


def baseline_run(options: argparse.Namespace, seed: int) -> Run:
    """Stage 1: two epochs of English, at a rate that suits a small encoder."""
    train = str(options.data / "multinli_1.0" / "multinli_1.0_subset.jsonl")
    arguments = {"encoder": options.encoder, "train": train, "num_epochs": 2, "lr": 1e-4, "seed": seed}
    tuned = changes(options, f"{{ model+: {MODEL}, {BUCKETS} }}", episodes=False)
    return Run("baseline: English only", "mnli_finetune.jsonnet", arguments, tuned)


def stage_two(options: argparse.Namespace, bench: Bench) -> tuple[list[Run], list[Run]]:
    """The trained main rows with every seed, and the variations of XLA-MAML with the first."""
    xnli, pooled = options.data / "XNLI-1.0", f"{{ model+: {MODEL} }}"

    def shared(seed: int) -> dict[str, Any]:
        base = bench.archive(baseline_run(options, stage_one_seed(options, seed)))
        return {"encoder": options.encoder, "xnli": str(xnli), "base": str(base), "lr": options.lr, "seed": seed}

    def meta(row: str, config: str, alpha: float = options.alpha, seed: int = options.seeds[0], **more: Any) -> Run:
        inner_loop = {"type": options.estimator, "lr": alpha, "num_steps": 1}
        arguments = {"query": [AUXILIARY], "inner_loop": inner_loop, "meta_steps_per_language": options.meta_steps}
        return Run(row, config, {**shared(seed), **arguments, **more}, changes(options, pooled))

    def finetune(seed: int, batch_size: int, *languages: str) -> Run:
        # As many steps over the same examples.
        arguments = {**shared(seed), "target": AUXILIARY, "batch_size": batch_size}
        paths = dict.fromkeys(languages, xnli / "xnli.dev.tsv")
        tuned = finetuning(options, paths, pooled)
        return Run(f"fine-tuning on {' and '.join(languages)}", "xnli_few_shot.jsonnet", arguments, tuned)

    xla, x = "xnli_xla_maml.jsonnet", "xnli_x_maml.jsonnet"
    main = [
        run
        for seed in options.seeds
        for run in (
            finetune(seed, 8, AUXILIARY),
            finetune(seed, 16, AUXILIARY, "en"),
            meta("X-MAML", x, seed=seed),
            meta("XLA-MAML", xla, seed=seed),
            meta("XLA-MAML, inner step off", xla, OFF, seed),
        )
    ]
    variations = [
        meta("XLA-MAML, adam (coupled decay)", xla, optimizer="adam"),
        meta("XLA-MAML, random", xla, sampler="random"),
        meta("XLA-MAML, not parallel", xla, parallel=False),
        meta("XLA-MAML, alpha 1e-3", xla, alpha=1e-3),
        meta("XLA-MAML, alpha 1e-2", xla, alpha=1e-2),
    ]
    return main, variations


def main() -> None:
    parser = transfer_parser(__doc__, "multinli_1.0/ and XNLI-1.0/", 312, "312 of 8 are one pass over XNLI's dev set")
    parser.add_argument("--test-pairs", type=int, default=0, help="test pairs per language, the first ones (0: all)")
    parser.add_argument("--languages", nargs="+", default=LANGUAGES, help="of the test")
    options = parser.parse_args()

    official = options.data / "XNLI-1.0" / "xnli.test.tsv"
    test = first_pairs(official, options.languages, options.test_pairs, options.output / "test.tsv")
    bench = Bench(options, {"xnli": str(test)})
    baselines = [baseline_run(options, seed) for seed in stage_one_seeds(options)]
    main_rows, variations = stage_two(options, bench)
    bench.finish(baselines)
    bench.finish([run for run in (*main_rows, *variations) if re.search(options.only, run.row)])
    print(table(bench, [*baselines, *main_rows, *variations], "xnli", "accuracy", scale=100))


if __name__ == "__main__":
    main()
