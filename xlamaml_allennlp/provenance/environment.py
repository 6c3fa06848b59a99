"""What a run runs on: the packages that numbers depend on, and the device."""

import json
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from xlamaml_allennlp.files.whole_file import write_text_whole
from xlamaml_allennlp.version import VERSION

FILE = "environment.json"
THEN = ", then "
PACKAGES = ("torch", "transformers", "tokenizers", "numpy", "allennlp")


def environment(device: torch.device) -> dict[str, str]:
    """
    Versions by the names of packages, and the device's name.

    # Parameters

    device : `torch.device`
        The one that the run computes on.
    """
    found = {"python": platform.python_version(), "xlamaml_allennlp": VERSION, "device": _name(device)}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def note_environment(folder: str | os.PathLike, device: torch.device) -> None:
    """
    Writes it into a run's folder. A run that is recovered on something else says both.

    # Parameters

    folder : `Union[str, os.PathLike]`
        The run's folder.
    device : `torch.device`
        The one that the run computes on.
    """
    file = Path(folder) / FILE
    told = _read(file)
    for key, value in environment(device).items():
        if told.setdefault(key, value).rpartition(THEN)[2] != value:
            told[key] += THEN + value
    write_text_whole(json.dumps(told, indent=1, sort_keys=True) + "\n", str(file))


def _read(file: Path) -> dict[str, str]:
    try:
        found: Any = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # it is written anew
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return f"CPU ({next(iter(names), '') or platform.processor() or platform.machine()})"
