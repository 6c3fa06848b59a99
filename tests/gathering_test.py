"""What workers hold is gathered from all of them, and never by way of a GPU."""

import json
from types import SimpleNamespace

import pytest
import torch.distributed as dist

from tests.meta_training.distributed_test import results
from xlamaml_allennlp import gathering
from xlamaml_allennlp.gathering import gather

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def test_a_process_that_is_alone_has_its_own():
    held = {"en": 3}
    assert gather(held)[0] is held


def told(rank, folder):
    return gather({"rank": rank, "words": ["ja"] * rank})


def test_every_worker_gets_what_each_holds_in_the_order_of_ranks(tmp_path):
    expected = [{"rank": 0, "words": []}, {"rank": 1, "words": ["ja"]}]
    assert results(told, tmp_path) == [expected, expected]


@pytest.fixture
def workers_of_gpus(monkeypatch):
    """Stands in for torch's workers that talk by NCCL; every group that is made, and asked for objects."""
    made, asked = [], []

    def new_group(backend):
        made.append(backend)
        return f"group {len(made)}"

    def all_gather_object(everybody, own, group=None):
        asked.append(group)
        everybody[:] = [own, own]

    torchs = SimpleNamespace(
        is_available=lambda: True,
        is_initialized=lambda: True,
        get_world_size=lambda: 2,
        get_backend=lambda: "nccl",
        group=SimpleNamespace(WORLD=object()),
        new_group=new_group,
        all_gather_object=all_gather_object,
    )
    monkeypatch.setattr(gathering, "dist", torchs)
    monkeypatch.setattr(gathering, "_beside", None)
    return torchs, made, asked


def test_workers_on_gpus_have_one_group_beside_theirs_for_all_that_they_tell_each_other(workers_of_gpus):
    torchs, made, asked = workers_of_gpus
    assert gather(7) == [7, 7]
    assert gather(8) == [8, 8]
    assert (made, asked) == (["gloo"], ["group 1", "group 1"])
    torchs.group.WORLD = object()  # the workers of another run
    gather(9)
    assert (made, asked[2:]) == (["gloo", "gloo"], ["group 2"])


def group_of_two(rank, folder):
    beside = dist.new_group(backend="gloo")
    everybody = [None, None]
    dist.all_gather_object(everybody, json.dumps(rank), group=beside)
    return everybody


def test_a_group_beside_that_of_all_workers_gathers_objects(tmp_path):
    assert results(group_of_two, tmp_path) == [["0", "1"], ["0", "1"]]
