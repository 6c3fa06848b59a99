"""A part of a study: which steps `--only` names, and what the plan then speaks of."""

import pytest

from tests.studies.instant import run, study

CONTENT = study(
    {"a-0": run(), "a-1": run(), "b-0": run("a-0"), "c": run()},
    {"a-0": {"run": "a-0", "data": {"hi": "hi.tsv"}}, "b-0": {"run": "b-0", "data": {"hi": "nowhere.tsv"}}},
)


def test_a_pattern_names_several_steps(bench):
    assert bench.do(CONTENT, "--only", "runs/a-?") == ["train a-0", "train a-1"]


def test_patterns_and_names_add_up_and_what_another_needs_comes_first(bench):
    assert bench.do(CONTENT, "--only", "runs/b-0", "--only", "*/a-0") == ["train a-0", "evaluate a-0", "train b-0"]


def test_the_plan_is_that_of_the_part(bench, capsys):
    bench.do(CONTENT, "--dry-run", "--only", "*/a-*")
    said = capsys.readouterr().out
    assert "runs: 2 to be done" in said
    assert "evaluations: 1 to be done" in said
    assert "runs/c" not in said


def test_a_file_that_only_other_steps_read_may_be_missing(bench):
    with pytest.raises(SystemExit, match=r"nowhere\.tsv"):
        bench.do(CONTENT)
    with pytest.raises(SystemExit, match=r"nowhere\.tsv"):
        bench.do(CONTENT, "--only", "runs/*", "--only", "evaluations/b-0")
    assert bench.do(CONTENT, "--only", "runs/c") == ["train c"]


def test_a_step_whose_needs_are_neither_done_nor_named_is_an_error(bench):
    with pytest.raises(
        SystemExit, match=r"--only runs/b-0: it needs runs/a-0, which is not done\. Do it first, or name"
    ):
        bench.do(CONTENT, "--only", "runs/[bc]*")
    bench.do(CONTENT, "--only", "runs/a-0")
    assert bench.do(CONTENT, "--only", "runs/[bc]*") == ["train b-0", "train c"]


def test_a_pattern_that_names_nothing_is_an_error(bench):
    with pytest.raises(SystemExit, match=r"--only runs/d\*: no such step. They are named like runs/a-0"):
        bench.do(CONTENT, "--only", "runs/a-0", "--only", "runs/d*")
    assert bench.launch.called == []


def test_what_is_done_is_left_alone_also_when_it_is_named(bench):
    bench.do(CONTENT, "--only", "runs/a-0")
    assert bench.do(CONTENT, "--only", "runs/a-*") == ["train a-1"]
