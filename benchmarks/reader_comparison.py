"""Two dataset readers side by side on one file: fresh processes with one thread, in turn; medians and their ratio."""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

ONE_THREAD = {"OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


@dataclass(frozen=True)
class Comparison:
    """
    A benchmark of two readers; `main()` is its command line.

    # Parameters

    module : `str`
        The benchmark's module, started again for every measurement.
    unit : `str`
        What is counted: "pairs".
    theirs, ours : `Callable[[str], Dict[str, Any]]`
        From an encoder to the reader's configuration.
    count : `Callable[[Sequence], int]`
        How many units some instances are.
    target : `float`
        How many times as fast ours is to be.
    labels : `List[str]`, optional (default = `None`)
        What a vocabulary needs to index the instances.
    """

    module: str
    unit: str
    theirs: Callable[[str], dict[str, Any]]
    ours: Callable[[str], dict[str, Any]]
    count: Callable[[list[Any]], int]
    target: float
    labels: Optional[list[str]] = None

    @property
    def columns(self) -> dict[str, str]:
        return {
            "read": f"{self.unit} per second of processor time, read",
            "indexed": f"{self.unit} per second of processor time, read and indexed",
            "memory": "peak memory, MB",
        }

    def measure(self, which: str, model_name: str, data: str) -> dict[str, float]:
        """Reads the file once, in this process."""
        import allennlp_models.pair_classification.dataset_readers
        import allennlp_models.rc.dataset_readers  # noqa: F401
        from allennlp.common import Params
        from allennlp.data import DatasetReader, Vocabulary

        import xlamaml_allennlp  # noqa: F401

        keys = getattr(self, which)(model_name)
        reader = DatasetReader.from_params(Params(keys))
        vocabulary = Vocabulary(tokens_to_add={"labels": self.labels or []})
        path: Any = {"en": data} if which == "ours" else data
        start = time.process_time()
        instances = list(reader.read(path))
        read = time.process_time() - start
        for instance in instances:
            instance.index_fields(vocabulary)
        indexed = time.process_time() - start
        units = self.count(instances)
        # Kilobytes, but for macOS.
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
        return {"read": units / read, "indexed": units / indexed, "memory": memory, "units": units}

    def main(self, description: str) -> None:
        options = _options(description)
        if options.measure:
            print(json.dumps(self.measure(options.measure, options.model_name, options.data)))
            return
        runs: dict[str, list[dict[str, float]]] = {"theirs": [], "ours": []}
        for repeat in range(options.repeats):
            for which, done in runs.items():
                done.append(self._apart(which, options))
                print(f"{repeat + 1}/{options.repeats} {which}: {done[-1]['read']:,.0f} {self.unit}/s", file=sys.stderr)
        medians = {w: {key: statistics.median(run[key] for run in done) for key in done[0]} for w, done in runs.items()}
        ratio = medians["ours"]["read"] / medians["theirs"]["read"]
        print(f"{medians['ours']['units']:,.0f} {self.unit}, medians of {options.repeats}\n\n{self._table(medians)}\n")
        print(f"Ours reads {ratio:.1f} times as fast; at least {self.target:g} times is the aim.")
        if options.json:
            options.json.write_text(json.dumps({"ratio": ratio, "medians": medians, "runs": runs}, indent=2) + "\n")
        if ratio < self.target:
            raise SystemExit(1)

    def _apart(self, which: str, options: argparse.Namespace) -> dict[str, float]:
        asked = ["--measure", which, "--model-name", options.model_name, "--data", options.data]
        output = subprocess.check_output(
            [sys.executable, "-m", self.module, *asked],
            env={**os.environ, **ONE_THREAD}, text=True, cwd=Path(__file__).parents[1],
        )  # fmt: skip
        measured: dict[str, float] = json.loads(output.splitlines()[-1])
        return measured

    def _table(self, medians: Mapping[str, Mapping[str, float]]) -> str:
        names = [getattr(self, which)("")["type"] for which in ("theirs", "ours")]
        lines = [f"| | `{names[0]}` | `{names[1]}` | ratio |", "|---|---|---|---|"]
        for key, title in self.columns.items():
            theirs, ours = medians["theirs"][key], medians["ours"][key]
            lines.append(f"| {title} | {theirs:,.0f} | {ours:,.0f} | {ours / theirs:.2f} |")
        return "\n".join(lines)


def _options(description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model-name", required=True, help="a transformers folder (or hub name) with a fast tokenizer")
    parser.add_argument("--data", required=True, help="the file that both read")
    parser.add_argument("--repeats", type=int, default=5, help="measurements of each reader (default: 5)")
    parser.add_argument("--json", type=Path, help="also write all measurements to this file")
    parser.add_argument("--measure", choices=["theirs", "ours"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    for key in ("model_name", "data"):
        # The measuring process runs in the project's folder.
        if Path(getattr(options, key)).exists():
            setattr(options, key, str(Path(getattr(options, key)).resolve()))
    return options
