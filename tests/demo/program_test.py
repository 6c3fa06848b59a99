"""A demo is its study, and ends with a table of each measure, a picture, and what its task has to show besides."""

import json
import sys
from pathlib import Path

import pytest

from demo import program
from demo.nli import Nli
from demo.paths import ROOT, shown
from demo.qa.task import Qa
from demo.results import Difference, inner_step, rows, verdict
from demo.task import Measure
from xlamaml_allennlp.studies.content import inputs, problem
from xlamaml_allennlp.studies.expansion import arguments_of, expanded
from xlamaml_allennlp.studies.reading import study_of

TASKS = [Nli(), Qa()]


@pytest.fixture(params=TASKS, ids=lambda task: type(task).__name__)
def task(request):
    return request.param


def study_by(command):
    """The study that a command does."""
    given = [command[place + 1] for place, part in enumerate(command) if part == "--arg"]
    return study_of(expanded(ROOT / command[command.index("study") + 1], arguments_of(given)))


def measured(task, folder, *arguments):
    """What was chosen, with evaluations done: English 50, Hindi 40, and 1, 3 and 2 points more after meta-training."""
    given = program.parse(task, ["--output", str(folder), *arguments])
    gains = {"english": 0, **dict(zip(rows(given.support, given.query).values(), (1, 3, 2), strict=True))}
    for name, gain in gains.items():
        for seed in given.seeds:
            found = {"en": 50.0 + gain, "hi": 40.0 + gain, "mean": 45.0 + gain}
            metrics = {f"{m.key}/{key}": value / m.scale for m in task.measures for key, value in found.items()}
            path = folder / "evaluations" / f"{name}-{seed}" / "metrics.json"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(metrics))
    return given


def test_the_command_is_a_study_of_the_baseline_both_methods_and_the_control(task):
    given = program.parse(task, [])
    command = program.study_command(task, given)
    assert command[:5] == [shown(Path(sys.executable)), "-m", "xlamaml_allennlp", "study", shown(task.study)]
    study = study_by(command)
    names = ["english-0", *(f"{row}-0" for row in rows("en", "hi").values())]
    assert list(study.runs) == list(study.evaluations) == names


def test_everything_that_the_study_reads_is_there_but_for_the_encoder(task, monkeypatch):
    monkeypatch.chdir(ROOT)
    study = study_by(program.study_command(task, program.parse(task, [])))
    paths = {path for run in study.runs.values() for path in inputs(run.config)}
    paths |= {path for evaluation in study.evaluations.values() for path in evaluation.data.values()}
    assert [path for path in paths - {f"{shown(task.runs)}/encoder"} if problem(path)] == []
    assert {evaluation.name: sorted(evaluation.data) for evaluation in study.evaluations.values()} == dict.fromkeys(
        study.evaluations, sorted(task.languages)
    )


def test_another_folder_encoder_language_and_seed_reach_the_study(task, tmp_path):
    chosen = ["--encoder", "my/encoder", "--support", "ar", "--query", "zh", "--seeds", "4", "5"]
    given = program.parse(task, ["--output", str(tmp_path), *chosen])
    command = program.study_command(task, given)
    assert command[command.index("-s") + 1] == str(tmp_path)
    study = study_by(command)
    assert all(run.config["model"]["model_name"] == "my/encoder" for run in study.runs.values())
    ours = study.runs[f"{rows('ar', 'zh')['XLA-MAML']}-5"]
    assert (ours.support, ours.query, ours.seed) == (("ar",), ("zh",), 5)


def test_another_query_language_repeats_meta_training_but_not_the_baseline(task):
    studies = [study_by(program.study_command(task, program.parse(task, ["--query", code]))) for code in ("hi", "ru")]
    shared = studies[0].runs.keys() & studies[1].runs.keys()
    assert shared == {"english-0"}
    assert studies[0].runs["english-0"].config == studies[1].runs["english-0"].config


def test_the_encoder_reads_every_text_of_the_data(task):
    texts = set(task.texts())
    study = study_by(program.study_command(task, program.parse(task, [])))
    paths = {path for run in study.runs.values() for path in run.config["train_data_path"].values()}
    for path in (ROOT / each for each in paths):
        if path.suffix == ".json":
            paragraphs = [p for article in json.loads(path.read_text())["data"] for p in article["paragraphs"]]
            assert {p["context"] for p in paragraphs} | {q["question"] for p in paragraphs for q in p["qas"]} <= texts
        else:
            assert {s for row in path.read_text().splitlines()[1:] for s in row.split("\t")[2:4]} <= texts


