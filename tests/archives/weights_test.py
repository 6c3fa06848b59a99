"""Weights are read before anything is built for them: what they hold, and how much of it."""

import io
import re
import zipfile

import pytest
import torch
from allennlp.common.checks import ConfigurationError

from tests.archives.made import WEIGHTS, weights
from xlamaml_allennlp.archives.weights import read_weights


def legacy(state) -> bytes:
    file = io.BytesIO()
    torch.save(state, file, _use_new_zipfile_serialization=False)
    return file.getvalue()


def packed(content: bytes) -> bytes:
    """The same zip, with its parts deflated."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return file.getvalue()


class Code:
    """Runs a command when it is unpickled."""

    def __reduce__(self):
        import os

        return os.system, ("touch ran",)


@pytest.mark.parametrize("content", [weights(), legacy(WEIGHTS)], ids=["zip", "before torch 1.6"])
def test_weights_are_what_was_saved_and_stay_when_the_file_goes(tmp_path, content):
    (tmp_path / "weights.th").write_bytes(content)
    found = read_weights(tmp_path / "weights.th", "the archive")
    (tmp_path / "weights.th").unlink()
    assert torch.equal(found["w"], torch.arange(40.0))


FEW = torch.ones(1).expand(1000, 1000, 1000)
SHARED = torch.ones(10)
BAD = {
    "NaN": ({"w": torch.tensor([1.0, float("nan"), 2.0])}, r'holds NaN or infinity in "w"'),
    "infinity": ({"a": torch.ones(2), "w": torch.full((2, 2), float("inf")).half()}, r'holds NaN or infinity in "w"'),
    "a billion numbers in four bytes": ({"w": FEW}, r'has fewer numbers than its "w" \(1000, 1000, 1000\) needs'),
    "code": ({"w": Code()}, r"cannot be read as weights \(Weights only load failed"),
    "a list": ([torch.ones(1)], r"holds a list and no weights by name"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_are_no_weights_are_refused_with_the_members_name(tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "weights.th").write_bytes(weights(BAD[kind][0]))
    with pytest.raises(ConfigurationError) as error:
        read_weights("weights.th", "the archive")
    assert re.match(rf'the archive: its member "weights\.th" {BAD[kind][1]}', str(error.value))
    assert [path.name for path in tmp_path.iterdir()] == ["weights.th"]


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\3\4", b"text", weights()[:900], packed(weights()), b"PK\3\4" + bytes(2000), legacy(WEIGHTS)[:300]],
    ids=["empty", "begins as a zip", "text", "cut", "packed", "zeros", "cut, before torch 1.6"],
)
def test_what_is_no_file_of_weights_is_one_error(tmp_path, content):
    (tmp_path / "weights.th").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r'its member "weights\.th" cannot be read as weights \(.+\)'):
        read_weights(tmp_path / "weights.th", "the archive")


def test_what_is_not_possible_and_what_is_shared_are_no_faults(tmp_path):
    state = {"mask": torch.tensor([0.0, -float("inf")]), "a": SHARED, "b": SHARED, "ids": torch.arange(3), "none": None}
    (tmp_path / "weights.th").write_bytes(weights(state))
    assert read_weights(tmp_path / "weights.th", "the archive").keys() == state.keys()
