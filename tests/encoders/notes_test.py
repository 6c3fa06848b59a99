import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.encoders import notes
from xlamaml_allennlp.encoders.notes import DATA_USE, notes_in, write_data_use


def test_a_manifest_is_in_the_folder_that_goes_into_the_archive(tmp_path):
    write_data_use(tmp_path, b"before")
    write_data_use(tmp_path, b"read")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")] == ["encoder/data_use.bin"]
    assert notes_in(tmp_path, {"protocol": {"train": ["en"]}}) == (b"read", {"train": ["en"]}, None)


def test_an_archive_of_before_has_no_notes(tmp_path):
    assert notes_in(tmp_path) == notes_in(tmp_path, {}) == (None, None, None)


def test_more_than_any_run_writes_is_not_read(tmp_path, monkeypatch):
    write_data_use(tmp_path, b"12345")
    monkeypatch.setattr(notes, "LIMIT", 4)
    with pytest.raises(ConfigurationError, match=f"{DATA_USE} has 5 bytes, and no run writes over 4"):
        notes_in(tmp_path)
