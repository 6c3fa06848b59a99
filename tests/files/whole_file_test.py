"""A file of tensors is whole, or noticed."""

import errno
import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlamaml_allennlp.files.whole_file import TRAILER_LENGTH, check_whole, damage, write_whole

STATE = {"weights": torch.arange(50.0), "epochs": 3, "name": "hindi"}


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("file") / "state.th"
    write_whole(STATE, str(path))
    return path


def test_a_file_with_its_checksum_loads_as_any_other(file):
    assert damage(str(file)) is None
    state = torch.load(file, weights_only=True)
    assert torch.equal(state.pop("weights"), STATE["weights"])
    assert state == {"epochs": 3, "name": "hindi"}
    assert [path.name for path in file.parent.iterdir()] == ["state.th"]
    with zipfile.ZipFile(file) as members:
        assert members.comment.startswith(b"\nsha256:")


@given(st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_flipped_bit_is_noticed(file, tmp_path, data):
    content = bytearray(file.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    (tmp_path / "flipped.th").write_bytes(content)
    assert damage(str(tmp_path / "flipped.th"))


@given(st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_cut_is_noticed(file, tmp_path, data):
    content = file.read_bytes()
    (tmp_path / "cut.th").write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    assert damage(str(tmp_path / "cut.th"))


def test_a_cut_that_takes_the_checksum_alone_is_noticed(file, tmp_path):
    (tmp_path / "cut.th").write_bytes(file.read_bytes()[:-TRAILER_LENGTH])
    assert "without its checksum" in str(damage(str(tmp_path / "cut.th")))


def test_a_file_of_earlier_versions_whose_checksum_is_no_comment_is_still_judged_by_it(tmp_path):
    path = tmp_path / "earlier.th"
    torch.save(STATE, path)
    content = path.read_bytes()
    path.write_bytes(content + f"\nsha256:{hashlib.sha256(content).hexdigest()}\n".encode())
    assert damage(str(path)) is None
    path.write_bytes(content[:600] + bytes([content[600] ^ 1]) + path.read_bytes()[601:])
    assert damage(str(path)) == "its checksum is not that of its contents"


def test_it_is_told_what_is_wrong(file, tmp_path):
    content = file.read_bytes()
    (tmp_path / "empty.th").touch()
    (tmp_path / "cut.th").write_bytes(content[:700])
    (tmp_path / "zeroed.th").write_bytes(content.replace(content[500:600], bytes(100)))
    said = {name: damage(str(tmp_path / f"{name}.th")) for name in ("empty", "cut", "zeroed", "missing")}
    assert said["empty"] == "it is empty"
    assert said["cut"] == "it ends after 700 bytes without its checksum"
    assert said["zeroed"] == "its checksum is not that of its contents"
    assert "No such file" in str(said["missing"])
    with pytest.raises(ConfigurationError, match=r"zeroed\.th is damaged: its checksum is not that of its contents"):
        check_whole(str(tmp_path / "zeroed.th"))


def test_of_a_file_that_torch_wrote_its_own_checksums_are_verified(tmp_path):
    torch.save(STATE, tmp_path / "stock.th")
    assert damage(str(tmp_path / "stock.th")) is None
    content = bytearray((tmp_path / "stock.th").read_bytes())
    place = content.index(STATE["weights"].numpy().tobytes())
    content[place + 5] ^= 1
    (tmp_path / "stock.th").write_bytes(content)
    assert "the checksum of its part stock/data/0 is not" in str(damage(str(tmp_path / "stock.th")))


def test_a_full_disk_is_told_by_the_systems_word_and_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "state.th"
    write_whole({"epochs": 1}, str(path))

    def full(state: Any, file: Any) -> None:
        try:
            file.write(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError:
            raise RuntimeError("[enforce fail at inline_container.cc:603] . unexpected pos 64 vs 0")  # noqa: B904

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(OSError, match="No space left on device") as raised:
        write_whole({"epochs": 2}, str(path))
    assert raised.value.errno == errno.ENOSPC
    assert raised.value.filename == str(path)
    assert torch.load(path, weights_only=True) == {"epochs": 1}
    assert [each.name for each in tmp_path.iterdir()] == ["state.th"]
