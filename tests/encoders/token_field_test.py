import copy
import pickle
from multiprocessing.reduction import ForkingPickler

import numpy as np
import psutil
import pytest
import torch

from xlamaml_allennlp.encoders.token_field import TokenField


@pytest.fixture(params=["with token types", "without"])
def field(request) -> TokenField:
    types = np.array([0, 0, 1], dtype=np.int32) if request.param == "with token types" else None
    return TokenField(np.array([5, 6, 7], dtype=np.int32), types, padding_token_id=9)


def padded(field: TokenField) -> dict[str, list[int]]:
    lengths = dict.fromkeys(field.get_padding_lengths(), 5)
    return {name: tensor.tolist() for name, tensor in field.batch_tensors([field.as_tensor(lengths)]).items()}


def test_it_is_padded_with_the_encoders_token_and_masked(field):
    expected = {"input_ids": [[5, 6, 7, 9, 9]], "attention_mask": [[True, True, True, False, False]]}
    if field.token_type_ids is not None:
        expected["token_type_ids"] = [[0, 0, 1, 0, 0]]
    assert padded(field) == expected


@pytest.mark.parametrize(
    "travel", [copy.deepcopy, lambda field: pickle.loads(pickle.dumps(field))], ids=["copy", "pickle"]
)
def test_it_arrives_as_it_left(field, travel):
    arrived = travel(field)
    assert padded(arrived) == padded(field)
    assert arrived.input_ids.dtype == torch.int32
    assert len(arrived) == 3


def test_crossing_to_another_process_takes_no_open_files(field):
    # torch.multiprocessing opens a file for each tensor, and keeps it open while the tensor lives.
    import torch.multiprocessing  # noqa: F401

    before = psutil.Process().num_fds()
    assert len(ForkingPickler.dumps(field)) < 1000
    assert psutil.Process().num_fds() == before
