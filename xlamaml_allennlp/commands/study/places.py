"""What a command line says of where the steps of a study run."""

import argparse
import contextlib
import math
from collections.abc import Collection, Iterator
from typing import Optional, Union

from allennlp.common.checks import ConfigurationError
from rich.console import Console

from xlamaml_allennlp.commands.at_least_one import at_least_one
from xlamaml_allennlp.studies.fork_server import ForkServer
from xlamaml_allennlp.studies.place import Here
from xlamaml_allennlp.studies.process import Launch
from xlamaml_allennlp.studies.ray_cluster import RayCluster, imported_ray
from xlamaml_allennlp.studies.resources import UNSAID, Resources
from xlamaml_allennlp.studies.study import Step

_RETRIES_HERE, _RETRIES_ON_RAY = 0, 3


def add_places(command: argparse.ArgumentParser) -> None:
    """Adds the options."""
    where = command.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=at_least_one, default=1, metavar="N", help="steps at a time on this machine (1)")
    where.add_argument("--workers", type=at_least_one, metavar="N", help="steps at a time, on a Ray of this machine")
    where.add_argument("--ray", metavar="ADDRESS", help="a cluster of Ray that this machine belongs to, or auto")
    where.add_argument("--print-jobs", action="store_true", help="print a script that submits the steps to Slurm")
    each = "of a step that says nothing itself"
    command.add_argument("--cpus", type=_above_zero, metavar="N", help=f"cores {each}, on Ray or Slurm")
    command.add_argument("--gpus", type=_above_zero, metavar="N", help=f"GPUs {each}; below 1 a part of one")
    command.add_argument("--memory", type=_above_zero, metavar="GB", help=f"memory {each}")
    command.add_argument(
        "--retries", type=_not_below_zero, metavar="N",
        help=f"how often a step that was killed is gone on with ({_RETRIES_HERE}; on Ray {_RETRIES_ON_RAY})",
    )  # fmt: skip


def check_places(args: argparse.Namespace) -> None:
    """
    Finds what contradicts itself, or cannot be had, before anything is done.

    # Raises

    `ConfigurationError`
        If resources are given to steps that no cluster deals out, or Ray is needed and not installed.
    """
    if resources_of(args) != UNSAID and not _is_on_ray(args) and not args.print_jobs:
        raise ConfigurationError(
            "--cpus, --gpus and --memory are for --workers, --ray and --print-jobs. Leave them out."
        )
    if args.retries is not None and args.print_jobs:
        raise ConfigurationError("--retries is not for --print-jobs: give Slurm's --requeue by SBATCH_OPTIONS.")
    if _is_on_ray(args):
        imported_ray()


def resources_of(args: argparse.Namespace) -> Resources:
    """What the command line gives a step."""
    return Resources(args.cpus, args.gpus, args.memory)


def steps_at_once(args: argparse.Namespace) -> int:
    """How many steps run at a time, as far as that is known: on a cluster one, at least."""
    return args.workers or (1 if args.ray is not None else args.jobs)


@contextlib.contextmanager
def opened_place(
    args: argparse.Namespace, steps: Collection[Step], console: Console, launch: Optional[Launch] = None
) -> Iterator[Union[Here, RayCluster]]:
    """
    Where the steps are to run.

    # Raises

    `ConfigurationError`
        If there is no cluster at the address, or this machine, which stays what it is, lacks what a step needs.
    """
    if not _is_on_ray(args) or not steps:
        with ForkServer() as forking:
            yield Here(args.jobs, _RETRIES_HERE if args.retries is None else args.retries, launch or forking)
        return
    retries = _RETRIES_ON_RAY if args.retries is None else args.retries
    with RayCluster(args.ray, args.workers, resources_of(args), retries) as cluster:
        lacking = [f"{id} needs {said}" for said, id in cluster.lacking(steps).items()]
        if lacking and args.ray is None:
            raise ConfigurationError(
                f"This machine has less: {'; '.join(lacking)}. Give less by --cpus, --gpus, --memory."
            )
        for each in lacking:
            console.print(f"{each}: no machine of the cluster has that now. It waits until one has.")
        yield cluster


def _is_on_ray(args: argparse.Namespace) -> bool:
    return args.ray is not None or args.workers is not None


def _not_below_zero(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text}: at least 0")
    return value


def _above_zero(text: str) -> float:
    value = float(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text}: a number above 0")
    return value
