"""Windows of one question on two workers."""

from pathlib import Path

import pytest
import torch
import torch.distributed as dist

from xlamaml_allennlp.languages.tag import metadata
from xlamaml_allennlp.qa.answer_span import Answer
from xlamaml_allennlp.qa.metric import SpanMetric


def window(id, index, language="en"):
    return metadata(language, id, "paragraph", question_language=language, window=index, answers=["red fox"])


# By worker: the batches of (text, score, question, window, language). The best window of q1 is on the second worker,
# which has one batch more.
BATCHES = [
    [[("dog", 1.0, "q1", 0, "en"), ("red fox", 1.0, "q2", 0, "en")]],
    [[("red fox", 2.0, "q1", 1, "en")], [("dog", 0.0, "q3", 0, "hi")]],
]


def work(rank: int, folder: str) -> None:
    dist.init_process_group("gloo", init_method=f"file://{folder}/rendezvous", rank=rank, world_size=2)
    metric = SpanMetric()
    for batch in BATCHES[rank]:
        metric(
            [Answer(text, 0, len(text), score) for text, score, *_ in batch],
            [window(question, index, language) for _, _, question, index, language in batch],
        )
    found = [metric.get_metric(), metric.get_metric(reset=True)]
    torch.save(found, Path(folder) / f"{rank}.pt")
    dist.destroy_process_group()


# Python 3.12 on forking; a fork needs no second import of everything.
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_windows_are_merged_over_workers_before_questions_are_counted(tmp_path):
    torch.multiprocessing.start_processes(work, (str(tmp_path),), nprocs=2, start_method="fork")
    (local_0, all_0), (local_1, all_1) = (torch.load(tmp_path / f"{rank}.pt") for rank in range(2))
    # Before the end each worker speaks of its own windows: no one waits for the other.
    assert (local_0["em"], local_1["em"]) == (50.0, 50.0)
    # q1 right on the second worker, q2 right, q3 wrong; three questions, not four windows.
    assert all_0 == all_1
    assert all_0["em"] == pytest.approx(200 / 3)
    assert (all_0["em/en"], all_0["em/hi"], all_0["em/mean"]) == (100.0, 0.0, 50.0)
