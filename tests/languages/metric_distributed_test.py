"""The metric in two real processes, with gloo."""

import json
import os
import subprocess
import sys

WORKERS = """
import json, os, sys, warnings
import torch, torch.distributed as dist
from xlamaml_allennlp.languages.metric import LanguageMean

folder = sys.argv[1]
warnings.simplefilter("ignore")  # Python 3.12 on forking
child = os.fork()  # after the imports, which take longer than all the rest
rank = 0 if child else 1
dist.init_process_group("gloo", init_method=f"file://{folder}/store", world_size=2, rank=rank)
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
with open(f"{folder}/{rank}.json", "w") as file:
    json.dump(results, file)
dist.destroy_process_group()
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_two_workers_are_added_up_once_and_both_get_the_same(tmp_path):
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    subprocess.run([sys.executable, "-c", WORKERS, str(tmp_path)], env=environment, check=True, timeout=600)
    first, second = (json.loads((tmp_path / f"{rank}.json").read_text()) for rank in range(2))

    # Without reset each worker tells of its own examples: 3 of 4, and 1 of 2.
    assert first[0] == {"accuracy": 0.75}
    assert second[0] == {"accuracy": 0.5}
    # With reset: en 4 of 5, hi 0 of 1.
    assert first[1] == second[1] == {"accuracy": 4 / 6, "accuracy/en": 0.8, "accuracy/hi": 0.0, "accuracy/mean": 0.4}
    # A worker may have seen nothing.
    assert first[2] == second[2] == {"accuracy": 1.0, "accuracy/th": 1.0, "accuracy/mean": 1.0}
