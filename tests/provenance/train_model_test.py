import pytest
from allennlp.commands.train import TrainModel
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader


@DatasetReader.register("reads_nothing_before_the_archive_is_there")
class Unread(DatasetReader):
    def _read(self, file_path):
        raise AssertionError("data were read")


def config(**more):
    model = {"type": "cross_lingual_pair_classifier", "model_name": "m", "pretrained_file": "runs/1/model.tar.gz"}
    return Params(
        {
            "type": "next_stage",
            "dataset_reader": {"type": "reads_nothing_before_the_archive_is_there"},
            "train_data_path": "a.tsv",
            "data_loader": {"batch_size": 1},
            "model": model,
            "trainer": {"optimizer": "adam"},
            **more,
        }
    )


def build(params, folder):
    # As `allennlp train` does, which sets up logging for the whole process besides.
    return TrainModel.from_params(params, serialization_dir=str(folder), local_rank=0)


def test_a_missing_archive_is_noticed_before_data_are_read_and_the_error_says_how_to_make_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError) as error:
        build(config(base_config='(import "xlamaml/a.jsonnet")(support=["sw"])'), tmp_path)
    commands = [line.strip() for line in str(error.value).splitlines() if line.startswith("  ")]
    assert commands == [
        """echo '(import "xlamaml/a.jsonnet")(support=["sw"])' > 1.jsonnet""",
        "allennlp train 1.jsonnet --include-package xlamaml_allennlp -s runs/1",
    ]


def test_a_misspelt_key_at_the_top_is_an_error(tmp_path):
    with pytest.raises(ConfigurationError, match="train_datapath"):
        build(config(train_datapath="a.tsv"), tmp_path)
