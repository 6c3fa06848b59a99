"""A file is hashed once, and again as soon as it may hold something else."""

import gzip
import hashlib
import os
import time
import zipfile

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files import digest

ONE, OTHER = (hashlib.sha256(content).hexdigest() for content in (b"one", b"two"))
LIMIT = 1000


@pytest.fixture
def reads(monkeypatch):
    """What was read, file by file, while everything on the disk is old."""
    monkeypatch.setattr(digest, "_known", {})
    found, read, now = [], digest._read, time.time_ns
    monkeypatch.setattr(digest, "_read", lambda path, *more: found.append(path) or read(path, *more))
    monkeypatch.setattr(digest.time, "time_ns", lambda: now() + 10 * digest.SETTLED)
    return found


def test_a_file_that_stays_as_it_is_is_read_once(tmp_path, reads):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"one"))
    assert [digest.sha256_unpacked(str(path), LIMIT) for _ in range(15)] == [ONE] * 15
    assert reads == [str(path)]


def test_members_of_one_archive_are_told_apart(tmp_path, reads):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("a", "one")
        archive.writestr("b", "two")
    paths = [f"{tmp_path}/all.zip!{name}" for name in "abab"]
    assert [digest.sha256_unpacked(path, LIMIT) for path in paths] == [ONE, OTHER, ONE, OTHER]
    assert len(reads) == 2


def _rewritten(path):
    path.write_bytes(b"two")


def _rewritten_with_its_old_time(path):
    before = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("change", [_rewritten, _rewritten_with_its_old_time])
def test_a_file_that_changed_is_read_again(tmp_path, reads, change):
    path = tmp_path / "a"
    path.write_bytes(b"one")
    assert digest.sha256_unpacked(str(path), LIMIT) == ONE
    time.sleep(0.02)  # more than a tick of the file system's clock
    change(path)
    assert digest.sha256_unpacked(str(path), LIMIT) == OTHER


def test_a_file_that_changed_just_now_is_read_again_even_if_it_looks_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(digest, "_known", {})
    path = tmp_path / "a"
    path.write_bytes(b"one")
    state = digest._state((str(path), None))
    monkeypatch.setattr(digest, "_state", lambda place: state)
    assert digest.sha256_unpacked(str(path), LIMIT) == ONE
    path.write_bytes(b"two")
    assert digest.sha256_unpacked(str(path), LIMIT) == OTHER


def test_what_is_known_of_a_file_is_no_way_around_a_limit(tmp_path, reads):
    path = tmp_path / "a"
    path.write_bytes(b"one")
    assert digest.sha256_unpacked(str(path), None) == ONE
    with pytest.raises(ConfigurationError, match="max_file_megabytes"):
        digest.sha256_unpacked(str(path), 2)
