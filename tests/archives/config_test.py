"""What of an archive's config is used where it is opened."""

import json

from allennlp.models import load_archive

from tests.archives.made import members_in, stock


def test_its_readers_keep_nothing_in_a_folder_that_the_archive_names(run, pairs, tmp_path):
    files = members_in(run / "model.tar.gz")
    config = json.loads(files["config.json"])
    reader = config["dataset_reader"] | {"cache": str(tmp_path / "named")}
    config["dataset_reader"] = {"type": "episodes", "reader": reader}
    config["validation_dataset_reader"] = reader
    files["config.json"] = json.dumps(config).encode()

    archive = load_archive(stock(tmp_path / "model.tar.gz", files))
    # As stage 2 reads, which is what the cache is for.
    examples = archive.dataset_reader.examples({"en": pairs})
    assert len(examples) == 1
    assert not (tmp_path / "named").exists()
    assert "named" not in str(archive.config.params)
