"""The metric in two real processes, with gloo."""

import json
import os
import subprocess
import sys

WORKER = """
import json, sys
import torch, torch.distributed as dist
from xlamaml_allennlp.languages.metric import LanguageMean

store, rank = sys.argv[1], int(sys.argv[2])
dist.init_process_group("gloo", init_method=f"file://{store}", world_size=2, rank=rank)
metric = LanguageMean()
results = []
if rank == 0:
    # Two batches here, none with Hindi; one batch there: calls must not wait for each other.
    metric(torch.tensor([1.0, 1.0, 0.0]), ["en", "en", "en"])
    metric(torch.tensor([1.0]), ["en"])
else:
    metric(torch.tensor([0.0, 1.0]), ["hi", "en"])
results.append(metric.get_metric())
results.append(metric.get_metric(reset=True))
if rank == 0:
    metric(torch.tensor([1.0]), ["th"])
results.append(metric.get_metric(reset=True))
print(json.dumps(results))
dist.destroy_process_group()
"""


def test_two_workers_are_added_up_once_and_both_get_the_same(tmp_path):
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(tmp_path / "store"), str(rank)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for rank in range(2)
    ]
    outputs = [worker.communicate(timeout=120)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    first, second = (json.loads(output.splitlines()[-1]) for output in outputs)

    # Without reset each worker tells of its own examples: 3 of 4, and 1 of 2.
    assert first[0] == {"accuracy": 0.75}
    assert second[0] == {"accuracy": 0.5}
    # With reset: en 4 of 5, hi 0 of 1.
    assert first[1] == second[1] == {"accuracy": 4 / 6, "accuracy/en": 0.8, "accuracy/hi": 0.0, "accuracy/mean": 0.4}
    # A worker may have seen nothing.
    assert first[2] == second[2] == {"accuracy": 1.0, "accuracy/th": 1.0, "accuracy/mean": 1.0}
