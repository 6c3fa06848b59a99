"""Archives that go when nothing needs them, and the best of many runs by development data."""

import json

import pytest
from allennlp.common.checks import ConfigurationError

from tests.studies.instant import Bench, Instant, run, study
from xlamaml_allennlp.studies.choice import Candidate, Choice


@pytest.fixture
def bench(tmp_path, monkeypatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    for name in ("dev.tsv", "test.tsv"):
        (tmp_path / name).write_text("a\n")
    return Bench(tmp_path)


def of_method(method: str, seed: int, *needs: str) -> dict:
    return {**run(*needs, random_seed=seed), "method": method, "seed": seed}


RUNS = {
    "base": of_method("baseline", 0),
    "one-0": of_method("one", 0, "base"),
    "one-1": of_method("one", 1, "base"),
}
EVALUATIONS = {name: {"run": name, "data": {"hi": "test.tsv"}} for name in RUNS}
SCORES = {"base": {"hi": 0.4}, "one-0": {"hi": 0.6}, "one-1": {"hi": 0.7}}


@pytest.mark.parametrize(
    "keep, kept", [("all", {"base", "one-0", "one-1"}), ("best", {"base", "one-1"}), ("none", set())]
)
def test_archives_stay_as_asked(bench, keep, kept):
    bench.do(study(RUNS, EVALUATIONS), "--keep-archives", keep, launch=Instant(scores=SCORES))
    assert bench.archives() == kept
    assert len(list(bench.folder.glob("evaluations/*/metrics.json"))) == 3
    assert bench.do(study(RUNS, EVALUATIONS), "--keep-archives", keep) == []


def test_an_archive_that_went_is_made_again_where_a_new_run_needs_it(bench, capsys):
    bench.do(study(RUNS, EVALUATIONS), "--keep-archives", "none")
    more = study({**RUNS, "two-0": of_method("two", 0, "base")}, EVALUATIONS)
    assert bench.do(more, "--keep-archives", "none") == ["train base", "train two-0"]
    assert "its archive is not there, and runs/two-0 needs it" in " ".join(capsys.readouterr().out.split())


CANDIDATES = ("ar", "bg", "de")
# Gains on development data over base's 0.5: 0.1, 0.3 and 0.2, so bg is the best of them.
JUDGED = {"base": {"hi": 0.5, "ar": 0.9}, "ar": {"hi": 0.6}, "bg": {"hi": 0.8}, "de": {"hi": 0.7}}


def chosen_study() -> dict:
    runs = {name: of_method("x", 0) for name in ("base", *CANDIDATES)}
    runs = {name: {**content, "method": name} for name, content in runs.items()}
    dev = {f"{name}.dev": {"run": name, "data": {"hi": "dev.tsv"}} for name in runs}
    dev["base.dev"]["data"] = {"hi": "dev.tsv", "ar": "dev.tsv"}
    candidates = [{"run": name, "by": [f"{name}.dev"]} for name in CANDIDATES]
    best_of = {"candidates": candidates, "metric": "accuracy", "minus": ["base.dev"]}
    best = {"run": {"best_of": best_of}, "method": "best", "data": {"hi": "test.tsv"}}
    return study(runs, {**dev, "best": best})


def test_the_best_run_on_development_data_is_the_one_that_is_evaluated(bench):
    called = bench.do(chosen_study(), launch=Instant(scores=JUDGED))
    assert called[-1] == "evaluate bg"
    record = json.loads((bench.folder / "evaluations" / "best" / "evaluation.json").read_text())
    assert (record["run"], record["method"], record["targets"]) == ("bg", "best", {"hi": "test.tsv"})


def test_a_choice_by_other_evaluations_is_another_choice(bench):
    content = chosen_study()
    bench.do(content, launch=Instant(scores=JUDGED))
    ar, bg, _ = content["evaluations"]["best"]["run"]["best_of"]["candidates"]
    ar["by"], bg["by"] = bg["by"], ar["by"]
    with pytest.raises(SystemExit, match=r"evaluations/best holds other results: what chooses its run has changed\."):
        bench.do(content)
    # "ar" is now judged by what bg scored.
    assert bench.do(content, "--replace", launch=Instant(scores=JUDGED)) == ["evaluate ar"]


def test_archives_of_candidates_that_have_lost_go_before_the_others_are_trained(bench):
    kept = []

    class Watching(Instant):
        def __call__(self, *arguments):
            kept.append(bench.archives())
            return super().__call__(*arguments)

    launch = Watching(scores=JUDGED)
    bench.do(chosen_study(), "--keep-archives", "none", launch=launch)
    before_de = kept[launch.called.index("train de")]
    assert before_de == {"bg"}
    assert bench.archives() == set()


def test_the_mean_over_seeds_decides_and_equal_runs_go_to_the_first():
    choice = Choice([Candidate("a", ["a0", "a1"]), Candidate("b", ["b0", "b1"])], "em")
    measured = {"a0": {"em/hi": 1, "em/sw": 3}, "a1": {"em/hi": 4}, "b0": {"em/hi": 3}, "b1": {"em/hi": 3}}
    # (1 + 3) / 2 = 2 and 4: 3. 3 and 3: 3.
    assert choice.scores(measured) == [3.0, 3.0]
    assert choice.chosen(measured) == "a"
    assert choice.beaten({name: value for name, value in measured.items() if name != "b1"}) == set()


def test_a_metric_that_nobody_reports_is_named_with_those_that_are():
    choice = Choice([Candidate("a", ["a0"])], "f1")
    told = r'best_of\.metric is "f1", and evaluations/a0 reports no f1 .* Metrics that it reports: accuracy\.'
    with pytest.raises(ConfigurationError, match=told):
        choice.chosen({"a0": {"accuracy/hi": 1.0, "loss": 1.0}})
    assert choice.beaten({"a0": {"accuracy/hi": 1.0}}) == set()


@pytest.mark.parametrize("keep", ["all", "none"])
def test_a_choice_by_what_nobody_reports_fails_alone(bench, capsys, keep):
    content = chosen_study()
    best_of = content["evaluations"]["best"]["run"]["best_of"]
    best_of["metric"] = "f1"
    # It needs nothing of the choice, and comes after it.
    content["runs"]["z"] = of_method("z", 0)
    content["evaluations"]["z"] = {"run": "z", "data": {"hi": "test.tsv"}}
    with pytest.raises(SystemExit) as ended:
        bench.do(content, "--keep-archives", keep, launch=Instant(scores=JUDGED))
    told = 'evaluations/best failed: best_of.metric is "f1", and evaluations/ar.dev reports no f1 per language.'
    text = str(ended.value)
    assert text.strip().startswith(f"{bench.file}: 1 failed, and 0 that need them")
    assert f"{told} Metrics that it reports: accuracy." in text
    assert bench.launch.called.count("evaluate z") == 1
    assert len(list(bench.folder.glob("evaluations/*/metrics.json"))) == 5
    # By now it is known before anything is done, and keeps nothing else from being done.
    content["runs"]["new"] = of_method("new", 0)
    capsys.readouterr()
    with pytest.raises(SystemExit, match=r"1 failed, and 0 that need them were .*\n  evaluations/best failed: "):
        bench.do(content, "--keep-archives", keep)
    assert bench.launch.called == ["train new"]
    out = " ".join(capsys.readouterr().out.split())
    assert 'evaluations/best fails as it is: best_of.metric is "f1", and evaluations/ar.dev reports no f1' in out
    best_of["metric"] = "accuracy"
    assert bench.do(content, "--keep-archives", keep) == ["evaluate bg"]


def test_a_choice_by_differences_of_nothing_fails_alone(bench):
    content = chosen_study()
    content["evaluations"]["base.dev"]["data"] = {"ar": "dev.tsv"}
    with pytest.raises(SystemExit, match=r"evaluations/best failed: best_of\.minus: runs/ar is to be judged by differ"):
        bench.do(content, "--keep-archives", "none", launch=Instant(scores=JUDGED))
    assert bench.launch.called.count("train de") == 1
