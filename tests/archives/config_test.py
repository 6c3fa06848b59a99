"""What of an archive's config is used where it is opened."""

import json
from pathlib import Path

from allennlp.models import load_archive

from tests.archives.made import members_in, stock
from xlamaml_allennlp.archives.config import CACHE, with_own_cache
from xlamaml_allennlp.shipped_configs import FOLDER


def test_its_readers_keep_examples_where_this_machine_does_and_not_in_a_folder_that_the_archive_names(
    run, pairs, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    files = members_in(run / "model.tar.gz")
    config = json.loads(files["config.json"])
    reader = config["dataset_reader"] | {"cache": str(tmp_path / "named"), "num_proc": 1_000_000}
    config["dataset_reader"] = {"type": "episodes", "reader": reader}
    config["validation_dataset_reader"] = reader
    files["config.json"] = json.dumps(config).encode()

    archive = load_archive(stock(tmp_path / "model.tar.gz", files))
    # As stage 2 reads, and as an evaluation does.
    assert len(archive.dataset_reader.examples({"en": pairs})) == 1
    assert len(list(archive.validation_dataset_reader.read({"en": pairs}))) == 1
    assert not (tmp_path / "named").exists()
    assert len(list((tmp_path / "own").glob("xlamaml_allennlp/examples-*[!k]"))) == 1
    assert "named" not in str(archive.config.params)
    assert "num_proc" not in str(archive.config.params)


def test_an_archive_whose_readers_keep_nothing_stays_one():
    config = {"dataset_reader": {"type": "xnli", "cache": None}, "validation_dataset_reader": {"type": "mlqa"}}
    with_own_cache(config)
    assert config == {"dataset_reader": {"type": "xnli"}, "validation_dataset_reader": {"type": "mlqa"}}


def test_this_machines_cache_is_that_of_the_configs():
    assert f"cache: '{CACHE}'" in Path(FOLDER, "lib", "data.libsonnet").read_text(encoding="utf-8")
