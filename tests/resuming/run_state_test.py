"""What a checkpoint holds besides weights: random states, counts, sums; and how it reaches the disk."""

import random
from collections import Counter, defaultdict
from typing import Any, NamedTuple

import numpy
import pytest
import torch
from allennlp.training.metrics import CategoricalAccuracy, FBetaMeasure, Metric
from hypothesis import given
from hypothesis import strategies as st

from xlamaml_allennlp.files.whole_file import write_whole
from xlamaml_allennlp.resuming.checkpointer import DurableCheckpointer
from xlamaml_allennlp.resuming.generators import read_generators, restore_generators
from xlamaml_allennlp.resuming.metric_counts import metric_counts, restore_metric_counts
from xlamaml_allennlp.resuming.plain import is_plain, plain

CPU = torch.device("cpu")


def through_a_file(state: Any, folder: Any) -> Any:
    torch.save(state, folder / "state")
    return torch.load(folder / "state", weights_only=True)


def test_random_numbers_go_on_where_the_state_was_taken(tmp_path):
    def draw() -> list[float]:
        return [random.random(), random.gauss(0, 1), numpy.random.randn(), torch.rand(1).item()]

    draw()
    state = through_a_file(read_generators(CPU), tmp_path)
    expected = draw()
    draw()
    restore_generators(state, CPU)
    assert draw() == expected


def test_the_random_state_is_that_of_the_gpu_which_the_trainer_runs_on(monkeypatch):
    second, states = torch.device("cuda:1"), {torch.device("cuda:0"): 0, torch.device("cuda:1"): 7}
    monkeypatch.setattr(torch.cuda, "get_rng_state", lambda device="cuda": torch.tensor(states[torch.device(device)]))
    monkeypatch.setattr(torch.cuda, "set_rng_state", lambda state, device="cuda": states.update({device: state.item()}))
    saved = read_generators(second)
    states[second] = 8
    restore_generators(saved, second)
    assert states == {torch.device("cuda:0"): 0, second: 7}


class ByLanguage(Metric):
    """Keeps its counts in the containers that metrics use."""

    def __init__(self) -> None:
        self.sums: dict[str, Any] = defaultdict(lambda: defaultdict(float))
        self.names: set[str] = set()
        self.tokenizer = object()

    def __call__(self, language: str) -> None:  # type: ignore[override]
        self.sums[language]["n"] += 1
        self.names.add(language)


class Holder(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.metrics: dict[str, Any] = {"accuracy": CategoricalAccuracy(), "more": [FBetaMeasure(), ByLanguage()]}
        self.inner = torch.nn.Module()
        self.inner.accuracy = CategoricalAccuracy()  # type: ignore[assignment]

    def count(self) -> None:
        found: Any = [self.metrics["accuracy"], *self.metrics["more"], self.inner.accuracy]
        for metric in found:
            if isinstance(metric, ByLanguage):
                metric("hi")
            else:
                metric(torch.eye(3), torch.tensor([0, 1, 1]))


def test_metrics_go_on_counting_where_the_counts_were_taken(tmp_path):
    whole, first, second = Holder(), Holder(), Holder()
    whole.count(), whole.count(), first.count()
    restore_metric_counts(second, through_a_file(metric_counts(first), tmp_path), CPU)
    second.count()
    assert str(metric_counts(second)) == str(metric_counts(whole))
    assert len(metric_counts(whole)) == 4
    assert second.metrics["more"][1].sums["ur"]["n"] == 0.0  # still a defaultdict of such


@given(st.recursive(st.integers() | st.floats(allow_nan=False) | st.text(), lambda x: st.lists(x) | st.tuples(x)))
def test_plain_values_stay_what_they_are(value):
    assert is_plain(value)
    assert plain(value) == value


def test_numbers_of_numpy_become_pythons():
    value = plain({"lr": numpy.float64(0.5), "on": [numpy.bool_(True)], "n": (numpy.int64(3),)})
    assert value == {"lr": 0.5, "on": [True], "n": (3,)}
    assert [type(value["lr"]), type(value["on"][0]), type(value["n"][0])] == [float, bool, int]
    assert type(plain(numpy.str_("hi"))) is str
    assert not is_plain([object()])


class Best(NamedTuple):
    score: float
    answer: str


def test_containers_become_the_plain_ones_that_a_checkpoint_may_hold():
    value = plain({"best": Best(1.0, "a"), "seen": Counter("ab"), "sums": defaultdict(float, x=1.0)})
    assert value == {"best": (1.0, "a"), "seen": {"a": 1, "b": 1}, "sums": {"x": 1.0}}
    assert {key: type(item) for key, item in value.items()} == {"best": tuple, "seen": dict, "sums": dict}


def test_a_file_is_whole_or_as_it_was(tmp_path, monkeypatch):
    path = str(tmp_path / "state.th")
    write_whole({"a": 1}, path)

    def fails_half_way(state: Any, partial: str) -> None:
        (tmp_path / "state.th.partial").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", fails_half_way)
    with pytest.raises(KeyboardInterrupt):
        write_whole({"a": 2}, path)
    assert torch.load(path, weights_only=True) == {"a": 1}


def test_a_model_file_without_its_training_state_is_no_checkpoint(tmp_path):
    checkpointer = DurableCheckpointer(tmp_path)
    for name in ("model_state_e1_b0.th", "training_state_e1_b0.th", "model_state_e2_b0.th"):
        (tmp_path / name).touch()
    latest = checkpointer.find_latest_checkpoint()
    assert latest == (str(tmp_path / "model_state_e1_b0.th"), str(tmp_path / "training_state_e1_b0.th"))


def test_removing_a_checkpoint_leaves_those_whose_numbers_begin_alike(tmp_path):
    checkpointer = DurableCheckpointer(tmp_path)
    for batches in (1, 10, 19):
        for kind in ("model", "training"):
            (tmp_path / f"{kind}_state_e0_b{batches}.th").touch()
    checkpointer._remove_checkpoint(0, 1)
    assert checkpointer._find_all_checkpoints() == {(0, 10), (0, 19)}
    assert len(list(tmp_path.iterdir())) == 4


def test_checkpoints_are_found_in_a_folder_whose_name_looks_like_a_pattern(tmp_path):
    folder = tmp_path / "run[1]"
    folder.mkdir()
    for kind in ("model", "training"):
        (folder / f"{kind}_state_e1_b0.th").touch()
    assert DurableCheckpointer(folder)._find_all_checkpoints() == {(1, 0)}
