"""The steps of the demo: an encoder, English fine-tuning, two ways of meta-training, and an evaluation of each."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import _jsonnet

from demo import scenes
from demo.command import ROOT, allennlp, shown
from demo.origin import HUB_NAME, packed_file
from demo.step import Source, Step
from demo.table import MEAN, scores_of

RUNS = ROOT / "demo" / "runs"
TRAIN, DEV, TEST = (scenes.DATA / name for name in ("train.en.tsv", "xnli.dev.tsv", "xnli.test.tsv"))
BASELINE = "english"
METHODS = {"x_maml": "X-MAML", "xla_maml": "XLA-MAML"}


@dataclass
class Plan:
    """
    What the user chose, and the steps that follow from it.

    # Parameters

    runs : `Path`
        The folder that everything goes to.
    support, query : `str`
        The languages of meta-training: XLA-MAML's support and query sets, X-MAML's both from `query`.
    encoder : `str`
        An encoder of one's own; if empty, the embedded one is unpacked.
    """

    runs: Path = RUNS
    support: str = "en"
    query: str = "hi"
    encoder: str = ""
    steps: list[Step] = field(init=False)

    def __post_init__(self) -> None:
        encoder: list[Source] = [self._encoder()] if not self.encoder else [self.encoder]
        baseline = self._training(BASELINE, f"English fine-tuning on {_pairs(TRAIN):,} pairs", TRAIN, encoder)
        self.steps = [step for step in encoder if isinstance(step, Step)] + [baseline, self._evaluation(baseline)]
        for name, method in METHODS.items():
            support = self.query if name == "x_maml" else self.support
            title = f"Meta-training, {method}: support {support}, query {self.query}"
            training = self._training(name, title, DEV, [baseline, *encoder])
            self.steps += [training, self._evaluation(training)]

    def scores(self) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
        """Accuracies of the baseline, and of each method by its name."""
        return self._scores(BASELINE), {method: self._scores(name) for name, method in METHODS.items()}

    def archive(self, name: str) -> Path:
        return self.runs / name / "model.tar.gz"

    def _scores(self, name: str) -> dict[str, float]:
        return scores_of(json.loads(self._metrics(name).read_text()))

    def _metrics(self, name: str) -> Path:
        return self.runs / f"{name}.metrics.json"

    def _encoder(self) -> Step:
        file = packed_file()
        origin = f"{file.name}, {file.stat().st_size} bytes" if file else HUB_NAME
        folder = self.runs / "encoder"
        title = "Pretrained encoder: multilingual-e5-small, 12 layers"
        return Step(title, folder, (origin, *scenes.sentences()), lambda: _write_encoder(folder))

    def _training(self, name: str, title: str, data: Path, earlier: list[Source]) -> Step:
        config, log = self._config(name), self.runs / "logs" / f"{name}.log"

        def train() -> None:
            allennlp("train", shown(config), "-s", shown(self.runs / name), "--force", log=log)

        return Step(title, self.archive(name), (settings(config), data, *earlier), train)

    def _evaluation(self, training: Step) -> Step:
        name = training.product.parent.name
        metrics = self._metrics(name)

        def evaluate() -> None:
            log = self.runs / "logs" / f"{name}.evaluate.log"
            allennlp("evaluate", shown(training.product), shown(TEST), "--output-file", shown(metrics), log=log)
            print(f"     mean of the languages: {self._scores(name)[MEAN]:.1f} %")

        title = f"Zero-shot evaluation of {METHODS.get(name, 'the baseline')}"
        return Step(title, metrics, (training, TEST), evaluate)

    def _config(self, name: str) -> Path:
        """The stage's config: that of demo/ as it stands, or one in the runs' folder that calls it otherwise."""
        config = ROOT / "demo" / f"{name}.jsonnet"
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
        usual = {"runs": str(RUNS), "encoder": "", "support": "en", "query": "hi"}
        takes = {BASELINE: ("runs", "encoder"), "x_maml": ("runs", "encoder", "query"), "xla_maml": tuple(usual)}
        return {key: chosen[key] for key in takes[name] if chosen[key] != usual[key]}


def _write_encoder(folder: Path) -> None:
    # Imported when needed: a second call of the demo need not wait for torch and transformers.
    from demo.encoder import write_encoder

    write_encoder(folder, scenes.sentences())


def settings(config: Path) -> str:
    """A config as AllenNLP sees it, whichever files its facts come from."""
    text: str = _jsonnet.evaluate_file(str(config))
    return text


def _pairs(table: Path) -> int:
    with table.open(encoding="utf-8") as rows:
        return sum(1 for _ in rows) - 1
