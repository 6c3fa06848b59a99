"""A step that Ray runs somewhere, as the study sees it."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Optional


class RayTask:
    """
    A command that a worker of Ray runs, or will run.

    # Parameters

    ray : `ModuleType`
        Ray.
    submit : `Callable[[], Any]`
        Submits it, and returns Ray's reference to its result.
    log : `Path`
        Its log, in which the worker says that it begins.
    """

    def __init__(self, ray: ModuleType, submit: Callable[[], Any], log: Path) -> None:
        self._ray, self._log = ray, log
        self._length = log.stat().st_size
        self.began: Optional[float] = None
        self.peak_memory_mb: Optional[float] = None
        self._reference = submit()

    def poll(self) -> Optional[int]:
        """Its exit code, that of SIGKILL if its worker is gone; `None` while it runs or waits."""
        ready, _ = self._ray.wait([self._reference], timeout=0)
        if ready:
            return self._end()
        if self.began is None and self._log.stat().st_size > self._length:
            self.began = time.time()
        return None

    def interrupt(self) -> None:
        """Has its worker ask it to stop."""
        self._ray.cancel(self._reference)

    def _end(self) -> int:
        errors = self._ray.exceptions
        try:
            code, seconds, self.peak_memory_mb = self._ray.get(self._reference)
        except errors.TaskCancelledError:
            return -signal.SIGTERM
        except errors.RayTaskError as error:
            # The task itself raised it: not the command, and not Ray.
            self._say(f"{error.cause}")
            return 1
        except errors.RayError as error:
            self._say(f"Its worker is gone. {type(error).__name__}: {error}")
            return -signal.SIGKILL
        self.began = time.time() - seconds
        return code

    def _say(self, text: str) -> None:
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{text.strip()}\n")
