"""One estimator's cost and errors, measured in a process of its own: `python -m ...measurement REQUEST.json`."""

import json
import logging
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from allennlp.common import Params
from allennlp.common.plugins import import_plugins
from allennlp.common.util import import_module_and_submodules

from xlamaml_allennlp.adaptation import FirstOrderInnerLoop, InnerLoop, Loss
from xlamaml_allennlp.commands.meta_check.estimators import settings
from xlamaml_allennlp.commands.meta_check.gradients import meta_gradient
from xlamaml_allennlp.commands.meta_check.memory import PeakMemory, keep_within
from xlamaml_allennlp.commands.meta_check.reference import Reference
from xlamaml_allennlp.commands.meta_check.subject import Subject, build

WARM_UP = 1


def measure(
    params: Mapping[str, Any], references: Sequence[Path], repeats: int, folder: str
) -> dict[str, dict[str, float]]:
    """
    Cost and errors of a config's own estimator in its own precision.

    # Parameters

    params : `Mapping[str, Any]`
        The config, evaluated.
    references : `Sequence[Path]`
        Where the references of the first episodes are kept.
    repeats : `int`
        Meta steps that are timed, after a first one.
    folder : `str`
        An empty folder for what components write.

    # Returns

    `Dict[str, Dict[str, float]]`
        "cost": seconds and megabytes; "errors": as `Reference.errors`, the largest of all episodes.
    """
    subject = build(params, folder)
    episodes = subject.episodes(len(references))
    cost = _cost(subject, *episodes[0], repeats)
    subject.model.eval()
    keys = settings(params["trainer"]["inner_loop"])
    first_order = InnerLoop.from_params(Params({**keys, "type": "first_order"}))
    worst: dict[str, float] = {}
    for (support, query), path in zip(episodes, references, strict=True):
        for name, error in _errors(subject, support, query, first_order, Reference.load(path)).items():
            # What is not a number is the worst of all; max alone would forget it at the next episode.
            worst[name] = max(error, worst.get(name, 0.0), key=lambda value: math.inf if math.isnan(value) else value)
    return {"cost": cost, "errors": worst}


def _cost(subject: Subject, support: Loss, query: Loss, repeats: int) -> dict[str, float]:
    """Seconds per meta step and peak megabytes above the model, gradients included, as in training."""
    model, device = subject.model.train(), subject.trainer.cuda_device
    memory, seconds = PeakMemory(device), []
    for _ in range(WARM_UP + repeats):
        model.zero_grad(set_to_none=True)
        started = time.perf_counter()
        subject.trainer.inner_loop(model, support, query).loss.backward()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        seconds.append(time.perf_counter() - started)
    return {"seconds": statistics.median(seconds[WARM_UP:]), "megabytes": memory.megabytes()}


def _errors(
    subject: Subject, support: Loss, query: Loss, first_order: InnerLoop, reference: Reference
) -> dict[str, float]:
    own = subject.trainer.inner_loop
    gradient = meta_gradient(own, subject.model, support, query)
    estimate = (
        gradient if isinstance(own, FirstOrderInnerLoop) else meta_gradient(first_order, subject.model, support, query)
    )
    return reference.errors(gradient, estimate)


def main() -> None:
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    logging.disable(logging.INFO)
    import_plugins()
    for package in request["include_package"]:
        import_module_and_submodules(package)
    # What does not fit fails here, with an error, instead of pushing something else out of the machine.
    keep_within()
    with tempfile.TemporaryDirectory() as folder:
        outcome = measure(request["params"], [Path(path) for path in request["references"]], request["repeats"], folder)
    Path(request["output"]).write_text(json.dumps(outcome), encoding="utf-8")


if __name__ == "__main__":
    main()
