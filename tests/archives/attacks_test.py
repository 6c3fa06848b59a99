"""Archives that a stranger made to do harm: one error each, with names of archive and member, and nothing written."""

import gzip
import os
import re
import tarfile
from pathlib import Path

import pytest
from allennlp.common.checks import ConfigurationError

from tests.archives.made import contents, member, members_in, sealed, stock, tarred
from xlamaml_allennlp.archives.unpacking import unpack

# CVE-2025-4517: links whose real path is longer than the system follows, so that a filter does not see the end of it.
LONG = "d" * 247
LONG_LINKS = [
    pair
    for letter in "abcdefghijklmnop"
    for pair in (member(LONG, kind=tarfile.DIRTYPE), member(letter, kind=tarfile.SYMTYPE, linkname=LONG))
]
ATTACKS: dict[str, tuple[list[tuple[tarfile.TarInfo, bytes]], str]] = {
    "a name above": ([member("../outside", b"x")], r'"\.\./outside" would be written outside'),
    "a name above, deep": ([member("vocabulary/../../outside", b"x")], r'"vocabulary/\.\./\.\./outside" would be'),
    "a name from the root": ([member("/outside", b"x")], r'"/outside" would be written outside'),
    "a folder above": ([member("../outside", kind=tarfile.DIRTYPE)], r'"\.\./outside" would be written outside'),
    "a symbolic link": (
        [member("vocabulary/x", kind=tarfile.SYMTYPE, linkname="../outside")],
        r'"vocabulary/x" is a symbolic link',
    ),
    "a link as a folder": (
        [member("encoder", kind=tarfile.SYMTYPE, linkname="/etc"), member("encoder/x", b"x")],
        r'"encoder" is a symbolic link',
    ),
    "a hard link": ([member("encoder/x", kind=tarfile.LNKTYPE, linkname="../outside")], r'"encoder/x" is a hard link'),
    "a pipe": ([member("encoder/x", kind=tarfile.FIFOTYPE)], r'"encoder/x" is a pipe'),
    "a device": ([member("encoder/x", kind=tarfile.CHRTYPE, devmajor=1, devminor=5)], r'"encoder/x" is a device'),
    "a kind that nobody knows": ([member("encoder/x", kind=b"Z")], r'"encoder/x" is of an unknown kind'),
    "links beyond the longest path": (LONG_LINKS, r'"a" is a symbolic link'),
    "a path beyond the longest": ([member("encoder/" + "d/" * 600 + "x", b"x")], r"has a name that no file has"),
    "a name beyond the longest": ([member("encoder/" + "x" * 256, b"x")], r"has a name that no file has"),
    "a member twice": ([member("config.json", b"{}")], r'"config\.json" is there twice'),
    "a member twice, written otherwise": ([member("./config.json", b"{}")], r'"\./config\.json" is there twice'),
    "a file as a folder": ([member("weights.th/x", b"x")], r'"weights\.th/x" is there twice, or as a file and as a'),
    "a name that no archive has": ([member("evil.py", b"x")], r'"evil\.py" is none that an archive has'),
    "a name that sounds like one": ([member("weights.th2", b"x")], r'"weights\.th2" is none that an archive has'),
}


def refused(path: str, folder: Path, archive: str = "the archive") -> str:
    folder.mkdir()
    with pytest.raises(ConfigurationError) as error:
        unpack(path, str(folder), archive)
    assert str(error.value).startswith(archive)
    return str(error.value)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_one_error_and_writes_nothing_outside(tmp_path, attack):
    others, message = ATTACKS[attack]
    said = refused(stock(tmp_path / "model.tar.gz", contents(), *others), tmp_path / "out")
    assert re.search(message, said)
    assert not os.path.lexists("/outside")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.tar.gz", "out"]
    assert not any(path.is_symlink() for path in (tmp_path / "out").rglob("*"))


def test_a_member_that_no_archive_has_may_be_trusted(tmp_path, monkeypatch):
    monkeypatch.setenv("XLAMAML_TRUST_ARCHIVE", "1")
    unpack(stock(tmp_path / "model.tar.gz", contents(), member("mine", b"x")), str(tmp_path), "the archive")
    assert (tmp_path / "mine").read_bytes() == b"x"


def test_what_macos_packs_beside_the_files_is_left_out_with_a_word(tmp_path, caplog):
    # As its tar repacks an archive: the attributes of each file before it, those of the checksums first of all.
    sealed(tmp_path / "own.tar.gz", contents())
    own = members_in(tmp_path / "own.tar.gz", checksums=True)
    files = {name: each for file, content in own.items() for name, each in ((beside(file), b"Mac"), (file, content))}
    path = stock(tmp_path / "model.tar.gz", files, member("vocabulary/.DS_Store", b"Bud1"))
    (tmp_path / "out").mkdir()
    with caplog.at_level("INFO"):
        unpack(path, str(tmp_path / "out"), "the archive")
    found = {str(each.relative_to(tmp_path / "out")) for each in (tmp_path / "out").rglob("*") if each.is_file()}
    assert found == set(contents())
    # Four files, each with its attributes, and how the window looks.
    assert "the archive: what macOS packs by itself is left out: ._checksums.json and 4 more." in caplog.text


def beside(file: str) -> str:
    folder, slash, name = file.rpartition("/")
    return f"{folder}{slash}._{name}"


@pytest.mark.parametrize("name", ["../._config.json", "/outside/.DS_Store"])
def test_a_name_of_macos_opens_no_way_outside(tmp_path, name):
    said = refused(stock(tmp_path / "model.tar.gz", contents(), member(name, b"x")), tmp_path / "out")
    assert "would be written outside" in said


