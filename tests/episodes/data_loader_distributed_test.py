"""One stream of episodes, shared out between workers."""

import pytest
import torch.distributed
from allennlp.common import util
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.episodes.tagged import TaggedReader, instances, loader, names, stream
from xlamaml_allennlp.episodes import EpisodeDataLoader, describe


@pytest.fixture
def worker(monkeypatch):
    """Builds the loader of worker `rank` of `workers`."""

    def build(rank: int, workers: int, **params) -> EpisodeDataLoader:
        with monkeypatch.context() as patch:
            if workers > 1:
                patch.setattr(util, "is_distributed", lambda: True)
                patch.setattr(torch.distributed, "get_world_size", lambda: workers)
                patch.setattr(torch.distributed, "get_rank", lambda: rank)
            reader = TaggedReader({"all": instances({"en": 20, "hi": 26, "de": 13})})
            sampler = {"support_size": 3, "query_size": 4, "type": params.pop("type", "covering")}
            languages = params.pop("languages", {"support": ["en"], "query": ["hi", "de"]})
            built = loader(reader, languages=languages, sampler=sampler, **params)
        built.index_with(Vocabulary())
        return built

    return build


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(workers=st.integers(1, 5), per_worker=st.integers(1, 4), type=st.sampled_from(["covering", "random"]))
def test_interleaved_the_workers_streams_are_the_global_stream(worker, workers, per_worker, type):
    params = {"episodes_per_epoch": workers * per_worker, "type": type}
    alone = worker(0, 1, **params)
    shares = [worker(rank, workers, **params) for rank in range(workers)]
    assert [len(share) for share in shares] == [per_worker] * workers
    for _ in range(3):
        expected = [describe(batch) for batch in alone]
        rounds = zip(*shares, strict=True)
        assert [describe(batch) for batches in rounds for batch in batches] == expected


def test_every_worker_can_look_at_the_global_stream(worker):
    first, second = (next(stream(worker(rank, 2, episodes_per_epoch=2))) for rank in range(2))
    assert names(first) == names(second)


def test_an_epoch_that_the_workers_cannot_share_equally_is_an_error(worker):
    with pytest.raises(ConfigurationError, match=r"episodes_per_epoch is 500 \(as configured\).*3 workers.*501"):
        worker(0, 3, episodes_per_epoch=500)


def test_a_pass_that_the_workers_cannot_share_equally_is_an_error_that_says_where_the_number_is_from(worker):
    # 26 and 13 examples, 4 at a time: 7 + 4 episodes.
    with pytest.raises(ConfigurationError, match=r"is 11 \(one pass over the query examples\).*2 workers.*12"):
        worker(0, 2)
    assert len(worker(0, 11)) == 1
