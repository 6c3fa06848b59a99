"""
A made-up study whose truth is known: how many points each method gains over the first one, on which target.

    python -m tests.reports.made_up FOLDER [nli|qa|grid|small]
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

LABELS = ("entailment", "neutral", "contradiction")
SENTENCES = {
    "ar": ("عبرت القافلة النهر قبل الفجر.", "كان النهر في طريق القافلة."),
    "de": ("Die Karawane überquerte den Fluss vor Tagesanbruch.", "Der Fluss lag auf ihrem Weg."),
    "en": ("The caravan crossed the river before dawn.", "The river lay on its way."),
    "hi": ("कारवाँ ने भोर से पहले नदी पार की।", "नदी उसके रास्ते में थी।"),
    "sw": ("Msafara ulivuka mto kabla ya alfajiri.", "Mto ulikuwa njiani."),
    "zh": ("商队在黎明前渡过了河。", "河在他们的路上。"),
}
QUESTIONS = {
    "en": ("Who crossed the river?", "When did it cross?", "How many camels were there?"),
    "de": ("Wer überquerte den Fluss?", "Wann geschah es?", "Wie viele Kamele waren es?"),
    "hi": ("नदी किसने पार की?", "कब पार की?", "कितने ऊँट थे?"),
}
ANSWERS = ("the caravan", "before dawn", "7", "the river that lay on the way of the caravan to the sea")
Gains = Mapping[str, float]
"""Points that a method gains over the first method, by target; 0 where nothing is said."""


def study(
    folder: Path,
    methods: Mapping[str, Gains],
    targets: Sequence[str] = ("ar", "de", "en", "hi"),
    seeds: Sequence[int] = (0, 1, 2),
    examples: int = 300,
    jitter: float = 0.0,
    task: str = "nli",
    auxiliary: Mapping[str, Sequence[str]] = {},
) -> Path:
    """
    Writes evaluations, their predictions and runs. Per seed and target a method is right on exactly its gain more
    examples than the first method, give or take `jitter` points by seed, which add up to zero; besides, it swaps a few
    right and wrong ones.
    """
    for method, gains in methods.items():
        for place, seed in enumerate(seeds):
            shift = jitter * (place - (len(seeds) - 1) / 2)
            changes = {target: gains.get(target, 0.0) + (shift if gains else 0.0) for target in targets}
            first = method == next(iter(methods))
            rights = {t: right(t, seed, examples, None if first else changes[t], method) for t in targets}
            evaluation(folder, method, auxiliary.get(method, ()), seed, rights, task)
    return folder


def right(target: str, seed: int, examples: int, points: float | None, method: str) -> np.ndarray:
    """Which examples a method is right on: the first method's (no points), or with changes. Shape: (examples,)"""
    place = sum(map(ord, target))
    difficulty = np.random.default_rng([place, 1]).normal(-0.6, 1, examples)
    # Three hypotheses share a premise and some of its difficulty.
    difficulty += np.repeat(np.random.default_rng([place, 2]).normal(0, 0.5, examples // 3 + 1), 3)[:examples]
    base = difficulty + np.random.default_rng([place, seed, 3]).normal(0, 0.3, examples) < 0
    if points is None:
        return base
    rng = np.random.default_rng([place, seed, sum(map(ord, method))])
    swapped, won = examples // 50, round(points * examples / 100)
    changed = base.copy()
    changed[rng.permutation(np.flatnonzero(~base))[: swapped + max(won, 0)]] = True
    changed[rng.permutation(np.flatnonzero(base))[: swapped + max(-won, 0)]] = False
    return changed


def evaluation(
    folder: Path, method: str, auxiliary: Sequence[str], seed: int, rights: Mapping[str, np.ndarray], task: str = "nli"
) -> Path:
    """Writes one evaluation and its run."""
    run = "-".join([*method.lower().split(), *auxiliary, str(seed)])
    path = folder / "evaluations" / run
    lines = [line for target, of in rights.items() for line in (pairs if task == "nli" else questions)(target, of)]
    measures = {"nli": {"accuracy": 1}, "qa": {"em": 100, "f1": 100}}[task]
    metrics: dict[str, float] = {}
    for measure in measures:
        key = "right" if measure == "accuracy" else measure
        of_target = {t: float(np.mean([x[key] for x in lines if x["language"] == t])) for t in rights}
        metrics[measure] = float(np.mean([x[key] for x in lines]))
        metrics |= {f"{measure}/{t}": value for t, value in of_target.items()}
        metrics[f"{measure}/mean"] = float(np.mean(list(of_target.values())))
    write(path / "metrics.json", {**metrics, "loss": 0.7})
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (path / "predictions.jsonl").write_text(text, encoding="utf-8")
    support = ["en"] if auxiliary else []
    fields = {
        "run": run, "method": method, "auxiliary": list(auxiliary), "support": support, "query": list(auxiliary),
        "seed": seed, "shots": 0, "archive": f"runs/{run}/model.tar.gz", "targets": list(rights),
        "command": f"allennlp evaluate runs/{run}/model.tar.gz test.tsv", "seconds": 40 + seed, "peak_memory_mb": 900,
    }  # fmt: skip
    write(path / "evaluation.json", fields)
    config = {"trainer": {"optimizer": {"type": "adamw_fused", "lr": 5e-5}}, "random_seed": seed, "method": method}
    versions = {"torch": "2.14.1", "transformers": "5.24.0", "allennlp": "2.10.1"}
    write(folder / "runs" / f"{run}.json", {"seconds": 300 + 40 * len(run), "config": config, "versions": versions})
    curve = float(metrics["accuracy" if task == "nli" else "f1"])
    for epoch in range(4):
        found = {"epoch": epoch, "training_loss": 1.1 / (epoch + 1.2), "peak_worker_0_memory_MB": 1200.0 + len(run)}
        name = "accuracy" if task == "nli" else "f1"
        write(
            folder / "runs" / run / f"metrics_epoch_{epoch}.json",
            {**found, f"validation_{name}": curve * (1 - 0.2 / (epoch + 1) ** 2)},
        )
    return path


def pairs(target: str, rights: np.ndarray) -> list[dict[str, Any]]:
    premise, hypothesis = SENTENCES.get(target, SENTENCES["en"])
    lines = []
    for i, is_right in enumerate(rights):
        gold = LABELS[i % 3]
        # Wrong predictions are more often neutral than not.
        predicted = gold if is_right else LABELS[1] if gold != LABELS[1] else LABELS[2 * (i % 2)]
        texts = {"premise": f"{premise} ({i // 3})", "hypothesis": f"{hypothesis} <script>alert({i})</script> & co."}
        judged = {"gold": gold, "prediction": predicted, "right": bool(is_right)}
        lines.append({"language": target, "id": str(i), **texts, **judged})
    return lines


def questions(target: str, rights: np.ndarray) -> list[dict[str, Any]]:
    asked = QUESTIONS.get(target, QUESTIONS["en"])
    lines = []
    for i, is_right in enumerate(rights):
        gold = ANSWERS[i % 4]
        em, f1 = (100.0, 100.0) if is_right else (0.0, 50.0 * (i % 2))
        judged = {"gold": [gold], "prediction": gold if is_right else "elsewhere", "em": em, "f1": f1}
        tags = {"language": target, "question_language": target, "id": f"q{i}", "group": f"{target}{i // 5}"}
        lines.append({**tags, "question": asked[i % 3], **judged, "right": bool(is_right)})
    return lines


def write(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def main(folder: Path, kind: str) -> None:
    gained = {"ar": 6.0, "de": 4.0, "hi": 9.0, "sw": 5.0, "zh": 4.0}
    if kind == "grid":
        languages = "ar bg de el en es fr hi ru sw th tr ur vi zh".split()
        study(folder, {"baseline": {}}, languages, (0,), 120)
        for place, each in enumerate(languages):
            gains = {t: (place + i) % 7 - 1.5 for i, t in enumerate(languages) if (place, i) != (3, 4)}
            rights = {t: right(t, 0, 120, gains[t], each) for t in languages if t in gains}
            evaluation(folder, "XLA-MAML", [each], 0, rights)
    elif kind == "small":
        study(folder, {"fine-tuning": {}}, ("hi",), (0,), 60)
    else:
        targets = ("ar", "de", "en", "hi", "sw", "zh") if kind == "nli" else ("de", "en", "hi")
        methods: dict[str, Gains] = {"baseline": {}, "fine-tuning on query": gained}
        methods |= {"X-MAML": {**gained, "de": 3.0}, "XLA-MAML": {**gained, "ar": 7.0}}
        auxiliary = {name: ["hi"] for name in methods if name != "baseline"}
        study(folder, methods, targets, (0, 1, 2, 3, 4), 600, 0.5, kind, auxiliary)
        write(
            folder / "study.json",
            {
                "title": "A made-up study",
                "tables": [{"paper": "table3" if kind == "nli" else "table4"}],
                "comparisons": [[m, c] for m in ("XLA-MAML",) for c in ("baseline", "fine-tuning on query", "X-MAML")],
            },
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "nli")