def test_what_a_folder_holds_is_unpacked_as_it_is(tmp_path):
    # As by `tar -czf model.tar.gz -C RUN .`, with a note that the config names, and a name in Hindi.
    files = {f"./{name}": each for name, each in contents().items()} | {"./notes/गंगा.txt": "नदी".encode()}
    stock(tmp_path / "model.tar.gz", {}, member("./", kind=tarfile.DIRTYPE), *(member(*each) for each in files.items()))
    (tmp_path / "out").mkdir()
    unpack(str(tmp_path / "model.tar.gz"), str(tmp_path / "out"), "the archive")
    found = {str(path.relative_to(tmp_path / "out")): path for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {f"./{name}": path.read_bytes() for name, path in found.items()} == files


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_read_in_every_format_of_tar(tmp_path, format):
    long = "encoder/" + "/".join(["n" * 60] * 3)
    files = [member(*each) for each in {**contents(), long: b"long"}.items()]
    (tmp_path / "model.tar.gz").write_bytes(gzip.compress(tarred(*files, format=format)))
    unpack(str(tmp_path / "model.tar.gz"), str(tmp_path), "the archive")
    assert (tmp_path / long).read_bytes() == b"long"


@pytest.mark.parametrize(
    ("variable", "value", "others", "message"),
    [
        ("GIGABYTES", "0.0001", [member("encoder/x", bytes(200_000))], r'more than 0\.0001 GB, .* member "encoder/x"'),
        (
            "FILES",
            "9",
            [member(f"log/{n}") for n in range(20)],
            r'more than 9 members, with its member "log/6"',
        ),
        ("GIGABYTES", "lots", [], r'XLAMAML_ARCHIVE_GIGABYTES is "lots"; it is a number above 0'),
        ("FILES", "-1", [], r'XLAMAML_ARCHIVE_FILES is "-1"; it is a number above 0'),
    ],
)
def test_limits_are_settings(tmp_path, monkeypatch, variable, value, others, message):
    path = stock(tmp_path / "model.tar.gz", contents(), *others)
    unpack(path, str(tmp_path), "the archive")
    monkeypatch.setenv(f"XLAMAML_ARCHIVE_{variable}", value)
    (tmp_path / "out").mkdir()
    with pytest.raises(ConfigurationError, match=message):
        unpack(path, str(tmp_path / "out"), "the archive")


def test_a_bomb_ends_in_an_error_before_it_fills_anything(tmp_path):
    # 1 GB of zeros in 1 MB, after a beginning that is as it should be.
    million = gzip.compress(bytes(1_000_000))
    head = member("weights.th")[0]
    head.size = 1_000_000_000
    (tmp_path / "model.tar.gz").write_bytes(gzip.compress(head.tobuf(format=tarfile.GNU_FORMAT)) + million * 1000)
    said = refused(str(tmp_path / "model.tar.gz"), tmp_path / "out")
    assert re.search(r'its member "weights\.th" unpacks to more than 100 times its size', said)
    assert (tmp_path / "out" / "weights.th").stat().st_size < 110_000_000


def test_a_header_is_not_read_into_memory_whatever_its_size(tmp_path):
    head = member("a name", kind=tarfile.XHDTYPE)[0]
    head.size = 5_000_000_000
    (tmp_path / "model.tar.gz").write_bytes(gzip.compress(head.tobuf(format=tarfile.GNU_FORMAT) + bytes(10_000_000)))
    assert "a header of 5000000000 bytes" in refused(str(tmp_path / "model.tar.gz"), tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "size", "most"),
    [
        ("encoder/x/config.json", 10_000_001, 10),
        ("checksums.json", 10_000_001, 10),
        ("encoder/x/tokenizer.json", 300_000_001, 300),
        ("vocabulary/tokens.txt", 300_000_001, 300),
    ],
)
def test_what_is_read_into_memory_is_refused_by_its_size_alone(tmp_path, name, size, most):
    head = member(name)[0]
    head.size = size
    (tmp_path / "model.tar.gz").write_bytes(gzip.compress(head.tobuf(format=tarfile.GNU_FORMAT)))
    said = refused(str(tmp_path / "model.tar.gz"), tmp_path / "out")
    assert said == f'the archive: its member "{name}" has more than {most} MB.'


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (b"{", r"config\.json is not JSON \(not JSON, or cut short"),
        (b"[" * 100_000, r"config\.json is not JSON \(brackets within brackets"),
        (b'{"a": importstr "/etc/passwd"}', r"config\.json is not JSON"),
        (b"local f(n) = f(n + 1); f(0)", r"config\.json is not JSON"),
        (b'{"a": std.extVar("HOME")}', r"config\.json is not JSON"),
        (b'{"a": 1, "a": 2}', r'the key "a" is there twice'),
        (b"[]", r"config\.json is no object"),
        (b" " * 10_000_001, r'member "config\.json" has more than 10 MB'),
        (b'{"model": {"transformer_kwargs": {"trust_remote_code": true}}}', r"config\.json has trust_remote_code"),
    ],
)
def test_a_config_in_an_archive_is_json_and_asks_for_no_code(tmp_path, config, message):
    said = refused(stock(tmp_path / "model.tar.gz", contents(config_json=config)), tmp_path / "out")
    assert re.search(message, said)


def test_an_archive_without_a_config_is_none(tmp_path):
    files = contents()
    del files["config.json"]
    assert "it has no config.json" in refused(stock(tmp_path / "model.tar.gz", files), tmp_path / "out")
