"""Files in archives of data: names that mean the same, links, and every packing that a tar comes in."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.opening import read_text

FILES = {"./v1.0//dev.json": b"{}", "v1.0/test.json": b"[]"}
SYMBOLIC = {
    "latest": "v1.0",
    "dev.json": "./latest/dev.json",
    "old/dev.json": "../v1.0/dev.json",
    "secret": "/etc/hostname",
    "above": "../outside",
    "one": "two",
    "two": "one",
    "nowhere": "v2.0",
}


def tar_of_links() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for name, target in SYMBOLIC.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            tar.addfile(info)
        for name, content in FILES.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        info = tarfile.TarInfo("same.json")
        info.type, info.linkname = tarfile.LNKTYPE, "v1.0/test.json"
        tar.addfile(info)
    return file.getvalue()


@pytest.fixture
def tar(tmp_path) -> Path:
    (tmp_path / "data.tar").write_bytes(tar_of_links())
    return tmp_path / "data.tar"


@pytest.mark.parametrize("member", ["v1.0/dev.json", "./v1.0/dev.json", "v1.0//dev.json", ".//v1.0/./dev.json"])
@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_names_that_mean_the_same_find_the_same_file(tmp_path, tar, kind, member):
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    assert read_text(f"{tmp_path}/data.{kind}!{member}") == "{}"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gzip", "bzip2", "xz"])
def test_a_tar_is_read_however_it_is_packed(tmp_path, tar, pack):
    packed = tmp_path / "packed"
    packed.write_bytes(pack(tar.read_bytes()))
    assert read_text(f"{packed}!v1.0/test.json") == "[]"
    packed.write_bytes(pack(tar.read_bytes())[:-30])
    with pytest.raises(ConfigurationError, match="packed"):
        read_text(f"{packed}!v1.0/none.json")


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("latest/dev.json", "{}"),  # a folder that is a link
        ("dev.json", "{}"),  # a link through a link
        ("old/dev.json", "{}"),
        ("same.json", "[]"),
    ],
)
def test_a_link_within_an_archive_leads_to_its_file(tar, member, content):
    assert read_text(f"{tar}!{member}") == content


@pytest.mark.parametrize(
    ("member", "problem"),
    [
        ("secret", "secret is a link that leads outside of the archive"),
        ("above", "above is a link that leads outside of the archive"),
        ("one", "links in a circle"),
        ("nowhere/dev.json", r"no such file \('nowhere/dev\.json' not found"),
        ("latest", r"no such file|a folder, with v1\.0/dev\.json"),
        ("v1.0/dev.json/", r"no such file"),
    ],
)
def test_a_link_that_leads_elsewhere_is_an_error_that_says_so(tar, member, problem):
    with pytest.raises(ConfigurationError, match=problem):
        read_text(f"{tar}!{member}")


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress], ids=["bzip2", "xz"])
def test_a_tar_made_to_burst_ends_in_an_error(tmp_path, pack):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        info = tarfile.TarInfo("a")
        info.size = 20_000_000
        tar.addfile(info, io.BytesIO(bytes(info.size)))
    (tmp_path / "packed").write_bytes(pack(file.getvalue()))
    with pytest.raises(ConfigurationError, match="unpacks to more than 100 times its size"):
        read_text(f"{tmp_path}/packed!a")
