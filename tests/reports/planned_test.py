"""What a study's plan says of its evaluations."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.reports.made_up import study, write
from xlamaml_allennlp.reports.asked import TableAsked
from xlamaml_allennlp.reports.collection import collect
from xlamaml_allennlp.reports.contents import contents_of
from xlamaml_allennlp.reports.page import page
from xlamaml_allennlp.reports.planned import Planned, read_plan
from xlamaml_allennlp.reports.runs import read_runs
from xlamaml_allennlp.reports.study import read_study
from xlamaml_allennlp.reports.tables import scores_table

JUDGED = {"best_of": {"metric": "accuracy", "minus": ["a-dev-0"], "candidates": [{"run": "c-0", "by": ["c-dev-0"]}]}}


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """C before A before B, whatever their names; evaluations on development sets chose C."""
    folder = study(tmp_path_factory.mktemp("planned"), {"A": {}, "B": {}, "C": {}}, ["hi"], (0,), 30)
    study(folder, {"A dev": {}, "C dev": {}}, ["sw"], (0,), 30)
    plain = {"c-0": {"run": "c-0"}, "a-0": {"run": "a-0"}, "a-dev-0": {"run": "a-0"}, "c-dev-0": {"run": "c-0"}}
    write(folder / "study.json", {"name": "urdu", "evaluations": {**plain, "b-0": {"run": JUDGED}}})
    return folder


def test_what_chose_among_runs_is_known_by_the_study_and_not_by_its_name(planned):
    plan = read_plan(planned)
    assert plan.choosing == {"a-dev-0", "c-dev-0"}
    assert plan.order == ("c-0", "a-0", "a-dev-0", "c-dev-0", "b-0")


def test_without_a_study_the_list_of_evaluations_orders_them(tmp_path):
    assert read_plan(tmp_path) == Planned()
    (tmp_path / "evaluations.csv").write_text("name,method,seed\nlast,A,0\nfirst,B,0\n", encoding="utf-8")
    assert read_plan(tmp_path).order == ("last", "first")


def test_settings_are_in_the_order_of_the_study_with_zero_shot_before_few_shot(planned):
    results = collect(planned)
    assert [each.method for each in results.settings] == ["C", "A", "A dev", "C dev", "B"]
    assert [each.method for each in results.left_out] == ["A dev", "C dev"]
    path = planned / "evaluations" / "c-0" / "evaluation.json"
    before = path.read_text(encoding="utf-8")
    write(path, {"method": "C", "seed": 0, "shots": 8})
    assert [each.method for each in collect(planned).settings] == ["A", "A dev", "C dev", "B", "C"]
    path.write_text(before, encoding="utf-8")


def test_where_everything_chose_everything_is_reported(planned):
    results = collect(planned)
    only = replace(results, evaluations=[e for e in results.evaluations if e.name in results.choosing])
    assert [each.setting.method for each in only.reported] == ["A dev", "C dev"]
    assert only.left_out == []


def test_a_report_leaves_out_what_chose_says_so_and_keeps_its_numbers(planned):
    results = collect(planned)
    contents = contents_of(results, read_study(planned, results), read_runs(planned, results))
    (scores,) = contents.scores
    assert [row[0].text for row in scores.rows] == ["C", "A", "B"]
    assert scores.columns == ["", "hi", "mean", "seeds"]
    assert "Left out, for their evaluations only chose among runs: A dev, C dev." in scores.caption
    assert [row[0].text for row in contents.others[0].rows] == ["C", "A", "B", "choosing among runs"]
    assert "3 evaluations of 3 settings, by accuracy; 2 more chose among runs." in page(contents, [])
    assert list(dict.fromkeys(results.table().method)) == ["C", "A", "A dev", "C dev", "B"]


def test_a_measure_that_only_chose_is_none_of_the_reports(planned):
    results = collect(planned)
    results.measured["c-dev-0"].values["loss"] = {"ur": 0.5}
    assert results.measures == ["accuracy"]
    assert results.targets("accuracy") == ["hi"]
    assert results.targets("loss") == ["ur"]  # where somebody asks for it


def test_what_the_folder_has_of_the_same_study_with_other_arguments_is_not_reported_and_told(planned):
    # The same method, seed and target once more: the study's are reported, and nothing is doubled.
    other = planned / "evaluations" / "c-of-before-0"
    shutil.copytree(planned / "evaluations" / "c-0", other)
    results = collect(planned)
    shutil.rmtree(other)
    assert results.foreign == ["c-of-before-0"]
    assert len(results.evaluations) == 5
    contents = contents_of(results, read_study(planned, results), {})
    assert "2 more chose among runs; 1 in the folder is not of this study." in page(contents, [])


def test_a_table_that_names_it_shows_it(planned):
    results = collect(planned)
    table = scores_table(results, TableAsked(methods=["C dev"], targets=["sw"]), "accuracy", {}, 1)
    assert [row[0].text for row in table.rows] == ["C dev"]
    assert table.rows[0][1].value is not None
    assert "Left out" not in table.caption


def test_nothing_is_compared_with_what_chose_unless_somebody_asks(planned):
    results = collect(planned)
    assert [each.method for each in read_study(planned, results).comparisons] == ["A", "B"]


def test_the_title_is_the_studys_or_its_name(planned):
    results = collect(planned)
    assert read_study(planned, results).title == "urdu"
    titled = replace(results, asked={**results.asked, "title": "Urdu & more"})
    assert read_study(planned, titled).title == "Urdu & more"


def test_what_a_folder_says_of_itself_is_read_once(planned, tmp_path, monkeypatch):
    read, read_text = [], Path.read_text
    folder = Path(shutil.copytree(planned, tmp_path / "listed"))
    write(folder / "evaluations.json", [{"name": "a-0", "method": "A", "seed": 0}])
    monkeypatch.setattr(Path, "read_text", lambda path, **how: read.append(path.name) or read_text(path, **how))
    read_study(folder, collect(folder))
    assert (read.count("study.json"), read.count("evaluations.json")) == (1, 1)


def test_a_table_of_one_seed_speaks_of_no_deviation(planned):
    caption = scores_table(collect(planned), TableAsked(), "accuracy", {}, 1).caption
    assert caption.startswith("Percent, of one seed each;")
    assert "±" not in caption
