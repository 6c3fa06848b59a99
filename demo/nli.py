"""Natural language inference as a task of the demo."""

from collections.abc import Sequence

from demo import scenes
from demo.paths import ROOT
from demo.task import Measure, Task


class Nli(Task):
    """Which of entailment, neutral and contradiction a pair of sentences is; its data are made in `scenes`."""

    command = "-m demo"
    study = ROOT / "training_configs" / "studies" / "demo.jsonnet"
    runs = ROOT / "demo" / "runs"
    unit = "pairs"
    languages = scenes.languages("dev")
    measures = (Measure("accuracy", "accuracy", 100),)
    lowest = 100 / 3
    guesser = "hypothesis only"
    noise = "A language has 216 pairs: differences below about 5 points, or 3 in the mean, may be chance."
    to_try = """\
  Your own sentences, in any of these languages:
    echo '{{"premise": "Das Haus ist alt.", "hypothesis": "Das Haus ist neu."}}' > pairs.jsonl
    {python} -m xlamaml_allennlp predict {archive} pairs.jsonl
  Another query language, or another support language (the baseline is kept):
    {again} --query ru
    {again} --support de
  Other seeds, of both stages, with the range of what they give:
    {again} --seeds 0 1 2
  Other settings: edit training_configs/studies/demo.jsonnet, say its inner learning rate, and call the demo again.
  The paper's experiment on MNLI and XNLI: training_configs/, explained in docs/training.md."""

    def texts(self) -> Sequence[str]:
        return scenes.sentences()

    def guess(self, measure: Measure) -> float:
        return scenes.best_guess("test", "sentence2")
