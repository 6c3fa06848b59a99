"""Numbers over the course of runs."""

import json
from math import nan

import numpy as np
import pytest

from tests.reports.made_up import evaluation, study, write
from xlamaml_allennlp.reports.asked import FigureAsked
from xlamaml_allennlp.reports.collection import collect
from xlamaml_allennlp.reports.contents import contents_of
from xlamaml_allennlp.reports.curves import MOST_POINTS, panels_of, query_losses, smoothed
from xlamaml_allennlp.reports.page import page
from xlamaml_allennlp.reports.runs import read_runs
from xlamaml_allennlp.reports.study import Study

RIGHTS = {"hi": np.array([True, True, False])}


def ledger(folder, losses, worker=0):
    """Episodes with a step and a query loss each."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"step": step, "query_loss": loss}) for step, loss in losses]
    (folder / f"episodes_w{worker}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def of_one_epoch(folder):
    for path in folder.rglob("metrics_epoch_[1-3].json"):
        path.unlink()


def test_the_loss_of_a_step_is_the_mean_of_its_episodes_of_all_workers(tmp_path):
    ledger(tmp_path, [(1, 1.0), (1, 2.0), (2, 1.0)])
    ledger(tmp_path, [(1, 3.0), (2, 0.0)], worker=1)
    assert query_losses(tmp_path) == [(1, 2.0), (2, 0.5)]


def test_a_line_is_the_mean_of_runs_and_of_steps_around_each_and_leaves_out_what_is_no_number():
    runs = [[(1, 2.0), (2, 4.0), (3, 6.0)], [(1, 4.0), (2, 4.0), (3, nan)]]
    # Means of the runs: 3, 4, 6; of up to three around each: 3.5, 13/3, 5.
    assert smoothed(runs, 3) == [(1, 3.5), (2, pytest.approx(13 / 3)), (3, 5.0)]
    assert len(smoothed([[(step, 1.0) for step in range(10 * MOST_POINTS)]], 1)) == MOST_POINTS


def test_runs_of_one_epoch_have_their_ledgers_curve_and_no_dots(tmp_path):
    evaluation(tmp_path, "M", ["hi"], 0, RIGHTS)
    of_one_epoch(tmp_path)
    ledger(tmp_path / "runs" / "m-hi-0", [(step, 1.0) for step in range(1, 21)])
    results = collect(tmp_path)
    (panel,) = panels_of(results, read_runs(tmp_path, results), results.settings)
    assert (panel.unit, panel.window) == ("meta step", 2)
    assert [len(curve) for curve in panel.curves[results.settings[0]]] == [20]


def test_curves_are_in_the_order_of_epochs(tmp_path):
    evaluation(tmp_path, "M", [], 0, RIGHTS)
    for epoch in (9, 10):
        write(tmp_path / "runs" / "m-0" / f"metrics_epoch_{epoch}.json", {"validation_accuracy": epoch / 100})
    results = collect(tmp_path)
    panel = panels_of(results, read_runs(tmp_path, results), results.settings)[0]
    assert panel.title == "validation accuracy"
    # The made-up run has epochs 0 to 3; 10 comes after 9.
    assert panel.curves[results.settings[0]][0][4:] == [(4, 0.09), (5, 0.1)]


def test_without_anything_to_draw_the_page_says_that_there_are_no_curves(tmp_path):
    folder = study(tmp_path / "folder", {"A": {}}, ["hi"], (0,), 30)
    of_one_epoch(folder)
    results = collect(folder)
    asked = Study("", [], [FigureAsked("learning_curves")], [])
    contents = contents_of(results, asked, read_runs(folder, results))
    assert contents.figures == []
    assert contents.notes == ["No learning curves: no run has several epochs, and none left a ledger of its episodes."]
    assert contents.notes[0] in page(contents, [])


def test_a_line_that_is_no_text_is_none_of_a_curve_and_hides_no_other(tmp_path):
    line = b'{"step": 1, "query_loss": 2.0}\n'
    (tmp_path / "episodes_w0.jsonl").write_bytes(line + b"\xff\xfe\n" + line.replace(b"1", b"2"))
    assert query_losses(tmp_path) == [(1, 2.0), (2, 2.0)]
