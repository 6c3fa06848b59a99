"""Where files come from, and how they are packed."""

import bz2
import gzip
import lzma
import zipfile

import pytest
from allennlp.common import file_utils
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.nli.formats import read_rows

TSV = "A cat.\tA dog.\tneutral\n" * 500


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(file_utils, "CACHE_DIRECTORY", str(tmp_path / "cache"))


@pytest.mark.parametrize("name", ["dev-en.tsv.gz", "dev-en.tsv"])
def test_gzip_goes_by_content(write, name):
    assert len(list(read_rows(write(name, gzip.compress(TSV.encode()))))) == 500


@pytest.mark.parametrize(
    ("ending", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("XZ", lzma.compress), ("gz?download=1", bytes)]
)
def test_json_lines_are_told_from_tables_however_they_are_packed(write, ending, pack):
    # No brace in front, so that the name alone tells.
    path = write(f"dev.jsonl.{ending}", pack(b"[]"))
    with pytest.raises(ConfigurationError, match="a list, not an object"):
        list(read_rows(path))


def test_gzipped_json_lines_hold_pairs(write):
    path = write("dev.jsonl.gz", gzip.compress(b'{"premise": "A.", "hypothesis": "B.", "label": 0}\n'))
    assert [row.premise for row in read_rows(path)] == ["A."]


def test_a_member_of_an_archive_is_read_in_place(tmp_path, cache):
    with zipfile.ZipFile(tmp_path / "XNLI-1.0.zip", "w") as archive:
        archive.writestr("XNLI-1.0/dev-en.tsv", TSV)
    assert len(list(read_rows(f"{tmp_path}/XNLI-1.0.zip!XNLI-1.0/dev-en.tsv"))) == 500


def test_a_missing_member_is_named(tmp_path, cache):
    with zipfile.ZipFile(tmp_path / "XNLI-1.0.zip", "w") as archive:
        archive.writestr("XNLI-1.0/dev-en.tsv", TSV)
    with pytest.raises(ConfigurationError, match=r"zip!dev-en\.tsv: no such file \('dev-en\.tsv' not found within"):
        list(read_rows(f"{tmp_path}/XNLI-1.0.zip!dev-en.tsv"))


def test_an_archive_without_a_member_says_how_to_name_one(tmp_path):
    with zipfile.ZipFile(tmp_path / "XNLI-1.0.zip", "w") as archive:
        archive.writestr("dev-en.tsv", TSV)
    with pytest.raises(ConfigurationError, match=r"XNLI-1\.0\.zip!folder/file"):
        list(read_rows(f"{tmp_path}/XNLI-1.0.zip"))


def test_an_exclamation_mark_in_a_folder_is_no_archive(write):
    assert len(list(read_rows(write("look!/dev-en.tsv", TSV)))) == 500


def test_a_missing_file_is_named_with_what_to_do(tmp_path):
    with pytest.raises(ConfigurationError, match=r"nothing\.tsv: no such file .* Check the path, or download the data"):
        list(read_rows(str(tmp_path / "nothing.tsv")))


def test_an_address_of_an_unknown_kind_is_an_error(cache):
    with pytest.raises(ConfigurationError, match=r"gopher://host/dev-en\.tsv: cannot be had \(ValueError: .*Check it"):
        list(read_rows("gopher://host/dev-en.tsv"))


def test_an_empty_file_is_an_error(write):
    with pytest.raises(ConfigurationError, match=r"dev-en\.tsv: the file is empty"):
        list(read_rows(write("dev-en.tsv", "\n")))


def test_a_gzip_file_that_is_cut_short_is_an_error(write):
    packed = gzip.compress(TSV.encode(), compresslevel=0)
    path = write("dev-en.tsv.gz", packed[: len(packed) // 2])
    with pytest.raises(ConfigurationError, match=r"dev-en\.tsv\.gz: a broken gzip file, readable up to line \d+"):
        list(read_rows(path))


@pytest.mark.parametrize("at", [12, 60], ids=["in the data", "in the middle"])
def test_a_gzip_file_with_wrong_bytes_is_an_error(write, at):
    packed = bytearray(gzip.compress(bytes(range(32, 127)) * 20))
    packed[at] ^= 0xFF
    with pytest.raises(ConfigurationError, match=r"a broken gzip file"):
        list(read_rows(write("dev-en.tsv.gz", bytes(packed))))


def test_a_name_that_promises_gzip_must_keep_the_promise(write):
    with pytest.raises(ConfigurationError, match=r"not packed with gzip, though its name ends in \.gz"):
        list(read_rows(write("dev-en.tsv.gz", TSV)))


def test_text_that_is_not_utf8_is_named_with_line_and_byte(write):
    path = write("dev-en.tsv", TSV.encode() + "Ein Kater.\tEine Kätzin.\tneutral\n".encode("latin-1"))
    # "Ein Kater.", a tab and "Eine K" are 17 bytes.
    with pytest.raises(ConfigurationError, match=r"dev-en\.tsv:501: not UTF-8 \(byte 0xe4 as byte 18 of the line\)"):
        list(read_rows(path))
