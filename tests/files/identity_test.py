from xlamaml_allennlp.files.identity import files_named, identity, is_read


def test_all_names_of_a_file_are_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").write_text("a")
    (tmp_path / "soft").symlink_to("a")
    (tmp_path / "hard").hardlink_to("a")
    (tmp_path / "b").write_text("a")
    assert identity("a") == identity("./a") == identity(str(tmp_path / "soft")) == identity("hard") != identity("b")
    # So are those of a file that is not there yet.
    assert identity("c") == identity("./c") == identity(str(tmp_path / "c")) != identity("d")


def test_a_device_is_no_file_that_is_lost():
    assert identity("/dev/null") is None
    assert not is_read("/dev/null", "/dev/null")


def test_the_files_of_a_data_path_are_those_of_its_languages_and_its_archives(tmp_path):
    (tmp_path / "look!").write_text("a")
    there = str(tmp_path / "look!")
    assert list(files_named({"hi": "all.zip!dev-hi.tsv", "sw": ["a.tsv", there]})) == ["all.zip", "a.tsv", there]
    assert is_read("all.zip", [{"hi": "all.zip!dev-hi.tsv"}])
    assert not is_read("dev-hi.tsv", "all.zip!dev-hi.tsv")
    assert not is_read("a\0", "b")
