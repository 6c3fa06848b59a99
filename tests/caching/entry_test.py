import pytest

from xlamaml_allennlp.caching.entry import Draft, about_entry
from xlamaml_allennlp.caching.lock import making


def made(cache, text="content", about=7):
    draft = Draft(cache, "entry")
    (draft.folder / "file").write_text(text)
    return draft.finish(about)


def test_an_entry_is_not_there_before_it_is_whole(tmp_path):
    draft = Draft(tmp_path / "cache", "entry")
    (draft.folder / "file").write_text("content")
    assert about_entry(tmp_path / "cache" / "entry") is None
    entry = draft.finish({"of": [1, "ä"]})
    assert about_entry(entry) == {"of": [1, "ä"]}
    assert (entry / "file").read_text() == "content"


def test_who_is_slower_takes_what_is_there(tmp_path):
    entry = made(tmp_path, "of the first")
    assert made(tmp_path, "of the second") == entry
    assert (entry / "file").read_text() == "of the first"
    assert [path.name for path in tmp_path.iterdir()] == ["entry"]


def test_what_is_damaged_gives_way(tmp_path):
    entry = made(tmp_path, "of the first")
    (entry / "file").write_text("of the worst")
    assert about_entry(entry) is None
    assert (made(tmp_path, "of the second") / "file").read_text() == "of the second"


@pytest.mark.parametrize("content", ["", "\n", "{", "d41d\n{}"])
def test_a_marker_of_something_else_is_none(tmp_path, content):
    entry = made(tmp_path)
    (entry / "whole.txt").write_text(content)
    assert about_entry(entry) is None


def test_a_folder_that_cannot_be_locked_is_not_alone(tmp_path):
    (tmp_path / "file").write_text("")
    with making(tmp_path / "file" / "cache", "entry") as is_alone:
        assert not is_alone
    with making(tmp_path / "cache", "entry") as is_alone:
        assert is_alone
