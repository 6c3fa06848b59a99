"""The steps of a demo: an encoder, English fine-tuning, two ways of meta-training, and an evaluation of each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

import _jsonnet

from demo.command import allennlp, shown
from demo.origin import HUB_NAME, packed_file
from demo.step import Source, Step
from demo.table import MEAN, scores_of
from demo.task import Measure, Task

BASELINE = "english"
METHODS = {"x_maml": "X-MAML", "xla_maml": "XLA-MAML"}


@dataclass
class Plan:
    """
    What the user chose, and the steps that follow from it.

    # Parameters

    task : `Task`
        What is learned.
    folder : `Optional[Path]`, optional (default = `None`)
        The folder that everything goes to, if not the task's own.
    support, query : `str`
        The languages of meta-training: XLA-MAML's support and query sets, X-MAML's both from `query`.
    encoder : `str`
        An encoder of one's own; if empty, the embedded one is unpacked.
    """

    task: Task
    folder: Optional[Path] = None
    support: str = "en"
    query: str = "hi"
    encoder: str = ""
    runs: Path = field(init=False)
    steps: list[Step] = field(init=False)

    def __post_init__(self) -> None:
        self.runs = self.folder or self.task.runs
        encoder: list[Source] = [self._encoder()] if not self.encoder else [self.encoder]
        title = f"English fine-tuning on {self.task.training_size():,} {self.task.unit}"
        baseline = self._training(BASELINE, title, [self.task.train], encoder)
        self.steps = [step for step in encoder if isinstance(step, Step)] + [baseline, self._evaluation(baseline)]
        for name, method in METHODS.items():
            support = self.query if name == "x_maml" else self.support
            title = f"Meta-training, {method}: support {support}, query {self.query}"
            training = self._training(name, title, self.task.dev, [baseline, *encoder])
            self.steps += [training, self._evaluation(training)]
        self.steps += self.task.further_steps(self)

    def scores(self, measure: Measure) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
        """What was measured of the baseline, and of each method by its name."""
        methods = {method: self._scores(name, measure) for name, method in METHODS.items()}
        return self._scores(BASELINE, measure), methods

    def archive(self, name: str) -> Path:
        return self.runs / name / "model.tar.gz"

    def log(self, name: str) -> Path:
        return self.runs / "logs" / f"{name}.log"

    def training(self, name: str) -> Step:
        """The step that makes a stage's archive."""
        return next(step for step in self.steps if step.product == self.archive(name))

    def _scores(self, name: str, measure: Measure) -> dict[str, float]:
        return scores_of(json.loads(self._metrics(name).read_text()), measure)

    def _metrics(self, name: str) -> Path:
        return self.runs / f"{name}.metrics.json"

    def _encoder(self) -> Step:
        file = packed_file()
        origin = f"{file.name}, {file.stat().st_size} bytes" if file else HUB_NAME
        folder = self.runs / "encoder"
        title = "Pretrained encoder: multilingual-e5-small, 12 layers"
        texts = self.task.texts()

        def write() -> None:
            # Imported when needed: a second call of the demo need not wait for torch and transformers.
            from demo.encoder import write_encoder

            write_encoder(folder, texts)

        return Step(title, folder, (origin, *texts), write)

    def _training(self, name: str, title: str, data: Sequence[Path], earlier: list[Source]) -> Step:
        config = self._config(name)

        def train() -> None:
            allennlp("train", shown(config), "-s", shown(self.runs / name), "--force", log=self.log(name))

        return Step(title, self.archive(name), (settings(config), *data, *earlier), train)

    def _evaluation(self, training: Step) -> Step:
        name = training.product.parent.name
        metrics = self._metrics(name)

        def evaluate() -> None:
            files = (shown(training.product), self.task.tested)
            allennlp("evaluate", *files, "--output-file", shown(metrics), log=self.log(f"{name}.evaluate"))
            means = [(measure.name, self._scores(name, measure)[MEAN]) for measure in self.task.measures]
            print("     mean of the languages: " + ", ".join(f"{name} {mean:.1f} %" for name, mean in means))

        title = f"Zero-shot evaluation of {METHODS.get(name, 'the baseline')}"
        return Step(title, metrics, (training, *self.task.test), evaluate)

    def _config(self, name: str) -> Path:
        """The stage's config: the task's as it stands, or one in the runs' folder that calls it otherwise."""
        config = self.task.configs / f"{name}.jsonnet"
        given = self._arguments(name)
        if not given:
            return config
        arguments = ", ".join(f"{key}={json.dumps(value)}" for key, value in given.items())
        own = self.runs / f"{name}.jsonnet"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(f"(import {json.dumps(str(config))})({arguments})\n", encoding="utf-8")
        return own

    def _arguments(self, name: str) -> dict[str, str]:
        """What the user chose otherwise than a stage's config has it."""
        chosen = {"runs": str(self.runs), "encoder": self.encoder, "support": self.support, "query": self.query}
        usual = {"runs": str(self.task.runs), "encoder": "", "support": "en", "query": "hi"}
        takes = {BASELINE: ("runs", "encoder"), "x_maml": ("runs", "encoder", "query"), "xla_maml": tuple(usual)}
        return {key: chosen[key] for key in takes[name] if chosen[key] != usual[key]}


def settings(config: Path) -> str:
    """A config as AllenNLP sees it, whichever files its facts come from."""
    text: str = _jsonnet.evaluate_file(str(config))
    return text
