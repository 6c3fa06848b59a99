"""Workers on GPUs, which talk by NCCL, tell each other what they hold by way of their CPUs."""

import pytest
import torch
import torch.distributed as dist

from xlamaml_allennlp.gathering import gather

# torch may ask for a device to be named, which AllenNLP does not.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:torch.distributed")


@pytest.fixture
def workers(cuda, tmp_path):
    """A run of one worker, as AllenNLP begins it on a GPU."""
    torch.cuda.set_device(cuda)
    dist.init_process_group("nccl", init_method=f"file://{tmp_path}/meeting", rank=0, world_size=1)
    yield cuda
    dist.destroy_process_group()


def test_what_workers_hold_takes_no_memory_of_their_gpus(workers):
    dist.all_reduce(torch.ones(1, device=workers))
    gather("the group for it is made")
    torch.cuda.reset_peak_memory_stats(workers)
    before = torch.cuda.memory_allocated(workers)
    held = {"texts": "x" * 10_000_000}
    assert gather(held) == [held]
    assert torch.cuda.max_memory_allocated(workers) == before
