"""What a study tells its report is looked at before any run."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from allennlp.common.checks import ConfigurationError

from tests.studies.instant import run, study
from xlamaml_allennlp.commands.study.told import check_told
from xlamaml_allennlp.studies.expansion import expanded
from xlamaml_allennlp.studies.reading import study_of

STUDIES = Path(__file__).parents[3] / "training_configs" / "studies"
DATA = {"hi": "hi.tsv"}


def two(first: Any = None, **about: Any) -> dict[str, Any]:
    """Two methods, "a" and "b" from Hindi, on Hindi; keys of the first run, and what the report is told."""
    runs = {"a": {**run(), **(first or {})}, "b": {**run(lr=1), "auxiliary": ["hi"]}}
    return study(runs, {name: {"run": name, "data": DATA} for name in runs}, **about)


@pytest.mark.parametrize(
    "content, said",
    [
        (two({"seed": "zero"}), "run a: seed is 'zero'; it must be a number"),
        (two({"seed": 0.5}), "run a: seed is 0.5; it must be a whole number"),
        (two({"shots": [8]}), "run a: shots is [8]; give a number, or the name of a set"),
        (two(title=5), "the report: title is 5; give a text"),
        (two(tables="all"), "the report: tables is 'all'; give an array"),
        (two(tables=[{"metrics": "accuracy"}]), "tables: an entry has metrics, which nobody reads. It may have title,"),
        (two(tables=[{"paper": "table9"}]), 'paper "table9" is none of table3, '),
        (two(tables=[{"targets": "hi"}]), "tables: targets is 'hi'; give an array of texts"),
        (two(tables=[{"metric": ["em"]}]), "tables: metric is ['em']; give a text"),
        (two(tables=[{"methods": ["a", "c"]}]), 'tables: "c" is no method of any evaluation. There are: a, b.'),
        (two(tables=[{"targets": ["hi", "ur"]}]), 'tables: "ur" is no target of any evaluation. There are: hi.'),
        (two(figures=[{"kind": "heatmap"}]), 'kind "heatmap" is none of heat_map, points'),
        (two(figures=[{"kind": "points", "baseline": "c"}]), 'figures: "c" is no method'),
        (two(comparisons=[["a", "b", "c"]]), "comparisons: ['a', 'b', 'c'] is no object with keys"),
        (two(comparisons=[["b", "c"]]), 'comparisons: "c" is no method of any evaluation. There are: a, b.'),
        (
            two({"method": "b", "auxiliary": ["hi"]}),
            "evaluations/a and evaluations/b both give results of hi in hi.tsv for b (hi), seed 0",
        ),
    ],
)
def test_a_slip_is_named_with_the_file_before_anything_runs(bench, content, said):
    with pytest.raises(SystemExit, match=rf"paper\.jsonnet: .*{re.escape(said)}"):
        bench.do(content, "--dry-run")
    with pytest.raises(SystemExit):
        bench.do(content)
    assert bench.launch.called == []


def test_what_a_report_can_be_made_of_is_taken(bench):
    tables = [{"methods": ["b (hi)"], "targets": ["hi"], "baseline": "a", "metric": None}, {"methods": None}]
    asked = two(tables=tables, figures=[{"kind": "points"}], comparisons=[["b", "a"], {"method": "b", "control": "a"}])
    bench.do(asked)
    assert (bench.folder / "report" / "report.html").exists()


def test_of_question_answering_a_target_may_be_several(bench, tmp_path):
    (tmp_path / "de.tsv").write_text("a")
    content = study(
        {"a": run(model={"type": "cross_lingual_span_qa"})},
        {"hi": {"run": "a", "data": DATA}, "de": {"run": "a", "data": {"hi": "de.tsv"}}},
    )
    bench.do(content, "--dry-run")
    content["evaluations"]["de"]["data"] = DATA
    with pytest.raises(SystemExit, match="both give results of hi"):
        bench.do(content, "--dry-run")


def judged(method: dict[str, str]) -> dict[str, Any]:
    """The best of two runs by what they score on development data."""
    pairs = {"type": "cross_lingual_pair_classifier"}
    dev = {f"{name}.dev": {"run": name, "data": {"hi": "dev.tsv"}} for name in "ab"}
    candidates = [{"run": name, "by": [f"{name}.dev"]} for name in "ab"]
    best = {"run": {"best_of": {"metric": "accuracy", "candidates": candidates}}, "data": DATA, **method}
    return study({"a": run(model=pairs), "b": run(model=pairs, lr=1)}, {**dev, "best": best})


def test_a_choice_whose_every_run_is_in_the_report_already_is_named(bench):
    said = (
        r"paper\.jsonnet: evaluations/best gives results of hi of the run that it chooses, and so do "
        r"evaluations/a\.dev and evaluations/b\.dev, whichever that is\. Give it a method of its own\."
    )
    with pytest.raises(SystemExit, match=said):
        bench.do(judged({}), "--dry-run")
    assert check_told(study_of(judged({"method": "best"}))) is None
    # Where b is chosen the report can be made.
    content = judged({})
    content["evaluations"]["b.dev"]["method"] = "b on development data"
    assert check_told(study_of(content)) is None


@pytest.mark.parametrize(
    "model, is_refused",
    [
        # What an archive from elsewhere or a model of one's own holds is not known, so two files may be two targets.
        ({"type": "from_archive", "archive_file": "elsewhere.tar.gz"}, False),
        ({"type": "my_model"}, False),
        ({"type": "from_archive", "archive_file": "{runs}/questions/model.tar.gz"}, False),
        ({"type": "from_archive", "archive_file": "{runs}/pairs/model.tar.gz"}, True),
        ({"type": "cross_lingual_pair_classifier"}, True),
    ],
)
def test_two_files_of_a_target_are_refused_where_the_model_is_known_to_make_one_number_of_each(model, is_refused):
    runs = {
        "questions": run(model={"type": "cross_lingual_span_qa"}),
        "pairs": run(model={"type": "cross_lingual_pair_classifier"}),
        "a": run(model=model),
    }
    evaluations = {"first": {"run": "a", "data": DATA}, "second": {"run": "a", "data": {"hi": "dev.tsv"}}}
    if not is_refused:
        check_told(study_of(study(runs, evaluations)))
        evaluations["second"]["data"] = DATA
    with pytest.raises(ConfigurationError, match="evaluations/first and evaluations/second both give results of hi"):
        check_told(study_of(study(runs, evaluations)))


def test_runs_that_go_on_from_each_other_are_no_endless_way(bench):
    archives = {name: f"{{runs}}/{other}/model.tar.gz" for name, other in (("a", "b"), ("b", "a"))}
    runs = {name: run(model={"type": "from_archive", "archive_file": file}) for name, file in archives.items()}
    with pytest.raises(SystemExit, match=r"runs/a"):
        bench.do(study(runs, {"e": {"run": "a", "data": DATA}}), "--dry-run")


def test_where_nothing_is_evaluated_names_are_not_looked_for_as_there_is_no_report():
    told = {"tables": [{"methods": ["a"], "targets": ["hi"]}], "comparisons": [["a", "b"]]}
    assert check_told(study_of(study({"a": run(), "b": run(lr=1)}, **told))) is None


@pytest.mark.parametrize("name", sorted(file.stem for file in STUDIES.glob("*.jsonnet")))
def test_reports_of_the_shipped_studies_can_be_made(name):
    check_told(study_of(expanded(STUDIES / f"{name}.jsonnet", {"seeds": [0, 1]})))


def test_where_there_is_no_report_in_spite_of_that_the_command_has_failed(bench, capsys):
    bench.do(two())
    (bench.folder / "evaluations" / "a" / "metrics.json").write_text("{")
    with pytest.raises(SystemExit) as ended:
        bench.do(two())
    assert ended.value.code == 1
    assert "No report. " in capsys.readouterr().out


def test_where_nothing_is_evaluated_no_report_is_missed(bench, capsys):
    bench.do(study({"a": run()}))
    assert "eport" not in capsys.readouterr().out


def test_what_the_study_file_says_of_a_finished_evaluation_follows_the_file(bench):
    bench.do(two({"method": "x"}))
    now = two({"method": "y", "auxiliary": ["sw"], "support": ["en"], "seed": 3, "shots": "dev"})
    assert bench.do(now) == []
    record = json.loads((bench.folder / "evaluations" / "a" / "evaluation.json").read_text())
    told = {key: record[key] for key in ("method", "auxiliary", "support", "seed", "shots", "run")}
    assert told == {
        "method": "y", "auxiliary": ["sw"], "support": ["en"], "seed": 3, "shots": "dev", "run": "a",
    }  # fmt: skip
    results = (bench.folder / "report" / "results.csv").read_text()
    assert "y,sw,hi,3,dev" in results
    assert "x," not in results
    # An evaluation's own method comes before its run's.
    now["evaluations"]["a"]["method"] = "z"
    assert bench.do(now) == []
    assert "z,sw,hi,3,dev" in (bench.folder / "report" / "results.csv").read_text()