def test_each_measure_has_its_table_and_the_last_one_its_picture(task, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(type(task), "closing", lambda self, archive, folder: "questions and answers")
    program._report(task, measured(task, tmp_path))
    shown_text = capsys.readouterr().out
    tables = (tmp_path / "table.txt").read_text()
    assert tables.rstrip() in shown_text
    assert [line.split(" on the test ")[0].lower() for line in tables.splitlines() if " on the test " in line] == [
        measure.name.lower() for measure in task.measures
    ]
    assert tables.count("hi  Hindi") == len(task.measures)
    assert (tmp_path / "heatmap.png").is_file()
    assert "Of XLA-MAML's +3.0 in the mean over the baseline +2.0 are there with its inner step off." in shown_text
    assert shown_text.endswith("questions and answers\n")


def gained(*gains):
    return [{"mean": 50.0 + gain} for gain in gains]


def test_the_inner_step_is_judged_by_its_interval_and_seeds_have_a_range():
    methods = {"X-MAML": gained(1, 2), "XLA-MAML": gained(2, 4), "step off": gained(5, 3)}
    assert verdict(gained(0, 0), methods, Difference(-1.0, -3.5, 1.5, "seeds and examples")).splitlines() == [
        "Of XLA-MAML's +3.0 in the mean over the baseline +4.0 are there with its inner step off.",
        "The inner step itself: -1.0 (95 % interval -3.5 to +1.5, over seeds and examples), not shown to be of use or "
        "harm.",
        "Gains from seed to seed: X-MAML +1.0 to +2.0, XLA-MAML +2.0 to +4.0, step off +3.0 to +5.0.",
    ]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.5, 1.5, "a gain of its own"),
        (-1.5, -0.5, "a loss"),
        (-0.5, 0.5, "not shown to be of use or harm"),
        (0.0, 0.0, "with and without it all answers are the same"),
    ],
)
def test_one_seed_claims_nothing_of_the_methods(low, high, said):
    methods = {"X-MAML": gained(1), "XLA-MAML": gained(2), "step off": gained(2)}
    lines = verdict(gained(0), methods, Difference((low + high) / 2, low, high, "examples only")).splitlines()
    assert lines[1].endswith(f"over examples only), {said}.")
    assert lines[2] == "One seed tells of these trained models and not of the methods: --seeds 0 1 2 tells more."
    assert not any("examples made the gain" in line for line in lines)


def test_the_interval_is_that_of_the_studys_report_for_the_query_language_and_the_measure(tmp_path):
    assert inner_step(tmp_path, "hi", Measure("F1", "f1")) is None
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "comparisons.csv").write_text(
        "method,control,metric,target,difference,over,low,high\n"
        'XLA-MAML (ru),"XLA-MAML, inner step off (ru)",f1,mean,9,seeds and examples,8,10\n'
        'XLA-MAML (hi),"XLA-MAML, inner step off (hi)",em,mean,9,seeds and examples,8,10\n'
        'XLA-MAML (hi),"XLA-MAML, inner step off (hi)",f1,de,9,seeds and examples,8,10\n'
        'XLA-MAML (hi),"XLA-MAML, inner step off (hi)",f1,mean,1.5,seeds and examples,-1,4\n',
        encoding="utf-8",
    )
    assert inner_step(tmp_path, "hi", Measure("F1", "f1")) == (1.5, -1.0, 4.0, "seeds and examples")


def test_the_caption_says_whose_support_language_it_is_and_what_is_not_zero_shot(task):
    caption = program._caption("F1", program.parse(task, ["--support", "ar"]))
    assert "X-MAML: support and query hi. XLA-MAML: support ar, query hi" in caption
    assert "Trained on ar, en, hi; the other rows are zero-shot." in caption


def test_an_encoder_is_written_once_and_again_for_other_texts(tmp_path, monkeypatch):
    from demo import encoder

    written = []
    monkeypatch.setattr(
        encoder, "write_encoder", lambda folder, texts: (folder.mkdir(exist_ok=True), written.append(1))
    )
    task = Nli()
    for _ in range(2):
        program._write_encoder(task, tmp_path / "encoder")
    assert written == [1]
    monkeypatch.setattr(Nli, "texts", lambda self: ["another"])
    program._write_encoder(task, tmp_path / "encoder")
    assert written == [1, 1]


def test_what_to_try_next_repeats_the_users_choices(tmp_path):
    task = Qa()
    advice = program._next(task, program.parse(task, ["--output", str(tmp_path), "--encoder", "my encoder"]))
    assert f"-m demo.qa --encoder 'my encoder' --output {tmp_path} --query ru" in advice
    assert f"predict {tmp_path}/runs/xla-hi-0/model.tar.gz questions.jsonl" in advice
