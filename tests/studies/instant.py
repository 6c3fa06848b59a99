"""Studies whose commands are done at once, in this process: what is asked is when they are called, and what follows."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

from allennlp.commands import ArgumentParserWithDefaults

from xlamaml_allennlp.commands.study import command

BIG = "x" * 1000


class Instant:
    """
    Starts commands that have ended when they begin.

    # Parameters

    failing : `Sequence[str]`
        Runs whose training fails.
    scores : `Mapping[str, Mapping[str, float]]`
        {run: {language: accuracy}}; 0.5 where it says nothing.
    """

    def __init__(self, failing: Sequence[str] = (), scores: Mapping[str, Mapping[str, float]] = {}) -> None:
        self.failing, self.scores = failing, scores
        self.called: list[str] = []

    def __call__(
        self, arguments: Sequence[str], log: Path, environment: Mapping[str, str], inherit: Sequence[int]
    ) -> "Ended":
        name = Path(arguments[1]).stem if arguments[0] == "train" else Path(arguments[1]).parent.name
        recover = " --recover" if "--recover" in arguments else ""
        self.called.append(f"{arguments[0]} {name}{recover}")
        if name in self.failing:
            log.write_text("MemoryError: no more\n")
            return Ended(1)
        if arguments[0] == "train":
            self._train(Path(arguments[1]), Path(arguments[3]))
        else:
            self._evaluate(name, list(arguments))
        return Ended(0)

    def _train(self, config: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for file in ("config.json", "metrics.json", "model.tar.gz", "model_state_e1_b0.th", "best.th"):
            (folder / file).write_text(config.read_text() if file == "config.json" else BIG)

    def _evaluate(self, name: str, arguments: list[str]) -> None:
        assert Path(arguments[1]).exists(), "the archive is needed and is not there"
        scores = self.scores.get(name, {})
        metrics = {f"accuracy/{language}": scores.get(language, 0.5) for language in json.loads(arguments[2])}
        metrics["accuracy/mean"] = sum(metrics.values()) / len(metrics)
        Path(arguments[arguments.index("--output-file") + 1]).write_text(json.dumps(metrics))


class Ended:
    """A command that has ended."""

    peak_memory_mb: Optional[float] = 12.0

    def __init__(self, code: int) -> None:
        self._code = code
        self.began: Optional[float] = time.time()

    def poll(self) -> int:
        return self._code

    def interrupt(self) -> None:
        raise AssertionError("it has ended")


def study(runs: Any, evaluations: Any = (), **about: Any) -> dict[str, Any]:
    """The content of a study file."""
    return {"name": "paper", "runs": runs, "evaluations": dict(evaluations), **about}


def run(*needs: str, **config: Any) -> dict[str, Any]:
    """A run that goes on from others."""
    bases = [f"{{runs}}/{name}/model.tar.gz" for name in needs]
    return {"config": {"trainer": {"type": "meta"}, "bases": bases, **config}}


class Bench:
    """A folder in which studies are written and done."""

    def __init__(self, folder: Path) -> None:
        self.file, self.folder = folder / "paper.jsonnet", folder / "done"
        self.launch, self.interval = Instant(), 0.0

    def write(self, content: Any) -> None:
        self.file.write_text(content if isinstance(content, str) else json.dumps(content))

    def do(self, content: Any, *arguments: str, launch: Any = None) -> list[str]:
        """Does a study, and returns the commands that it took."""
        self.write(content)
        launch = launch or Instant()
        parser = ArgumentParserWithDefaults()
        subparser = command.StudyCommand().add_subparser(parser.add_subparsers())
        subparser.add_argument("--include-package", action="append", default=[])
        self.launch = launch
        args = parser.parse_args(["study", str(self.file), "-s", str(self.folder), *arguments])
        command.run(args, launch, interval=self.interval)
        return launch.called

    def archives(self) -> set[str]:
        return {path.parent.name for path in self.folder.glob("runs/*/model.tar.gz")}
