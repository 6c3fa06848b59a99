import json

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.provenance.fingerprint_set import distinct
from xlamaml_allennlp.provenance.manifest import Manifest, Read, Stage
from xlamaml_allennlp.provenance.manifest_file import from_bytes, to_bytes

ENGLISH = Read(
    "train", "en", "mnli.train.jsonl", 3, "5f", "train", (), "pair", "mnli/train", 2, distinct([9, 5, 7]),
    distinct([1, 2]),
)  # fmt: skip
HINDI = Read("select", "hi", "dev.json", 2, other_languages=("de",), kind="question", texts=distinct([1, 2]))


def told(manifest):
    """What a manifest says, as plain values."""

    def plain(read):
        return {**vars(read), "texts": read.texts.tolist(), "groups": read.groups.tolist()}

    return [(stage.name, stage.read and [plain(read) for read in stage.read]) for stage in manifest.stages]


@pytest.mark.parametrize("stages", [(), (Stage("a", (ENGLISH, HINDI)), Stage("b", None), Stage("c", ()))])
def test_a_manifest_is_the_same_when_it_is_read_again(stages):
    manifest = Manifest(stages)
    assert told(from_bytes(to_bytes(manifest), "there")) == told(manifest)


def test_its_first_line_is_for_people():
    line = json.loads(to_bytes(Manifest((Stage("mnli", (ENGLISH,)),))).split(b"\n")[0])
    (stage,) = line["stages"]
    assert stage["name"] == "mnli"
    (read,) = stage["read"]
    expected = {"use": "train", "language": "en", "source": "mnli.train.jsonl", "examples": 3, "sha256": "5f"}
    assert expected.items() <= read.items()
    assert (read["texts"], read["groups"]) == (3, 2)  # how many follow


def test_stages_are_told_once_and_a_file_that_changed_twice():
    changed = Read("train", "en", "mnli.train.jsonl", 1, "60", kind="pair", texts=distinct([4]))
    more = Read(
        "train", "en", "mnli.train.jsonl", 4, "5f", "train", ("fr",), "pair", "mnli/train", 3, distinct([11, 5]),
        distinct([2, 3]),
    )  # fmt: skip
    first = Manifest((Stage("a", None), Stage("run", (ENGLISH,))))
    united = first.united(Manifest((Stage("run", (more, changed, HINDI)),)))
    assert [stage.name for stage in united.stages] == ["a", "run"]
    assert not united.is_complete
    read = united.stages[1].read
    assert [(one.use, one.sha256, one.texts.tolist(), one.groups.tolist(), one.examples) for one in read] == [
        ("select", None, [1, 2], [], 2),
        ("train", "5f", [5, 7, 9, 11], [1, 2, 3], 4),
        ("train", "60", [4], [], 1),
    ]
    assert to_bytes(united.united(first)) == to_bytes(united)


def test_a_stage_that_nobody_knows_of_stays_unknown_beside_one_of_its_name():
    both = Manifest((Stage("run", None),)).united(Manifest((Stage("run", (ENGLISH,)),)))
    assert not both.is_complete
    assert [read.language for _, read in both.read("train")] == ["en"]


def change(line_change=lambda told: None, rest=lambda sets: sets):
    line, _, sets = to_bytes(Manifest((Stage("a", (ENGLISH, HINDI)),))).partition(b"\n")
    told = json.loads(line)
    line_change(told)
    return json.dumps(told).encode() + b"\n" + rest(sets)


def first_read(key, value):
    return lambda told: told["stages"][0]["read"][0].update({key: value})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff",
        b"[]",
        b'{"format": 1}',
        b'{"format": 1, "stages": [3]}',
        b"[" * 100_000,
        change(rest=lambda sets: sets[:-1]),
        change(rest=lambda sets: sets + b"0"),
        change(rest=lambda sets: b"\xff" + sets[1:]),
        change(first_read("texts", 1 << 60)),
        change(first_read("texts", -1)),
        change(first_read("groups", True)),
        change(first_read("language", ["en"])),
        change(first_read("other_languages", [1])),
        change(lambda told: told["stages"][0]["read"][0].pop("use")),
    ],
)
def test_a_damaged_manifest_is_an_error_that_names_the_archive(content):
    with pytest.raises(ConfigurationError, match=r"^a\.tar\.gz: its data-use manifest is damaged"):
        from_bytes(content, "a.tar.gz")


def test_one_of_a_later_format_says_which_versions_read_it():
    with pytest.raises(ConfigurationError, match=r"has the format 2, and this version .* reads 1"):
        from_bytes(change(lambda told: told.update(format=2)), "a.tar.gz")
