"""What the runs behind evaluations left."""

import numpy as np

from tests.reports.made_up import evaluation, write
from xlamaml_allennlp.reports.collection import collect
from xlamaml_allennlp.reports.runs import costs, read_runs, versions

RIGHTS = {"hi": np.array([True, True, False])}


def test_costs_are_means_over_runs_and_the_largest_memory(tmp_path):
    for seed in (0, 1):
        evaluation(tmp_path, "M", [], seed, RIGHTS)
        write(tmp_path / "runs" / f"m-{seed}.json", {"seconds": 60 + 120 * seed, "peak_memory_mb": 100 * seed})
    results = collect(tmp_path)
    (row,) = costs(results, read_runs(tmp_path, results)).rows
    # One and three minutes to train; 40 and 41 seconds to evaluate; epochs report 1,203 MB, the second run only 100.
    assert [cell.text for cell in row] == ["M", "2", "2.0", "0.7", "1,203"]


def test_what_a_study_notes_and_allennlp_leaves_is_read(tmp_path):
    evaluation(tmp_path, "M", [], 0, RIGHTS)
    # A study's record has digests by these names.
    write(tmp_path / "runs" / "m-0.json", {"config": "1f3a", "code": "0.2", "status": "done"})
    write(tmp_path / "runs" / "m-0" / "config.json", {"trainer": {"type": "meta"}})
    write(tmp_path / "runs" / "m-0" / "meta.json", {"version": "2.10.1"})
    write(tmp_path / "runs" / "m-0" / "environment.json", {"device": "CPU (it)"})
    results = collect(tmp_path)
    runs = read_runs(tmp_path, results)
    assert runs["m-0"].config == {"trainer": {"type": "meta"}}
    table = versions(runs)
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["device", "CPU (it)"],
        ["allennlp", "2.10.1"],
        ["xlamaml_allennlp", "0.2"],
    ]


def test_runs_of_different_versions_are_told_apart(tmp_path):
    for seed in (0, 1):
        evaluation(tmp_path, "M", [], seed, RIGHTS)
        write(tmp_path / "runs" / f"m-{seed}.json", {"versions": {"torch": f"2.1{seed}"}})
    results = collect(tmp_path)
    table = versions(read_runs(tmp_path, results))
    assert [[cell.text for cell in row] for row in table.rows] == [["torch", "2.10", "2.11"]]
    assert "differ" in table.caption


def test_what_a_run_notes_of_packages_and_device_is_shown_and_where_runs_differ_is_said(tmp_path):
    for seed, device in enumerate(("CPU (one)", "NVIDIA H100", "NVIDIA H100")):
        evaluation(tmp_path, "M", [], seed, RIGHTS)
        (tmp_path / "runs" / f"m-{seed}.json").unlink()
        write(tmp_path / "runs" / f"m-{seed}" / "environment.json", {"torch": "2.14.1", "device": device})
    results = collect(tmp_path)
    table = versions(read_runs(tmp_path, results))
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["device", "CPU (one)", "NVIDIA H100"],
        ["torch", "2.14.1", "2.14.1"],
    ]
    assert table.columns == ["", "1 run", "2 runs"]
    assert table.caption == "Runs differ in device: compare them with care (column 2: m-1, m-2)."


def test_a_run_s_name_leads_nowhere_else(tmp_path):
    path = evaluation(tmp_path / "study", "M", [], 0, RIGHTS)
    write(path / "evaluation.json", {"method": "M", "seed": 0, "run": "../../secret"})
    write(tmp_path / "secret.json", {"config": {"password": 1}})
    results = collect(tmp_path / "study")
    assert read_runs(tmp_path / "study", results) == {}
