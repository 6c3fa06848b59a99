"""What unpacks an archive of a vocabulary or of data follows no link out of it."""

import io
import tarfile
from pathlib import Path

import pytest
from allennlp.common.file_utils import cached_path


def tar(path: Path, links: dict[str, str], files: list[str]) -> str:
    with tarfile.open(path, "w") as archive:
        for name, target in links.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
        for name in files:
            info = tarfile.TarInfo(name)
            info.size = 1
            archive.addfile(info, io.BytesIO(b"x"))
    return str(path)


def test_a_link_through_a_link_leads_nowhere_outside(tmp_path):
    # "here/.." is the archive's own folder by its text, and the folder above it on the disk.
    path = tar(tmp_path / "a.tar", {"here": ".", "above": "here/.."}, ["above/outside"])
    with pytest.raises(ValueError, match=r"a\.tar: its member above is a link upwards"):
        cached_path(path, cache_dir=str(tmp_path / "cache"), extract_archive=True)
    assert not list(tmp_path.rglob("outside"))


def test_links_within_an_archive_are_unpacked_as_before(tmp_path):
    path = tar(tmp_path / "a.tar", {"latest": "v1"}, ["v1/data"])
    folder = cached_path(path, cache_dir=str(tmp_path / "cache"), extract_archive=True)
    assert (Path(folder) / "latest" / "data").read_text() == "x"
