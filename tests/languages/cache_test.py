"""What can go wrong with a folder of kept examples: a line in the log, and the examples of the files all the same."""

import errno
import logging
import multiprocessing
import os
import shutil
from pathlib import Path

import pytest
from allennlp.common.checks import ConfigurationError

from tests.languages.same_examples import everything
from tests.nli.conftest import PAIRS
from xlamaml_allennlp.caching import columns
from xlamaml_allennlp.languages import cache as caches
from xlamaml_allennlp.languages.cached_examples import CachedExamples
from xlamaml_allennlp.languages.examples import InMemoryExamples
from xlamaml_allennlp.nli.dataset_reader import XnliReader


@pytest.fixture
def read(bert_folder, tmp_path, caplog):
    """Reads pairs with a cache, and gives what was read with what was said of the cache."""
    path = tmp_path / "xnli.dev.tsv"
    path.write_text(PAIRS)

    def reading(cache=tmp_path / "cache"):
        caplog.clear()
        caplog.set_level(logging.INFO, "xlamaml_allennlp")
        found = XnliReader(str(bert_folder), 32, cache=None if cache is None else str(cache)).examples(str(path))
        return found, [r.getMessage() for r in caplog.records if r.name == caches.__name__]

    return reading


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.endswith(".lock"))


FILES = ["examples.arrow", "groups.arrow", "ids.arrow", "instances.arrow", "whole.txt"]
DAMAGE = {
    "cut": lambda content: content[: len(content) // 2],
    "a flipped bit": lambda content: content[:300] + bytes([content[300] ^ 1]) + content[301:],
    "empty": lambda content: b"",
    "gone": None,
}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_entry_is_noticed_and_made_again(read, tmp_path, file, damage):
    expected = everything(read()[0])
    (entry,) = entries(tmp_path / "cache")
    assert sorted(os.listdir(entry)) == FILES
    content = (entry / file).read_bytes()
    if DAMAGE[damage] is None:
        (entry / file).unlink()
    else:
        (entry / file).write_bytes(DAMAGE[damage](content))
    found, said = read()
    assert everything(found) == expected
    # It is looked at again when no other process makes it.
    assert "damaged" in said[0]
    assert "kept them in" in said[-1]
    assert (entry / file).read_bytes() == content
    assert ["Reused" in line for line in read()[1]] == [True]


def test_what_a_killed_process_left_is_removed_and_never_read(read, tmp_path, monkeypatch):
    def killed(self, about):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(caches.Draft, "finish", killed)
        patch.setattr(caches.Draft, "drop", lambda self: None)
        with pytest.raises(KeyboardInterrupt):
            read()
    (left,) = entries(tmp_path / "cache")
    assert left.name.endswith(".partial")
    assert isinstance(read()[0], CachedExamples)
    assert [entry.suffix for entry in entries(tmp_path / "cache")] == [""]


@pytest.mark.parametrize("place", ["_flush", "close"])
def test_a_full_disk_costs_a_line(read, tmp_path, monkeypatch, place):
    expected = everything(read(cache=None)[0])

    def full(self):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(columns.TableWriter, place, full)
    found, said = read()
    assert isinstance(found, InMemoryExamples)
    assert everything(found) == expected
    assert len(said) == 1
    assert "No space left on device" in said[0]
    assert entries(tmp_path / "cache") == []


def test_a_folder_that_cannot_be_written_to_costs_a_line(read, tmp_path):
    (tmp_path / "file").write_text("no folder")
    found, said = read(tmp_path / "file" / "cache")
    assert isinstance(found, InMemoryExamples)
    assert len(said) == 1
    assert "Not a directory" in said[0]


def test_another_versions_examples_are_others(read, tmp_path, monkeypatch):
    read()
    monkeypatch.setattr(caches, "_code", lambda: "another")
    assert "kept them in" in read()[1][-1]
    assert len(entries(tmp_path / "cache")) == 2


def test_a_pipe_is_read_once(bert_folder, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = multiprocessing.get_context("fork").Process(target=(tmp_path / "pipe").write_text, args=(PAIRS,))
    writer.start()
    found = XnliReader(str(bert_folder), 32, cache=str(tmp_path / "cache")).examples(str(tmp_path / "pipe"))
    writer.join()
    assert isinstance(found, InMemoryExamples)
    assert len(found) == 6


def test_two_processes_at_once_make_one_entry(read, tmp_path):
    expected = everything(read(cache=None)[0])
    fork = multiprocessing.get_context("fork")
    said = fork.Queue()
    processes = [fork.Process(target=lambda: said.put(read()[1][-1])) for _ in range(2)]
    for process in processes:
        process.start()
    lines = [said.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    assert sorted("Reused" in line for line in lines) == [False, True]
    assert len(entries(tmp_path / "cache")) == 1
    assert everything(read()[0]) == expected


def test_without_a_folder_nobody_asks_how_examples_are_kept(read, monkeypatch):
    monkeypatch.setattr(XnliReader, "form", lambda self: pytest.fail("asked"))
    assert len(read(cache=None)[0]) == 6


def test_an_empty_name_of_a_folder_is_refused(bert_folder):
    with pytest.raises(ConfigurationError, match="cache: it is empty"):
        XnliReader(str(bert_folder), cache=" ")


def test_the_time_of_an_entrys_last_file_is_that_of_its_last_use(read, tmp_path):
    read()
    (marker,) = (tmp_path / "cache").glob("*/whole.txt")
    os.utime(marker, (0, 0))
    assert isinstance(read()[0], CachedExamples)
    assert marker.stat().st_mtime > 1e9


def test_an_entry_may_be_removed_while_it_is_read(read, tmp_path, monkeypatch):
    expected = everything(read(cache=None)[0])
    found = read()[0]
    shutil.rmtree(tmp_path / "cache")
    assert everything(found) == expected
    # And between the look at its marker and its files.
    assert isinstance(read()[0], CachedExamples)
    about_entry = caches.about_entry

    def removing(entry):
        about = about_entry(entry)
        shutil.rmtree(entry, ignore_errors=True)
        return about

    with monkeypatch.context() as patch:
        patch.setattr(caches, "about_entry", removing)
        assert everything(read()[0]) == expected
