"""Question answering as a task of the demo."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from demo.paths import ROOT, shown
from demo.qa import answered, word_overlap
from demo.qa.files import training
from demo.qa.paragraphs import languages, read
from demo.table import MEAN, scores_of
from demo.task import Measure, Task

LANGUAGES = languages("test")


class Qa(Task):
    """Which part of a paragraph answers a question; its data are made in `files`."""

    command = "-m demo.qa"
    study = ROOT / "training_configs" / "studies" / "demo_qa.jsonnet"
    runs = ROOT / "demo" / "runs" / "qa"
    unit = "questions"
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
  Other seeds, of both stages, with the range of what they give:
    {again} --seeds 0 1 2
  Other settings: edit training_configs/studies/demo_qa.jsonnet, and call the demo again.
  The paper's experiment on SQuAD and MLQA: training_configs/, explained in docs/training.md."""

    def __init__(self) -> None:
        self._train = training()
        self._test = {code: read("test", code) for code in LANGUAGES}

    def texts(self) -> Sequence[str]:
        splits = [self._train, *(read("dev", code) for code in LANGUAGES), *self._test.values()]
        paragraphs = [paragraph for split in splits for paragraph in split]
        questions = (asked.question for paragraph in paragraphs for asked in paragraph.questions)
        return sorted({*(paragraph.text for paragraph in paragraphs), *questions})

    def guess(self, measure: Measure) -> float:
        return scores_of(word_overlap.metrics(self._test), measure)[MEAN]

    def closing(self, archive: Path, folder: Path) -> str:
        asked = answered.lines(self._test)
        questions, predictions = folder / "questions.jsonl", folder / f"predictions.{archive.parent.name}.jsonl"
        if not predictions.exists() or predictions.stat().st_mtime < archive.stat().st_mtime:
            questions.write_text(
                "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in asked), encoding="utf-8"
            )
            options = ["--output-file", shown(predictions), "--silent", "--batch-size", str(len(asked))]
            command = [sys.executable, "-m", "xlamaml_allennlp", "predict", shown(archive), shown(questions), *options]
            subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
        outputs = [json.loads(line) for line in predictions.read_text(encoding="utf-8").splitlines()]
        text = answered.lay_out(asked, outputs)
        (folder / "answers.txt").write_text(text + "\n", encoding="utf-8")
        return f"Some of the test questions, answered by XLA-MAML\n\n{text}"
