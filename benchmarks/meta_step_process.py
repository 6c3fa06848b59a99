"""One contender on one case, in a process of its own: seconds per meta step, and the memory above the loaded model."""

import json
import statistics
import sys
import time

import torch

from benchmarks.meta_step_contenders import CONTENDERS, Contender
from benchmarks.meta_step_sizes import CASES, SIZES, Case, Size, build_batch, build_model
from xlamaml_allennlp.commands.meta_check.memory import PeakMemory, keep_within

WARM_UP = 1


def measure(contender: Contender, case: Case, size: Size, repeats: int) -> dict[str, float]:
    """
    The median of `repeats` meta steps after a first one, and the peak of the resident set above the loaded model.

    Gradients count; an optimizer does not.
    """
    module = build_model(size, case.task)
    support = build_batch(size, case.task, case.support, 1, contender.bf16)
    query = build_batch(size, case.task, case.query, 2, contender.bf16)
    memory, seconds = PeakMemory(torch.device("cpu")), []
    for _ in range(WARM_UP + repeats):
        module.zero_grad(set_to_none=True)
        started = time.perf_counter()
        contender.step(module, support, query, case.num_steps)
        seconds.append(time.perf_counter() - started)
    return {"seconds": statistics.median(seconds[WARM_UP:]), "megabytes": memory.megabytes()}


def matrix_product_rate(seconds: float = 1.0) -> float:
    """Operations per second of float32 matrix products of an encoder layer's shape: the best of many."""
    left, right = torch.randn(512, 768), torch.randn(768, 3072)
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        started = time.perf_counter()
        left @ right
        best = min(best, time.perf_counter() - started)
    return 2 * 512 * 768 * 3072 / best


def main() -> None:
    request = json.loads(sys.argv[1])
    torch.set_num_threads(request["threads"])
    # What does not fit fails here, with an error, instead of pushing something else out of the machine.
    keep_within()
    contender = next(each for each in CONTENDERS if each.name == request["contender"])
    case = next(each for each in CASES if each.name == request["case"])
    try:
        outcome = measure(contender, case, SIZES[request["size"]], request["repeats"])
    except RuntimeError as error:
        if "can't allocate memory" not in str(error):
            raise
        outcome = {}
    print(json.dumps({**outcome, "rate": matrix_product_rate()}))


if __name__ == "__main__":
    main()
