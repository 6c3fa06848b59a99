"""Archives, pipes and files that are larger than they look."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.opening import opened, read_text


def tar(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\x28\xb5\x2f\xfd", "a Zstandard file, not text. Unpack it, or pack it with gzip or zip"),
        (gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "packed twice, not text. Unpack it once"),
        (lzma.compress(bz2.compress(b"x")), "packed twice, not text. Unpack it once"),
        (bz2.compress(b"x" * 257 + b"ustar"), "an archive of tar, packed with bzip2. Unpack it, or pack it with gzip"),
        ("x".encode("utf-16"), "UTF-16, not text. Convert it to UTF-8"),
        (b"PAR1\x15\x04", "a Parquet file, not text. Give its folder as datasets:FOLDER"),
    ],
)
def test_what_is_packed_otherwise_is_called_by_its_name(tmp_path, content, problem):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(ConfigurationError, match=problem):
        read_text(str(tmp_path / "a"))


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("", "The data path is empty"),
        (" ", "The data path is empty"),
        ("[" * 5000, "5000 characters are no path"),
        ("/dev/zero", "/dev/zero: a device, neither a file nor a pipe"),
        ("nothing\0", "no such file|cannot be had"),
        ("\ud800", "no such file|cannot be had"),
    ],
)
def test_a_path_that_names_no_file_says_why(path, problem):
    with pytest.raises(ConfigurationError, match=problem):
        read_text(path)


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(ConfigurationError, match=r"a folder, with a\.json\. Name a file"):
        read_text(str(tmp_path))


def test_a_folder_of_an_archive_is_named_with_its_files(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("dev/hi.json", "{}")
    for folder in ("dev", "dev/"):
        with pytest.raises(ConfigurationError, match=r"all.zip!dev/?: a folder, with dev/hi\.json\. Name a file in it"):
            read_text(f"{tmp_path}/all.zip!{folder}")


@pytest.mark.parametrize("name", ["all.tar", "all.tar.gz"])
def test_archives_of_tar_are_read_alike(tmp_path, name):
    tar(tmp_path / name, {"dev/en.json": b"x" * 99_999, "dev/hi.json": b"{}", "dev/hi.gz": gzip.compress(b"[]")})
    assert read_text(f"{tmp_path / name}!dev/hi.json") == "{}"
    assert read_text(f"{tmp_path / name}!dev/hi.gz") == "[]"
    with pytest.raises(ConfigurationError, match=r"!dev: a folder, with dev/en.json, dev/hi.json"):
        read_text(f"{tmp_path / name}!dev")
    with pytest.raises(ConfigurationError, match=r"'nothing' not found within .*; there are dev/en.json, dev/hi"):
        read_text(f"{tmp_path / name}!nothing")


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 and no more", gzip.compress(b"x" * 9999, mtime=0)[:30]])
def test_what_is_no_archive_has_no_members(tmp_path, content):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"no archive of zip or tar|cannot be read as an archive"):
        read_text(f"{tmp_path}/a!b")


def test_a_pipe_is_read_once_and_from_its_first_byte(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        with open(pipe, "wb", buffering=0) as file:
            for byte in gzip.compress(b"one\ntwo\n"):
                file.write(bytes([byte]))

    writer = threading.Thread(target=write)
    writer.start()
    assert read_text(str(pipe)) == "one\ntwo\n"
    writer.join()


def test_a_file_has_no_more_bytes_than_the_limit(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 1000)
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x" * 1000))
    for name in ("a", "a.gz"):
        assert len(read_text(str(tmp_path / name), limit=1000)) == 1000
        with pytest.raises(
            ConfigurationError, match=r"more than 0\.000999 MB\. Split it, or raise .*max_file_megabytes"
        ):
            read_text(str(tmp_path / name), limit=999)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_whoever_does_not_hold_a_file_reads_any_number_of_bytes(tmp_path, pack, monkeypatch):
    # All of it, though texts pack to no thousandth, and beyond the limit that holds where none is given.
    monkeypatch.setattr("xlamaml_allennlp.files.bounded.FREE", 1000)
    (tmp_path / "a").write_bytes(pack(b"x" * 1_000_000))
    with opened(str(tmp_path / "a"), limit=None) as file:
        assert len(file.read()) == 1_000_000


@pytest.mark.parametrize("packed", ["gz", "bz2", "xz", "zip", "tar.gz"])
def test_a_file_made_to_burst_is_an_error_before_it_does(tmp_path, packed):
    zeros = b"0" * 50_000_000
    path, name = tmp_path / f"a.{packed}", f"{tmp_path}/a.{packed}!a"
    if packed in ("gz", "bz2", "xz"):
        zeros = zeros[:5_000_000]
        pack = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}[packed]
        path.write_bytes(pack(zeros))
        name = str(path)
    elif packed == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr("a", zeros)
    else:
        tar(path, {"a": zeros})
    with pytest.raises(ConfigurationError, match="unpacks to more than 100 times its size"):
        read_text(name)
