"""The runs that a soak disturbs: the stages' own configs on a tiny encoder, in variants of what a run may use."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from allennlp.common import Params

import xlamaml_allennlp  # noqa: F401  registers the components that configs name
from benchmarks.fuzz_targets import tiny_encoder

LANGUAGES = ("en", "hi", "sw")
LABELS = ("entailment", "neutral", "contradiction")
CONFIGS = {"1": "mnli_finetune", "2": "xnli_xla_maml", "3b": "xnli_few_shot"}
ESTIMATORS = ("higher", "exact", "hessian_free", "first_order")
SCHEDULES: tuple[Any, ...] = (
    {"type": "linear_with_warmup", "warmup_steps": 1},
    {"type": "cosine", "t_initial": 2},
    {"type": "reduce_on_plateau", "patience": 0, "mode": "max"},
    None,
)


class Case(NamedTuple):
    """A variant of a stage's config."""

    name: str
    stage: str
    arguments: dict[str, Any]
    changes: dict[str, Any]
    workers: int


def cases(stage: str) -> Iterator[Case]:
    """Sixteen variants: every estimator with every schedule, and a quarter of both with two workers."""
    for number in range(16):
        schedule, estimator = SCHEDULES[(number + number // 4) % 4], ESTIMATORS[number // 4]
        workers, accumulated = 2 if number % 4 == 3 else 1, 1 + (number + number // 4) % 2
        more: dict[str, Any] = {"moving_average": {"type": "exponential", "decay": 0.5}} if number % 3 == 0 else {}
        more |= {"patience": 1} if number % 5 == 1 else {}
        trainer = {
            "num_epochs": 1 + number % 3 + ("patience" in more),
            "learning_rate_scheduler": schedule,
            "num_gradient_accumulation_steps": accumulated,
            "checkpointer": {"save_every_num_batches": 1 + number % 3},
            "validation_metric": "+accuracy",
            "cuda_device": -1,
            **({"run_confidence_checks": False} if workers > 1 else {}),
            **more,
        }
        changes: dict[str, Any] = {"trainer+": trainer}
        arguments: dict[str, Any] = {"seed": number}
        if workers > 1:
            changes["distributed"] = {"cuda_devices": [-1, -1]}
        if stage == "2":
            arguments["inner_loop"] = {"type": estimator, "lr": 0.1, "num_steps": 1 + number % 2}
            arguments |= {"episodes_per_step": accumulated * workers, "meta_steps_per_language": 5}
            changes["data_loader+"] = {"sampler+": {"support_size": 2, "query_size": 2}}
        elif workers > 1:
            changes["distributed"]["ddp_accelerator"] = {"type": "torch", "find_unused_parameters": True}
        said = [f"{workers} workers, {accumulated} accumulated, {schedule and schedule['type']}", *more]
        yield Case(f"{number}: {', '.join(said + [estimator] * (stage == '2'))}", stage, arguments, changes, workers)


class Material:
    """
    The encoder and the data of all cases, in a folder.

    # Parameters

    folder : `Path`
        The folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._encoder = tiny_encoder(folder / "encoder", 128)
        self.base = folder / "base"
        rows = ["language\tgold_label\tsentence1\tsentence2\tpairID"]
        with (folder / "mnli.jsonl").open("w", encoding="utf-8") as lines:
            for pair in range(15):
                label = LABELS[pair % 3]
                rows += [f"{of}\t{label}\t{of} premise {pair // 3}\t{of} hypothesis {pair}\t{pair}" for of in LANGUAGES]
                row = {"sentence1": f"premise {pair // 3}", "sentence2": f"hypothesis {pair}", "gold_label": label}
                lines.write(json.dumps({**row, "pairID": str(pair)}) + "\n")
        (folder / "xnli.dev.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")

    def params(self, case: Case) -> Params:
        """The configuration of a case."""
        train, xnli = str(self._folder / "mnli.jsonl"), str(self._folder)
        arguments: dict[str, Any] = {"encoder": self._encoder, "validation": {"sw": str(self._folder / "xnli.dev.tsv")}}
        if case.stage == "1":
            arguments |= {"train": train, "batch_size": 3}
        else:
            arguments |= {"xnli": xnli, "base": str(self.base / "model.tar.gz")}
            arguments |= {"batch_size": 3, "target": "hi"} if case.stage == "3b" else {}
        values = ", ".join(f"{key}={json.dumps(value)}" for key, value in (arguments | case.arguments).items())
        file = self._folder / "variant.jsonnet"
        file.write_text(f"(import 'xlamaml/{CONFIGS[case.stage]}.jsonnet')({values}) + {_jsonnet(case.changes)}")
        return Params.from_file(file)


def first_stage() -> Case:
    """The run whose archive the later stages start from."""
    return Case("base", "1", {"num_epochs": 1}, {}, 1)


def _jsonnet(value: Any) -> str:
    """JSON, whose keys that end in + add to what is there."""
    if isinstance(value, dict):
        keys = {key: "+:" if key.endswith("+") else ":" for key in value}
        return "{" + ", ".join(f"{json.dumps(k.rstrip('+'))}{c} {_jsonnet(value[k])}" for k, c in keys.items()) + "}"
    return json.dumps(value)
