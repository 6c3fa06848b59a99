"""
The whole of stage 2 beside a plain script on `higher`: data, meta steps, optimizer, schedule and logging.

    python -m benchmarks.stage_two --encoder ENCODER --xnli xnli.dev.tsv

Meta steps of an episode each, 8 English pairs and 8 Hindi pairs of XNLI's development set, one inner step of 1e-5,
AdamW, a linear schedule and a line every ten steps; a small file of both languages is read. Counted is the time of the
processor, one thread, after imports: of all of it, and of the meta steps. Ours is the config `xnli_xla_maml` with all
that it writes (ledger, manifest, checkpoints, archive); the script writes the weights at the end.
"""

import argparse
import csv
import logging
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from benchmarks.in_turn import Figures, main

LANGUAGES, SIZE, PAIRS = ("en", "hi"), 8, 400


def rows_of(options: argparse.Namespace) -> list[dict[str, str]]:
    with open(options.xnli, encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for name in LANGUAGES for row in [r for r in rows if r["language"] == name][:PAIRS]]


def script(options: argparse.Namespace) -> Figures:
    """A plain script on `higher`."""
    import higher
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, get_linear_schedule_with_warmup

    logging.disable(logging.WARNING)
    started = time.process_time()
    tokenizer = AutoTokenizer.from_pretrained(options.encoder)
    # Fused attention has no second derivative.
    keys: dict[str, Any] = {"num_labels": 3, "attn_implementation": "eager"}
    model = AutoModelForSequenceClassification.from_pretrained(options.encoder, **keys).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, weight_decay=0.01, fused=True)
    schedule = get_linear_schedule_with_warmup(optimizer, 0, options.steps)
    labels = ["entailment", "neutral", "contradiction"]
    pools = {name: [row for row in rows_of(options) if row["language"] == name] for name in LANGUAGES}

    def batch(language: str) -> Any:
        rows = random.sample(pools[language], SIZE)
        pairs = [row["sentence1"] for row in rows], [row["sentence2"] for row in rows]
        inputs = tokenizer(*pairs, truncation=True, max_length=128, padding=True, return_tensors="pt")
        return {**inputs, "labels": torch.tensor([labels.index(row["gold_label"]) for row in rows])}

    begun = time.process_time()
    for step in range(options.steps):
        optimizer.zero_grad()
        support, query = batch("en"), batch("hi")
        inner = torch.optim.SGD(model.parameters(), lr=1e-5)
        with higher.innerloop_ctx(model, inner, copy_initial_weights=False) as (functional, steps):
            steps.step(functional(**support).loss)
            loss = functional(**query).loss
            loss.backward()
        optimizer.step()
        schedule.step()
        if step % 10 == 0:
            print(f"step {step}: query loss {loss.item():.4f}")
    ended = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return {"whole": time.process_time() - started, "steps": ended - begun}


def ours(options: argparse.Namespace, **inner_loop: Any) -> Figures:
    """The config of stage 2, as `allennlp train` runs it."""
    from allennlp.common.util import import_module_and_submodules

    import_module_and_submodules("xlamaml_allennlp")
    from benchmarks.shipped_config import train

    logging.disable(logging.INFO)
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        keys = ["language", "gold_label", "sentence1", "sentence2", "pairID"]
        lines = [keys, *([row[key] for key in keys] for row in rows_of(options))]
        Path(folder, "xnli.dev.tsv").write_text("\n".join(map("\t".join, lines)) + "\n", encoding="utf-8")
        arguments = {
            "encoder": options.encoder,
            "xnli": folder,
            "base": None,
            "inner_loop": {"lr": 1e-5, **inner_loop},
            "meta_steps_per_language": options.steps,
        }
        steps = train("xnli_xla_maml", arguments, f"{folder}/run")
    return {"whole": time.process_time() - started, "steps": steps}


CONTENDERS = {
    "plain script on higher": script,
    "xnli_xla_maml, exact": lambda options: ours(options, type="exact"),
    "xnli_xla_maml, first_order": lambda options: ours(options, type="first_order"),
    "xnli_xla_maml, first_order, micro-batches of 4": lambda options: ours(
        options, type="first_order", micro_batch_size=4
    ),
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", required=True, help="transformers folder, or a hub name")
    parser.add_argument("--xnli", required=True, help="XNLI's xnli.dev.tsv")
    parser.add_argument("--steps", type=int, default=100, help="meta steps (default: 100)")
    main("benchmarks.stage_two", CONTENDERS, parser, ["whole", "steps"])
