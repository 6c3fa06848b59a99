"""
Stage 1 beside what users would run otherwise: transformers' own Trainer, in a plain script.

    python -m benchmarks.stage_one --encoder ENCODER --data multinli_1.0_subset.jsonl

Both fine-tune the same encoder for an epoch on the same pairs, in batches of the same size, in float32, with AdamW and
a linear schedule, and pad a batch to its longest pair. Ours is the config `mnli_finetune` as `allennlp train` runs it,
with and without batches by length; theirs the loop of run_glue without its evaluation. Counted is the time of the
processor, one thread: of the whole process after its imports, and of the epoch. The Trainer needs accelerate.
"""

import argparse
import json
import logging
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.in_turn import Figures, main


def pairs_of(options: argparse.Namespace) -> list[dict[str, Any]]:
    lines = Path(options.data).read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["gold_label"] in ("entailment", "neutral", "contradiction")]
    return rows[: options.pairs]


def trainer(options: argparse.Namespace) -> Figures:
    """A plain script on transformers' Trainer."""
    from transformers import (
        AutoModelForSequenceClassification,
        AutoTokenizer,
        DataCollatorWithPadding,
        Trainer,
        TrainingArguments,
    )

    started = time.process_time()
    tokenizer = AutoTokenizer.from_pretrained(options.encoder)
    labels = ["entailment", "neutral", "contradiction"]
    rows = pairs_of(options)
    found = tokenizer([r["sentence1"] for r in rows], [r["sentence2"] for r in rows], truncation=True, max_length=128)
    data = [
        {"labels": labels.index(row["gold_label"]), **{key: found[key][at] for key in found}}
        for at, row in enumerate(rows)
    ]
    model = AutoModelForSequenceClassification.from_pretrained(options.encoder, num_labels=3)
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder,
            per_device_train_batch_size=options.batch_size,
            learning_rate=2e-5,
            num_train_epochs=1,
            optim="adamw_torch_fused",
            use_cpu=True,
            report_to="none",
            save_strategy="no",
            logging_steps=50,
        )
        begun = time.process_time()
        Trainer(model, arguments, train_dataset=data, data_collator=DataCollatorWithPadding(tokenizer)).train()
    return {"whole": time.process_time() - started, "epoch": time.process_time() - begun}


def ours(options: argparse.Namespace, **keys: Any) -> Figures:
    """The config of stage 1, as `allennlp train` runs it, with its archive."""
    from benchmarks.shipped_config import train

    logging.disable(logging.INFO)
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "train.jsonl")
        data.write_text("\n".join(map(json.dumps, pairs_of(options))) + "\n", encoding="utf-8")
        arguments = {"encoder": options.encoder, "train": str(data), "batch_size": options.batch_size, "num_epochs": 1}
        epoch = train("mnli_finetune", {**arguments, **keys}, f"{folder}/run")
    return {"whole": time.process_time() - started, "epoch": epoch}


CONTENDERS = {
    "transformers' Trainer": trainer,
    "mnli_finetune": lambda options: ours(options, buckets=False),
    "mnli_finetune, batches by length": lambda options: ours(options, buckets=True),
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", required=True, help="transformers folder, or a hub name")
    parser.add_argument("--data", required=True, help="MNLI's jsonl")
    parser.add_argument("--pairs", type=int, default=640)
    parser.add_argument("--batch-size", type=int, default=32)
    main("benchmarks.stage_one", CONTENDERS, parser, ["whole", "epoch"])
