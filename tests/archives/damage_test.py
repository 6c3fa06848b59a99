"""An archive is whole, or noticed: its members have checksums, and the file has one."""

import gzip
import json
import logging
import random
import re
from pathlib import Path

import pytest
import torch
from allennlp.common.checks import ConfigurationError

from tests.archives.made import contents, member, members_in, sealed, stock, tarred
from xlamaml_allennlp.archives.checksums import seal
from xlamaml_allennlp.archives.unpacking import unpack


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    return Path(sealed(tmp_path_factory.mktemp("sealed") / "model.tar.gz", contents()))


def problem(content: bytes, folder: Path, wanted: list[str] | None = None) -> str:
    """What is said of an archive with this content; nothing if it opens."""
    (folder / "model.tar.gz").write_bytes(content)
    (folder / "out").mkdir(exist_ok=True)
    for path in (folder / "out").glob("*.*"):
        path.unlink()
    for path in (folder / "out").glob("*/*"):
        path.unlink()
    try:
        unpack(str(folder / "model.tar.gz"), str(folder / "out"), "the archive", wanted)
    except ConfigurationError as error:
        return str(error)
    return ""


def test_an_archive_opens_with_any_program_and_is_what_was_packed(archive, tmp_path):
    files = members_in(archive, checksums=True)
    assert next(iter(files)) == "checksums.json"
    assert {name: each for name, each in files.items() if name != "checksums.json"} == contents()
    # By `sha256sum`: that of the text "*tags" and a line end.
    digests = json.loads(files["checksums.json"])["sha256"]
    assert digests.keys() == contents().keys()
    assert digests["vocabulary/non_padded_namespaces.txt"].startswith("f316c1c2")
    assert [path.name for path in archive.parent.iterdir()] == ["model.tar.gz"]
    assert problem(archive.read_bytes(), tmp_path) == ""


def test_two_hundred_flips_and_cuts_are_noticed(archive, tmp_path):
    content, draw = archive.read_bytes(), random.Random(0)
    places = [*range(60), *(draw.randrange(len(content)) for _ in range(140))]  # all of the header, and anywhere
    for place in places:
        flipped = bytearray(content)
        flipped[place] ^= 1 << draw.randrange(8)
        assert problem(bytes(flipped), tmp_path).startswith("the archive"), place
    for length in [*range(60), *(draw.randrange(len(content)) for _ in range(140))]:
        assert problem(content[:length], tmp_path).startswith("the archive"), length


def repacked(archive: Path, name: str, change) -> bytes:
    """An archive with one member changed, and packed so that gzip and tar see nothing."""
    files = members_in(archive, checksums=True)
    files[name] = change(files[name])
    return gzip.compress(tarred(*(member(*each) for each in files.items())))


def test_a_flip_that_gzip_does_not_see_is_noticed_and_the_member_named(archive, tmp_path):
    def flip(content: bytes) -> bytes:
        return content[:900] + bytes([content[900] ^ 1]) + content[901:]

    said = problem(repacked(archive, "weights.th", flip), tmp_path)
    assert re.search(r'is damaged: its member "weights\.th" \(its checksum is not that in checksums\.json\)', said)
    # Whatever is wanted of it.
    assert problem(repacked(archive, "weights.th", flip), tmp_path, ["encoder"]) == said


def test_members_packed_anew_open_and_a_member_more_or_less_does_not(archive, tmp_path):
    assert problem(repacked(archive, "weights.th", bytes), tmp_path) == ""
    members = [member(*each) for each in members_in(archive, checksums=True).items()]
    more = problem(gzip.compress(tarred(*members, member("encoder/x"))), tmp_path)
    assert '"encoder/x" is not in checksums.json' in more
    less = problem(gzip.compress(tarred(*members[:-1])), tmp_path)
    assert '"vocabulary/non_padded_namespaces.txt" (it is in checksums.json and not in the archive)' in less
    broken = problem(repacked(archive, "checksums.json", lambda _: b"{}"), tmp_path)
    assert "is damaged: its member checksums.json" in broken


def test_an_archive_without_checksums_opens_with_a_line_in_the_log_and_torchs_are_verified(tmp_path, caplog):
    path = Path(stock(tmp_path / "stock.tar.gz", contents()))
    with caplog.at_level(logging.INFO):
        assert problem(path.read_bytes(), tmp_path) == ""
    (line,) = [record for record in caplog.records if record.name.startswith("xlamaml_allennlp.archives")]
    assert (line.levelno, line.getMessage()) == (
        logging.INFO,
        "the archive has no checksums: it was not written by this version.",
    )
    weights = bytearray(contents()["weights.th"])
    weights[weights.index(torch.arange(40.0).numpy().tobytes()) + 5] ^= 1
    flipped = Path(stock(tmp_path / "stock.tar.gz", contents(weights_th=bytes(weights))))
    assert re.search(
        r'member "weights\.th" \(the checksum of its part .*/data/0', problem(flipped.read_bytes(), tmp_path)
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:1000],
        lambda content: content[:-1024] + b"more" + content[-1020:],  # after the end of the tar
        lambda content: content[:200] + b"7" + content[201:],  # in the header of the second member or so
        lambda content: content.replace(b"ustar", b"ustax", 1),
    ],
)
def test_damage_in_the_blocks_of_a_tar_is_noticed_without_checksums(tmp_path, change):
    tar = tarred(*(member(*each) for each in contents().items()))
    assert problem(gzip.compress(tar), tmp_path) == ""
    assert "is damaged: " in problem(gzip.compress(change(tar)), tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"text", b"PK\3\4", gzip.compress(b"", mtime=0), gzip.compress(b"text", mtime=0)]
)
def test_what_is_no_archive_is_called_so(tmp_path, content):
    assert re.search(r"is not an archive of `allennlp train`|is damaged: its first member", problem(content, tmp_path))


def test_a_full_disk_is_told_by_the_systems_word_and_leaves_the_archive_of_before(tmp_path, monkeypatch):
    path = Path(sealed(tmp_path / "model.tar.gz", contents()))
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    draft = stock(tmp_path / "draft", contents(weights_th=b""))
    with pytest.raises(OSError, match="No space left on device"):
        seal(draft, str(path))
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["model.tar.gz"]
