import bz2
import gzip
import lzma
import zipfile

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.opening import read_text


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_text_is_the_same_however_it_is_packed_and_with_a_byte_order_mark(tmp_path, pack, mark):
    (tmp_path / "a").write_bytes(pack(mark + "गंगा\n".encode()))
    assert read_text(str(tmp_path / "a")) == "गंगा\n"


def test_a_member_of_an_archive_is_named_behind_an_exclamation_mark(tmp_path, monkeypatch):
    monkeypatch.setattr("allennlp.common.file_utils.CACHE_DIRECTORY", str(tmp_path / "cache"))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("dev/hi.json", "{}")
    assert read_text(f"{tmp_path}/all.zip!dev/hi.json") == "{}"
    with pytest.raises(ConfigurationError, match=r"all.zip: an archive\. Name the file in it"):
        read_text(str(tmp_path / "all.zip"))


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a", b"x\ny\xff", r"a:2: not UTF-8 \(byte 0xff\)"),
        ("a.gz", gzip.compress(b"x" * 999, mtime=0)[:20], "a broken gzip file"),
        ("a.bz2", bz2.compress(b"x" * 999)[:30], "a broken bzip2 file"),
        ("a.bz2", bz2.compress(b"x" * 999)[:12] + b"x" * 30, "a broken bzip2 file"),
        ("a.xz", lzma.compress(b"x" * 999)[:40], "a broken xz file"),
        ("a.xz", lzma.compress(b"x" * 999)[:30] + b"x" * 30, "a broken xz file"),
        ("a.gz", b"x", "not packed with gzip, though its name ends in .gz"),
        ("a.xz", b"x", "not packed with xz, though its name ends in .xz"),
    ],
)
def test_what_is_no_text_is_an_error_that_says_why(tmp_path, name, content, problem):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigurationError, match=problem):
        read_text(str(tmp_path / name))
