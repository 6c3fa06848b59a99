"""Question answering as a task of the demo."""

import json
from collections.abc import Sequence
from pathlib import Path

from demo.command import ROOT, allennlp, shown
from demo.plan import METHODS, Plan
from demo.qa import answered, word_overlap
from demo.qa.files import TRAIN, file_of, training
from demo.qa.paragraphs import languages, read
from demo.step import Step
from demo.table import MEAN, scores_of
from demo.task import Measure, Task

LANGUAGES = languages("test")
# What some questions are answered with, at the end.
ANSWERING = "xla_maml"


class Qa(Task):
    """Which part of a paragraph answers a question; its data are made in `files`."""

    command = "-m demo.qa"
    configs = ROOT / "demo" / "qa"
    runs = ROOT / "demo" / "runs" / "qa"
    unit = "questions"
    train = TRAIN
    dev = tuple(file_of("dev", code) for code in LANGUAGES)
    test = tuple(file_of("test", code) for code in LANGUAGES)
    tested = json.dumps({code: shown(file_of("test", code)) for code in LANGUAGES})
    languages = LANGUAGES
    measures = (Measure("exact match", "em"), Measure("F1", "f1"))
    lowest = 0.0
    guesser = "word overlap"
    noise = "A language has 96 questions: differences below about 7 points, or 3 in the mean, may be chance."
    to_try = """\
  Your own questions, in any of these languages:
    echo '{{"question": "Who makes tea?", "context": "Ina reads. Ali makes tea."}}' > questions.jsonl
    {python} -m xlamaml_allennlp predict {archive} questions.jsonl
  Another query language, or another support language (the baseline is kept):
    {again} --query ru
    {again} --support zh
  Other settings: edit demo/qa/settings.libsonnet, and call the demo again.
  The paper's experiment on SQuAD and MLQA: training_configs/, explained in README.md."""

    def __init__(self) -> None:
        self._train = training()
        self._test = {code: read("test", code) for code in LANGUAGES}

    def training_size(self) -> int:
        return sum(len(paragraph.questions) for paragraph in self._train)

    def texts(self) -> Sequence[str]:
        splits = [self._train, *(read("dev", code) for code in LANGUAGES), *self._test.values()]
        paragraphs = [paragraph for split in splits for paragraph in split]
        questions = (asked.question for paragraph in paragraphs for asked in paragraph.questions)
        return sorted({*(paragraph.text for paragraph in paragraphs), *questions})

    def guess(self, plan: Plan, measure: Measure) -> float:
        return scores_of(json.loads(_guesses(plan).read_text()), measure)[MEAN]

    def further_steps(self, plan: Plan) -> Sequence[Step]:
        return self._guessing(plan), self._answering(plan)

    def closing(self, plan: Plan) -> str:
        answers = _answers(plan).read_text(encoding="utf-8").rstrip()
        return f"Some of the test questions, answered by {METHODS[ANSWERING]}\n\n{answers}"

    def _guessing(self, plan: Plan) -> Step:
        def guess() -> None:
            _guesses(plan).write_text(json.dumps(word_overlap.metrics(self._test), indent=2) + "\n")

        title = "Answers by word overlap, without an encoder, to compare with"
        return Step(title, _guesses(plan), self.test, guess)

    def _answering(self, plan: Plan) -> Step:
        asked = answered.lines(self._test)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in asked)
        questions, predictions = plan.runs / "questions.jsonl", plan.runs / "predictions.jsonl"

        def predict() -> None:
            questions.write_text(text, encoding="utf-8")
            files = (shown(plan.archive(ANSWERING)), shown(questions), "--output-file", shown(predictions))
            allennlp("predict", *files, "--silent", "--batch-size", str(len(asked)), log=plan.log("predict"))
            outputs = [json.loads(line) for line in predictions.read_text(encoding="utf-8").splitlines()]
            _answers(plan).write_text(answered.lay_out(asked, outputs) + "\n", encoding="utf-8")

        title = f"Answers of {METHODS[ANSWERING]} to {len(asked)} of the test questions"
        return Step(title, _answers(plan), (text, plan.training(ANSWERING)), predict)


def _guesses(plan: Plan) -> Path:
    return plan.runs / "word_overlap.metrics.json"


def _answers(plan: Plan) -> Path:
    return plan.runs / "answers.txt"
