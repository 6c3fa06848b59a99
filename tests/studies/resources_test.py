"""What a step is given of a machine."""

import re

import pytest
from allennlp.common.checks import ConfigurationError

from tests.studies.instant import run, study
from xlamaml_allennlp.studies.place import environment
from xlamaml_allennlp.studies.reading import study_of
from xlamaml_allennlp.studies.resources import UNSAID, Resources, share_of_gpus


def of_run(given):
    return study_of(study({"a": {**run(), "resources": given}})).runs["a"].resources


def test_what_a_run_says_itself_counts_and_the_rest_is_what_all_are_given():
    assert of_run({"cpus": 4, "gpus": 0}).over(Resources(1, 1, 16)) == Resources(4, 0, 16)
    content = study({"a": run()}, {"e": {"run": "a", "data": {"hi": "x"}, "resources": {"memory_gb": 2.5}}})
    assert study_of(content).evaluations["e"].resources == Resources(memory_gb=2.5)
    assert study_of(content).runs["a"].resources == UNSAID


@pytest.mark.parametrize(
    "given, said",
    [
        ({"cores": 4}, "run a: resources has no key 'cores'. Its keys: cpus, gpus, memory_gb."),
        ({"cpus": 0}, "run a: cpus is 0; give a number above 0"),
        ({"gpus": 1.5}, "run a: gpus is 1.5; give a share of one, or a whole number"),
        ({"memory_gb": "16"}, "run a: memory_gb is '16'"),
        ([], "run a: resources is []"),
    ],
)
def test_a_slip_is_named(given, said):
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        of_run(given)


@pytest.mark.parametrize(
    "gpus, among, share",
    # Two steps of three have a half of one GPU each, the third a half of the other. Six sixths are one, not more.
    [(0, 2, 0), (4, 2, 2), (3, 2, 1), (1, 2, 0.5), (2, 3, 0.5), (1, 6, 0.1666)],
)
def test_steps_share_out_the_gpus_of_a_machine(gpus, among, share):
    assert share_of_gpus(gpus, among) == share


def test_cores_are_dealt_out_as_threads(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert [environment(cores)["OMP_NUM_THREADS"] for cores in (4.0, 0.5)] == ["4", "1"]
