"""Steps as tasks of Ray: on a cluster, or on a Ray of this machine alone."""

import contextlib
import functools
import os
import shutil
import signal
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.studies import holding, on_node, process
from xlamaml_allennlp.studies.place import Call, environment
from xlamaml_allennlp.studies.ray_task import RayTask
from xlamaml_allennlp.studies.resources import UNSAID, Resources, share_of_gpus
from xlamaml_allennlp.studies.study import Step

# Results go by files: Ray's own store needs its least size.
_STORE_BYTES = 80 * 2**20
# What the user has set for commands of this project goes along to other machines.
_CARRIED = ("XLAMAML_", "HF_", "TRANSFORMERS_", "PYTHONPATH")


def imported_ray() -> ModuleType:
    """
    Ray, which is optional.

    # Raises

    `ConfigurationError`
        If it is not installed.
    """
    # Before its import, which reads it.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise ConfigurationError("--ray and --workers need Ray: pip install 'xlamaml_allennlp[ray]'.") from error
    return ray


class RayCluster(AbstractContextManager):
    """
    A cluster of Ray, for as long as the `with` lasts.

    # Parameters

    address : `Optional[str]`
        That of a cluster which this machine belongs to, or "auto"; `None`: one is started here, and ended.
    workers : `Optional[int]`, optional (default = `None`)
        Steps at a time, which by default share out this machine's cores and GPUs; needed where one is started.
    resources : `Resources`, optional (default = `UNSAID`)
        Of a step that says nothing of its own.
    retries : `int`, optional (default = `3`)
        How often a step is gone on with whose worker or command was killed.
    """

    def __init__(
        self,
        address: Optional[str],
        workers: Optional[int] = None,
        resources: Resources = UNSAID,
        retries: int = 3,
    ) -> None:
        self.retries = retries
        self._address, self._workers, self._resources = address, workers, resources
        self._closing = contextlib.ExitStack()

    def __enter__(self) -> "RayCluster":
        self._ray = imported_ray()
        with contextlib.ExitStack() as opening:
            opening.enter_context(_own_signals())
            keys = {"address": self._address} if self._address is not None else self._local(self._closing)
            try:
                self._ray.init(**keys, logging_level="ERROR", log_to_driver=False)
            except (ConnectionError, RuntimeError, ValueError) as error:
                self._closing.close()
                if self._address is None:
                    raise
                raise ConfigurationError(
                    f"--ray {self._address}: {str(error).strip()}\nStart the study on a machine of the cluster: there "
                    "`--ray auto` finds it."
                ) from error
            self._closing.callback(self._ray.shutdown)
        self._defaults = self._resources.over(self._shares() if self._address is None else Resources(1.0, 0.0))
        for module in (on_node, holding, process):
            self._ray.cloudpickle.register_pickle_by_value(module)
            self._closing.callback(self._ray.cloudpickle.unregister_pickle_by_value, module)
        self._task = self._ray.remote(on_node.do_on_node)
        return self

    def __exit__(self, *error: Any) -> None:
        self._closing.close()

    def has_room(self, running: int, waiting: int) -> bool:
        """
        Here, whether there are fewer than workers. On a cluster Ray decides: as many steps wait as run. So one that
        grows with what waits does grow, and evaluations, after which archives can go, do not wait behind all runs.
        """
        if self._workers is not None:
            return running + waiting < self._workers
        return waiting < max(1, running)

    def start(self, step: Step, call: Call) -> RayTask:
        """Has Ray run it where there is room."""
        given = self._of(step)
        task = self._task.options(
            num_cpus=given.cpus,
            num_gpus=given.gpus,
            memory=None if given.memory_gb is None else int(given.memory_gb * 1e9),
            # What was begun is gone on with, which is another command.
            max_retries=0,
            name=step.id,
        )
        carried = {name: value for name, value in os.environ.items() if name.startswith(_CARRIED)}
        paths = (Path.cwd(), Path(os.path.abspath(call.log)))
        variables = {**carried, **environment(given.cpus)}
        lock = Path(os.path.abspath(call.remote_lock))
        return RayTask(
            self._ray, functools.partial(task.remote, list(call.arguments), *paths, variables, lock), call.log
        )

    def lacking(self, steps: Iterable[Step]) -> dict[str, str]:
        """What no machine has now, and the first step that would need it."""
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        found: dict[str, str] = {}
        for step in steps:
            given = self._of(step)
            wanted = {"CPU": given.cpus or 0, "GPU": given.gpus or 0, "memory": (given.memory_gb or 0) * 1e9}
            if not any(all(node.get(key, 0) >= value for key, value in wanted.items()) for node in nodes):
                found.setdefault(_words(wanted), step.id)
        return found

    def _of(self, step: Step) -> Resources:
        return step.resources.over(self._defaults)

    def _shares(self) -> Resources:
        workers = self._workers or 1
        gpus = int(self._ray.cluster_resources().get("GPU", 0))
        return Resources(float(max(1, (os.cpu_count() or 1) // workers)), share_of_gpus(gpus, workers))

    def _local(self, closing: contextlib.ExitStack) -> Mapping[str, Any]:
        # Ray does not remove what it writes; and paths of its sockets must be short.
        folder = tempfile.mkdtemp(prefix="ray-")
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        cores = max(os.cpu_count() or 1, self._workers or 1)
        return {
            "address": "local", "num_cpus": cores, "include_dashboard": False, "_temp_dir": folder,
            "object_store_memory": _STORE_BYTES,
        }  # fmt: skip


@contextlib.contextmanager
def _own_signals() -> Iterator[None]:
    """Keeps the handler of SIGTERM, by which a study is stopped: Ray sets one that exits at once."""
    handler = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, handler)


def _words(wanted: Mapping[str, float]) -> str:
    said = [f"{wanted['CPU']:g} cores"]
    said += [f"{wanted['GPU']:g} GPUs"] if wanted["GPU"] else []
    said += [f"{wanted['memory'] / 1e9:g} GB of memory"] if wanted["memory"] else []
    return ", ".join(said)
