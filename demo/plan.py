"""The steps of the demo, in order: an encoder, English fine-tuning, two ways of meta-training, evaluation of each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import _jsonnet

from demo import scenes
from demo.command import ROOT, allennlp, shown
from demo.encoder import HUB_NAME, packed_file, write_encoder
from demo.step import Source, Step
from demo.table import scores_of

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
    encoder : `Optional[str]`
        An encoder of one's own; otherwise the embedded one is unpacked.
    """

    runs: Path = RUNS
    support: str = "en"
    query: str = "hi"
    encoder: str = ""
    steps: list[Step] = field(init=False)

    def __post_init__(self) -> None:
        encoder: list[Source] = [self._encoder()] if not self.encoder else [self.encoder]
        english = self._training(
            BASELINE, f"English fine-tuning on {_pairs(TRAIN):,} pairs: the baseline", TRAIN, encoder
        )
        trainings = [english]
        for name, method in METHODS.items():
            support = self.query if name == "x_maml" else self.support
            title = f"Meta-training, {method}: support {support}, query {self.query}"
            trainings.append(self._training(name, title, DEV, [english, *encoder]))
        evaluations = [self._evaluation(training) for training in trainings]
        unpacking = [step for step in encoder if isinstance(step, Step)]
        self.steps = [*unpacking, *trainings, *evaluations]

    def scores(self) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
        """Accuracies of the baseline, and of each method by its name."""
        read = {name: scores_of(json.loads(self._metrics(name).read_text())) for name in [BASELINE, *METHODS]}
        return read[BASELINE], {METHODS[name]: read[name] for name in METHODS}

    def archive(self, name: str) -> Path:
        return self.runs / name / "model.tar.gz"

    def _metrics(self, name: str) -> Path:
        return self.runs / f"{name}.metrics.json"

    def _encoder(self) -> Step:
        file = packed_file()
        origin = f"{file.name}, {file.stat().st_size} bytes" if file else HUB_NAME
        folder = self.runs / "encoder"
        return Step(
            title="Pretrained encoder: multilingual-e5-small, 12 layers",
            product=folder,
            sources=(origin, *scenes.sentences()),
            make=lambda: write_encoder(folder, scenes.sentences()),
        )

    def _training(self, name: str, title: str, data: Path, earlier: list[Source]) -> Step:
        config = self._config(name)
        return Step(
            title=title,
            product=self.archive(name),
            sources=(settings(config), data, *earlier),
            make=lambda: allennlp(
                "train", shown(config), "-s", shown(self.runs / name), "--force", log=self.runs / "logs" / f"{name}.log"
            ),
        )

    def _evaluation(self, training: Step) -> Step:
        name = training.product.parent.name
        metrics = self._metrics(name)
        return Step(
            title=f"Zero-shot evaluation of {'the baseline' if name == BASELINE else METHODS[name]}",
            product=metrics,
            sources=(training, TEST),
            make=lambda: allennlp(
                "evaluate", shown(training.product), shown(TEST), "--output-file", shown(metrics),
                log=self.runs / "logs" / f"{name}.evaluate.log",
            ),
        )  # fmt: skip

    def _config(self, name: str) -> Path:
        """The stage's config: that of demo/ as it stands, or one in the runs' folder that calls it otherwise."""
        config = ROOT / "demo" / f"{name}.jsonnet"
        given: Mapping[str, str] = {"runs": str(self.runs)} if self.runs != RUNS else {}
        if self.encoder:
            given = {**given, "encoder": self.encoder}
        languages = {"support": (self.support, "en"), "query": (self.query, "hi")}
        takes = {BASELINE: (), "x_maml": ("query",), "xla_maml": ("support", "query")}[name]
        given = {**given, **{key: languages[key][0] for key in takes if languages[key][0] != languages[key][1]}}
        if not given:
            return config
        arguments = ", ".join(f"{key}={json.dumps(value)}" for key, value in given.items())
        own = self.runs / f"{name}.jsonnet"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(f"(import {json.dumps(str(config))})({arguments})\n", encoding="utf-8")
        return own


def settings(config: Path) -> str:
    """A config as AllenNLP sees it, whichever files its facts come from."""
    text: str = _jsonnet.evaluate_file(str(config))
    return text


def _pairs(table: Path) -> int:
    with table.open(encoding="utf-8") as rows:
        return sum(1 for _ in rows) - 1
