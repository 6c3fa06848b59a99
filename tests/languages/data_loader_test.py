import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import DataLoader, DatasetReader, Instance, Vocabulary
from allennlp.data.fields import MetadataField, TensorField

from xlamaml_allennlp.languages.data_loader import SampledDataLoader

BUCKETS = {"type": "bucket", "batch_size": 4, "sorting_keys": ["tokens"], "padding_noise": 0}


class Lengths(DatasetReader):
    """Instances of 1, 2, 3, ... tokens."""

    def __init__(self):
        super().__init__(manual_distributed_sharding=True, manual_multiprocess_sharding=True)

    def _read(self, file_path):
        for length in self.shard_iterable(range(1, 10)):
            yield Instance({"tokens": TensorField(torch.zeros(length)), "metadata": MetadataField(length)})


def batches(**keys):
    params = {"type": "sampled", "batch_sampler": dict(BUCKETS), **keys}
    loader = DataLoader.from_params(Params(params), reader=Lengths(), data_path="any")
    assert isinstance(loader, SampledDataLoader)
    loader.index_with(Vocabulary.empty())
    return [sorted(batch["metadata"]) for batch in loader]


def test_batches_are_the_samplers():
    assert sorted(batches()) == [[1, 2, 3, 4], [5, 6, 7, 8], [9]]


@pytest.mark.parametrize("keys", [{"num_workers": 1}, {"max_instances_in_memory": 9}])
def test_batch_size_makes_them_smaller_and_leaves_them_of_like_length(keys):
    assert sorted(batches(batch_size=2, **keys)) == [[1, 2], [3, 4], [5, 6], [7, 8], [9]]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"batch_size": 0}, "batch_size: 0 is below 1"),
        (
            {"batch_size": 2, "batch_sampler": {"type": "max_tokens_sampler", "max_tokens": 9}},
            "batch_size: 2 cannot be set, for a MaxTokensBatchSampler",
        ),
    ],
)
def test_a_size_that_cannot_be_is_refused(keys, problem):
    with pytest.raises(ConfigurationError, match=problem):
        batches(**keys)
