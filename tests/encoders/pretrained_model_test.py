import json
import shutil
import tarfile

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary

from xlamaml_allennlp.encoders.pretrained_model import PretrainedModel


class Bare(PretrainedModel):
    """The smallest model of a task."""

    def __init__(self, *args, **keys):
        super().__init__(*args, **keys)
        self.start_from_earlier_stage()


def test_a_missing_pretrained_file_is_an_error_before_the_encoder_is_loaded(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=r'pretrained_file: "runs/one/model.tar.gz" is not there.'):
        Bare(Vocabulary.empty(), "no such encoder", pretrained_file="runs/one/model.tar.gz")


def test_a_pretrained_file_of_a_run_that_has_not_finished_says_so(bert_folder, tmp_path):
    (tmp_path / "config.json").touch()
    with pytest.raises(ConfigurationError, match="has not finished"):
        Bare(Vocabulary.empty(), str(bert_folder), pretrained_file=str(tmp_path / "model.tar.gz"))
    with pytest.raises(ConfigurationError, match=r"is a folder. Give the model.tar.gz in it"):
        Bare(Vocabulary.empty(), str(bert_folder), pretrained_file=str(tmp_path))


def test_a_file_that_is_no_archive_is_one_error(bert_folder, tmp_path):
    (tmp_path / "model.tar.gz").write_bytes(b"not an archive")
    with pytest.raises(ConfigurationError, match=r"pretrained_file: .* is not an archive of `allennlp train`"):
        Bare(Vocabulary.empty(), str(bert_folder), pretrained_file=str(tmp_path / "model.tar.gz"))


def test_an_earlier_stage_spares_loading_the_encoders_own_weights(folder, tmp_path):
    # Its weights would be replaced at once; with a big encoder that is half of the time and a second copy.
    archive = tmp_path / "model.tar.gz"
    torch.save(Bare(Vocabulary.empty(), folder).state_dict(), tmp_path / "weights.th")
    (tmp_path / "config.json").write_text(json.dumps({"model": {"model_name": folder}}))
    with tarfile.open(archive, "w:gz") as tar:
        for name in ("weights.th", "config.json"):
            tar.add(tmp_path / name, arcname=name)
    light = shutil.copytree(folder, tmp_path / "light")
    (light / "model.safetensors").unlink()

    model = Bare(Vocabulary.empty(), str(light), pretrained_file=str(archive))
    for one, other in zip(model.parameters(), Bare(Vocabulary.empty(), folder).parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)


def test_a_model_can_start_from_random_weights(folder):
    one, other = (Bare(Vocabulary.empty(), folder, load_weights=False).encoder for _ in range(2))
    assert not torch.equal(one.embeddings.word_embeddings.weight, other.embeddings.word_embeddings.weight)


@pytest.mark.parametrize(
    ("kind", "unknown"),
    [("BertModel", False), ("BertForMaskedLM", False), ("BertForSequenceClassification", True)],
)
def test_an_encoder_out_of_a_model_for_a_task_has_read_nobody_knows_what(folder, tmp_path, kind, unknown):
    theirs = shutil.copytree(folder, tmp_path / "theirs")
    config = json.loads((theirs / "config.json").read_text())
    (theirs / "config.json").write_text(json.dumps({**config, "architectures": [kind]}))
    notes = Bare(Vocabulary.empty(), str(theirs)).notes
    assert notes == ({str(theirs): (None, None, None)} if unknown else {})
