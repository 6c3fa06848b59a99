"""
What only a GPU can tell: the device tests, and seconds and memory of a meta step in every estimator and precision.

    python -m benchmarks.gpu_check --wheels     what to bring along, of what this machine lacks
    python -m benchmarks.gpu_check              under 8 minutes

For a machine that has PyTorch and transformers 5 and no network. The wheels are at most 60 MB; for what AllenNLP only
imports (spacy, boto3, google.cloud and others) `stand_ins/` stands in where it is missing. The most wanted comes first:
what there is no time for is named. Without a GPU it is an error.
"""

import argparse
import importlib.metadata
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import torch

ROOT = Path(__file__).parents[1]
# What is imported, and comes with neither PyTorch nor transformers.
WHEELS = (
    *("allennlp", "attrs", "base58", "cached-path", "charset-normalizer", "click", "dill", "execnet", "higher"),
    *("hypothesis", "iniconfig", "jsonnet", "langcodes", "lmdb", "markdown-it-py", "mdurl", "more-itertools", "nltk"),
    *("pluggy", "protobuf", "psutil", "pygments", "pytest", "pytest-xdist", "python-dateutil", "requests", "rich"),
    *("six", "sortedcontainers", "tensorboardx", "termcolor", "urllib3", "xxhash"),
)
SIZES = ("mbert", "xlmr-large")
CASES = ("NLI, 1 inner step", "QA 8 x 384, 1 inner step")
CONTENDERS = (
    *("plain script on higher", "exact", "exact, bf16", "first_order", "first_order, bf16", "hessian_free"),
    *("hessian_free, bf16", "exact, micro-batches of 2", "higher", "plain script on higher, bf16"),
)
NO_GPU = (
    "There is no GPU that this PyTorch ({version}) can use: torch.cuda.is_available() is false. Nothing was checked. "
    "`nvidia-smi` says whether the machine has one; a PyTorch for CPUs does not see it."
)


def missing_wheels() -> list[str]:
    """What this machine lacks, as requirements.txt pins it."""
    pins = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(), flags=re.MULTILINE))
    return [f"{name}=={pins[name]}" for name in WHEELS if not _is_installed(name)]


def _is_installed(name: str) -> bool:
    try:
        return bool(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return False


def device_tests() -> list[str]:
    """The command that runs the tests that want a GPU. Several processes share one."""
    files = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/**/*_cuda_test.py"))
    options = ("-q", "-n", "4", "-p", "no:cacheprovider", "-o", "filterwarnings=ignore")
    return [sys.executable, "-m", "pytest", *options, *files]


def measurements(device: str, sizes: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """What is measured, and the command of each."""
    start = [sys.executable, "-m", "benchmarks.meta_step", "--device", device, "--rounds", "1", "--repeats", "3"]
    return [
        (f"{size}: {case}", [*start, "--size", size, "--cases", case, "--contenders", *CONTENDERS])
        for size in sizes
        for case in CASES
    ]


def run(name: str, command: list[str], end: float) -> bool:
    """Runs a command until `end`, and says whether it succeeded."""
    left = end - time.monotonic()
    print(f"\n== {name}", flush=True)
    if left < 5:
        print("there was no time left for it")
        return False
    paths = [str(ROOT), str(ROOT / "benchmarks" / "stand_ins"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "HF_HUB_OFFLINE": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True) as process:
        try:
            code = process.wait(timeout=left)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)  # with the processes that it has started
            print(f"stopped after {left:.0f} s")
            return False
    return code == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", action="store_true", help="list what this machine lacks, for pip download")
    parser.add_argument("--seconds", type=float, default=460, help="after which all of it is stopped")
    parser.add_argument("--tests-seconds", type=float, default=150, help="after which the tests are")
    options = parser.parse_args()
    if options.wheels:
        print("\n".join(missing_wheels()))
        return
    if not torch.cuda.is_available():
        sys.exit(NO_GPU.format(version=torch.__version__))
    if lacking := missing_wheels():
        sys.exit(f"This machine lacks {' '.join(lacking)}. Bring their wheels: pip install --no-deps --no-index *.whl")
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}, Python {sys.version.split()[0]}", flush=True)
    started = time.monotonic()
    parts = [("tests", device_tests(), started + options.tests_seconds)]
    parts += [(name, command, started + options.seconds) for name, command in measurements("cuda", SIZES)]
    failed = [name for name, command, end in parts if not run(name, command, end)]
    print(f"\n{time.monotonic() - started:.0f} s")
    if failed:
        sys.exit(f"Failed, or not finished: {'; '.join(failed)}")


if __name__ == "__main__":
    main()
