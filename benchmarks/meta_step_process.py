"""
Some contenders on one case, in a process of its own: seconds per meta step, and the memory above the loaded model.

A line of JSON for each. On a CPU, whose C library keeps what was freed, there should be one.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable

import torch

from benchmarks.meta_step_contenders import CONTENDERS, Contender
from benchmarks.meta_step_sizes import CASES, SIZES, Case, Size, build_batch, build_model
from xlamaml_allennlp.commands.meta_check.memory import PeakMemory, keep_within

Clock = Callable[[], float]

NO_MEMORY = ("can't allocate memory", "out of memory")


def measure(
    contender: Contender,
    case: Case,
    size: Size,
    module: torch.nn.Module,
    device: torch.device,
    repeats: int,
    clock: Clock = time.perf_counter,
    warm_up: int = 1,
) -> dict[str, float]:
    """
    The median of `repeats` meta steps after the first `warm_up`, and the peak above the loaded model: of the resident
    set, or of what torch has allocated on the GPU.

    Gradients count; an optimizer does not. A GPU's work is waited for before the clock is read, which is the wall's or,
    where other work shares the machine, `clock`, the processor's.
    """
    module.zero_grad(set_to_none=True)
    support = build_batch(size, case.task, case.support, 1, contender.bf16).to(device)
    query = build_batch(size, case.task, case.query, 2, contender.bf16).to(device)
    memory, seconds = PeakMemory(device), []
    for _ in range(warm_up + repeats):
        module.zero_grad(set_to_none=True)
        wait_for(device)
        started = clock()
        contender.step(module, support, query, case.num_steps)
        wait_for(device)
        seconds.append(clock() - started)
    return {"seconds": statistics.median(seconds[warm_up:]), "megabytes": memory.megabytes()}


def wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def matrix_product_rate(device: torch.device, seconds: float = 1.0) -> float:
    """Operations per second of float32 matrix products of an encoder layer's shape: the best of many."""
    left, right = torch.randn(512, 768, device=device), torch.randn(768, 3072, device=device)
    # Many at once on a GPU, so that starting one does not count.
    times = 100 if device.type == "cuda" else 1
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        wait_for(device)
        started = time.perf_counter()
        for _ in range(times):
            left @ right
        wait_for(device)
        best = min(best, time.perf_counter() - started)
    return times * 2 * 512 * 768 * 3072 / best


def outcome(
    contender: Contender,
    case: Case,
    size: Size,
    module: torch.nn.Module,
    device: torch.device,
    repeats: int,
    clock: Clock,
    warm_up: int,
) -> dict[str, float]:
    """What `measure` says, or nothing where it does not fit in memory."""
    try:
        return measure(contender, case, size, module, device, repeats, clock, warm_up)
    except RuntimeError as error:
        if not any(words in str(error) for words in NO_MEMORY):
            raise
        return {}


def main() -> None:
    request = json.loads(sys.argv[1])
    torch.set_num_threads(request["threads"])
    device = torch.device(request["device"])
    if device.type == "cpu":
        # What does not fit fails here, with an error, instead of pushing something else out of the machine.
        keep_within()
    case, size = next(each for each in CASES if each.name == request["case"]), SIZES[request["size"]]
    clock = time.process_time if request["processor_time"] else time.perf_counter
    module, rate = build_model(size, case.task).to(device), None
    for name in request["contenders"]:
        contender = next(each for each in CONTENDERS if each.name == name)
        found = outcome(contender, case, size, module, device, request["repeats"], clock, request["warm_up"])
        module.zero_grad(set_to_none=True)
        if device.type == "cuda":
            torch.cuda.empty_cache()
        rate = rate or matrix_product_rate(device)
        print(json.dumps({"contender": name, **found, "rate": rate}), flush=True)


if __name__ == "__main__":
    main()
