"""
What the `meta` trainer adds to a meta step, and what averaging over workers does.

    python -m benchmarks.meta_trainer --encoder ENCODER --xnli XNLI-1.0

First one epoch of episodes by the trainer and the same episodes in a bare loop (estimator, backward, optimizer step),
in turn, in one process; then the averaging of the model's gradients by two gloo workers on this machine.
"""

import argparse
import json
import logging
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch.multiprocessing import spawn

from benchmarks.shipped_config import variant
from xlamaml_allennlp.commands.meta_check.subject import Subject, build
from xlamaml_allennlp.meta_training.distributed import average_gradients
from xlamaml_allennlp.meta_training.losses import QueryLoss, SupportLoss

WORKERS = 2


def params(options: argparse.Namespace) -> dict[str, Any]:
    arguments = {
        "encoder": options.encoder,
        "xnli": options.xnli,
        "base": None,
        "inner_loop": {"type": options.estimator, "lr": 1e-5},
        "meta_steps_per_language": options.episodes,
    }
    return variant("xnli_xla_maml", arguments)


def by_trainer(subject: Subject) -> float:
    """Seconds of one epoch; checkpoints and archives are outside of it."""
    started = time.perf_counter()
    subject.trainer._train_epoch(0)
    return time.perf_counter() - started


def by_bare_loop(subject: Subject) -> float:
    """Seconds of the same without the trainer."""
    trainer, optimizer = subject.trainer, subject.trainer.optimizer
    started = time.perf_counter()
    subject.model.train()
    for batch in trainer.data_loader:
        optimizer.zero_grad(set_to_none=True)
        support = SupportLoss(batch["support"], trainer.passes)
        query = QueryLoss(batch["query"], trainer.passes)
        trainer.inner_loop(subject.model, support, query).loss.backward()
        optimizer.step()
    return time.perf_counter() - started


def overhead(options: argparse.Namespace) -> tuple[float, float]:
    """Median seconds per meta step, of the bare loop and of the trainer, whole epochs in turn."""
    config = params(options)
    seconds: dict[Callable[[Subject], float], list[float]] = {by_bare_loop: [], by_trainer: []}
    for number in range(options.rounds):
        # The order changes, so that neither always comes first.
        for way in (by_bare_loop, by_trainer) if number % 2 else (by_trainer, by_bare_loop):
            with tempfile.TemporaryDirectory() as folder:
                seconds[way].append(way(build(config, folder)) / options.episodes)
    return statistics.median(seconds[by_bare_loop]), statistics.median(seconds[by_trainer])


def average(rank: int, shapes: list[torch.Size], repeats: int, result: str) -> None:
    """One worker's part: gradients of these shapes, averaged `repeats` times."""
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{result}.store", world_size=WORKERS, rank=rank)
    parameters = [torch.nn.Parameter(torch.zeros(shape)) for shape in shapes]
    seconds = []
    for _ in range(repeats + 1):
        for parameter in parameters:
            parameter.grad = torch.ones_like(parameter)
        dist.barrier()
        started = time.perf_counter()
        average_gradients(parameters)
        seconds.append(time.perf_counter() - started)
    if rank == 0:
        Path(result).write_text(json.dumps(statistics.median(seconds[1:])))
    dist.destroy_process_group()


def averaging(config: dict[str, Any], repeats: int) -> tuple[float, int]:
    """Seconds that two workers need to average the gradients, and how many entries those have."""
    with tempfile.TemporaryDirectory() as folder:
        shapes = [parameter.shape for parameter in build(config, folder + "/run").model.parameters()]
        result = os.path.join(folder, "seconds.json")
        spawn(average, (shapes, repeats, result), WORKERS)
        return json.loads(Path(result).read_text()), sum(shape.numel() for shape in shapes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", required=True, help="transformers name or folder")
    parser.add_argument("--xnli", required=True, help="folder of xnli.dev.tsv")
    parser.add_argument("--estimator", default="first_order", help="the cheapest, beside which overhead is largest")
    parser.add_argument("--episodes", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    logging.disable(logging.INFO)
    bare, trainer = overhead(options)
    print("| | seconds per meta step | of the bare loop |\n|---|---|---|")
    print(f"| bare loop | {bare:.3f} | 1.000 |\n| meta trainer | {trainer:.3f} | {trainer / bare:.3f} |")
    seconds, entries = averaging(params(options), options.rounds)
    print(f"| averaging over two workers, {entries / 1e6:.0f} M entries | {seconds:.3f} | {seconds / bare:.3f} |")


if __name__ == "__main__":
    main()
