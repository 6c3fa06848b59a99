"""The peak of a process's memory since some moment: the device's where there is one, else the resident set."""

import gc
import re
import resource
from pathlib import Path

import psutil
import torch

MEGABYTE = 1e6


class PeakMemory:
    """
    Watches the peak from its construction on.

    On a GPU it counts what torch has allocated there. Elsewhere it counts the resident set, exactly on Linux (whose
    kernel forgets the earlier peak when asked to); on other systems as the whole process's peak, so that it has to
    begin before anything large was there and gone.

    # Parameters

    device : `torch.device`
        Where the work is done.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
            self._before = torch.cuda.memory_allocated(device)
        else:
            self._before = psutil.Process().memory_info().rss
            _forget_peak()

    def megabytes(self) -> float:
        """The peak so far, above what was there at the beginning."""
        peak = torch.cuda.max_memory_allocated(self._device) if self._device.type == "cuda" else _resident_peak()
        return (peak - self._before) / MEGABYTE


def keep_within(share: float = 0.95) -> None:
    """Makes an allocation beyond this share of the memory that is free now an error, in this process."""
    free = int(psutil.virtual_memory().available * share)
    resource.setrlimit(resource.RLIMIT_DATA, (free, free))


def let_go_of_gpus() -> None:
    """
    Gives back what this process holds of GPUs and nobody needs any more: torch keeps the memory of what is gone for
    later, other processes cannot have it meanwhile, and a model and its trainer hold each other.
    """
    gc.collect()
    if torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def _forget_peak() -> None:
    record = Path("/proc/self/clear_refs")
    if record.exists():
        record.write_text("5")


def _resident_peak() -> int:
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
