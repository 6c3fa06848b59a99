"""
Scores one QA archive twice: by `allennlp evaluate`, and from the answers that `allennlp predict` writes.

    python -m benchmarks.mlqa_predictions --archive ARCHIVE --test '{"hi": "xquad.hi.json"}' --output OUT

The written answers are scored by `xlamaml_allennlp.qa.metric.exact_match` and `.f1`, a question at a time. They are
left in OUT as the official scripts take them too, `predictions.hi.json`, so that those can be asked:

    python mlqa_evaluation_v1.py xquad.hi.json OUT/predictions.hi.json hi
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xlamaml_allennlp.encoders.archive import extracted, model_params_in
from xlamaml_allennlp.qa.metric import exact_match, f1


def questions(test: dict[str, str]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Every question of some SQuAD-format files as a line for `predict`, with its gold answers."""
    for language, path in test.items():
        corpus = json.loads(Path(path).read_text(encoding="utf-8"))
        for paragraph in (paragraph for article in corpus["data"] for paragraph in article["paragraphs"]):
            for asked in paragraph["qas"]:
                line = {key: asked[key] for key in ("id", "question")}
                line |= {"context": paragraph["context"], "language": language}
                yield line, [answer["text"] for answer in asked["answers"]]


def evaluated(archive: Path, test: dict[str, str], output: Path) -> dict[str, float]:
    """What `allennlp evaluate` says."""
    allennlp("evaluate", str(archive), json.dumps(test), "--output-file", str(output / "metrics.json"))
    metrics: dict[str, float] = json.loads((output / "metrics.json").read_text())
    return metrics


def predicted(archive: Path, test: dict[str, str], output: Path) -> dict[str, float]:
    """The same figures from what `allennlp predict` writes."""
    asked = list(questions(test))
    lines, answers = output / "questions.jsonl", output / "answers.jsonl"
    lines.write_text("".join(json.dumps(line) + "\n" for line, _ in asked), encoding="utf-8")
    allennlp("predict", str(archive), str(lines), "--output-file", str(answers), "--silent", "--batch-size", "64")
    with extracted(str(archive), "--archive", []) as extract:
        rules = model_params_in(extract).get("rules", "mlqa")
    scores: dict[str, list[tuple[float, float]]] = {language: [] for language in test}
    official: dict[str, dict[str, str]] = {language: {} for language in test}
    with answers.open(encoding="utf-8") as found:
        for (line, gold), said in zip(asked, found, strict=True):
            answer, language = json.loads(said)["answer"], line["language"]
            official[language][line["id"]] = answer
            scores[language].append((exact_match(answer, gold, language, rules), f1(answer, gold, language, rules)))
    for language, by_id in official.items():
        (output / f"predictions.{language}.json").write_text(json.dumps(by_id, ensure_ascii=False), encoding="utf-8")
    return {
        f"{metric}/{language}": statistics.mean(pair[i] for pair in pairs)
        for i, metric in enumerate(("em", "f1"))
        for language, pairs in scores.items()
    }


def allennlp(*arguments: str) -> None:
    command = [sys.executable, "-m", "xlamaml_allennlp", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-3000:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--test", type=json.loads, required=True, help="{language: path} as JSON")
    parser.add_argument("--output", type=Path, required=True, help="folder for questions, answers and metrics")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    by_command = evaluated(options.archive, options.test, options.output)
    by_answers = predicted(options.archive, options.test, options.output)
    print("| | evaluate | from written answers | difference |\n|---|---|---|---|")
    for key, score in by_answers.items():
        print(f"| {key} | {by_command[key]:.4f} | {score:.4f} | {score - by_command[key]:+.1e} |")


if __name__ == "__main__":
    main()
