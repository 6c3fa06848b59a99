"""What of a path may be shown to everybody."""

import pytest

from xlamaml_allennlp.exchange.shown import hub_name, shown_config, shown_path, shown_stage


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/elsewhere/me/data/xnli.dev.tsv", "xnli.dev.tsv"),
        (r"C:\data\xnli.dev.tsv", "xnli.dev.tsv"),
        ("file:///elsewhere/me/x.tsv", "x.tsv"),
        ("data/XNLI-1.0.zip!XNLI-1.0/xnli.dev.tsv", "XNLI-1.0.zip!XNLI-1.0/xnli.dev.tsv"),
        ("https://me:secret@example.org/x.zip?token=1!a/b.tsv", "https://example.org/x.zip!a/b.tsv"),
        ("hf://datasets/facebook/xnli/x.tsv", "hf://datasets/facebook/xnli/x.tsv"),
    ],
)
def test_a_path_is_its_last_part_and_an_address_itself(path, shown):
    assert shown_path(path) == shown
    assert shown_path(path, "0123456789abcdef") == f"{shown} (0123456789ab)"


def test_a_stage_is_named_by_its_run_where_only_its_archive_is_known():
    assert shown_stage("/elsewhere/me/runs/mnli/model.tar.gz") == "mnli"
    assert shown_stage("mnli") == "mnli"


def test_an_encoders_name_is_one_of_the_hub_unless_it_is_a_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models" / "mine").mkdir(parents=True)
    assert hub_name("intfloat/multilingual-e5-small") == "intfloat/multilingual-e5-small"
    assert hub_name("bert-base-multilingual-cased") == "bert-base-multilingual-cased"
    for place in ("models/mine", "/a/b", "./b", "a/b/c", "model.tar.gz", "runs/model.tar.gz"):
        assert hub_name(place) is None, place


def test_a_configuration_keeps_its_settings_and_loses_its_places():
    config = {
        "train_data_path": {"en": "/elsewhere/me/a.tsv"},
        "reader": {"model_name": "/elsewhere/me/bert", "max_length": 128, "tags": ["me/bert", "/x/y"]},
        "trainer": {"lr": 1e-5, "type": "meta"},
    }
    assert shown_config(config) == {
        "reader": {"model_name": "bert", "max_length": 128, "tags": ["me/bert", "y"]},
        "trainer": {"lr": 1e-5, "type": "meta"},
    }


def test_addresses_in_a_configuration_tell_neither_who_opens_them_nor_where_files_lie():
    config = {
        "a": "file:///elsewhere/me/x.tsv",
        "b": "https://me:secret@example.org/x.zip?token=1",
        "c": "hf://me/bert",
    }
    assert shown_config(config) == {"a": "x.tsv", "b": "https://example.org/x.zip", "c": "hf://me/bert"}
