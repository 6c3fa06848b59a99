"""An encoder that comes with code of its own is refused: the code is not run, and nobody is asked whether to."""

import json
from pathlib import Path

import pytest
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader, Vocabulary

from xlamaml_allennlp.encoders.encoder import load_encoder
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.qa.model import CrossLingualSpanQa


@pytest.fixture
def strange(tmp_path, monkeypatch) -> Path:
    """Such a folder. Answering a question fails the test, whatever the answer."""
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("asked on standard input"))
    folder = tmp_path / "strange"
    folder.mkdir()
    mapping = {"AutoConfig": "code.Config", "AutoModel": "code.Model", "AutoTokenizer": ["code.Slow", "code.Fast"]}
    (folder / "config.json").write_text(json.dumps({"model_type": "strange", "auto_map": mapping}))
    (folder / "tokenizer_config.json").write_text(json.dumps({"auto_map": mapping, "tokenizer_class": "Slow"}))
    (folder / "tokenizer.json").write_text("{}")
    (folder / "code.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    return folder


@pytest.mark.parametrize(
    "load",
    [load_tokenizer, load_encoder, XnliReader, lambda name: CrossLingualSpanQa(Vocabulary.empty(), name)],
    ids=["tokenizer", "encoder", "reader", "model"],
)
def test_code_of_a_folder_is_refused_by_the_key_that_names_it(strange, load):
    with pytest.raises(ConfigurationError, match=r'model_name: ".*strange": .*code of its own, which is never run'):
        load(str(strange))
    assert not (strange.parent / "ran").exists()


def test_an_encoder_of_a_known_kind_is_loaded_without_the_code_that_comes_with_it(strange, bert_folder):
    # transformers prefers its own class where it has one.
    for name in ("tokenizer.json", "tokenizer_config.json", "model.safetensors"):
        (strange / name).write_bytes((bert_folder / name).read_bytes())
    config = json.loads((bert_folder / "config.json").read_text())
    (strange / "config.json").write_text(json.dumps({**config, "auto_map": {"AutoModel": "code.Model"}}))
    assert type(load_encoder(str(strange))).__name__ == "BertModel"
    assert DatasetReader.by_name("xnli")(str(strange)).labels
    assert not (strange.parent / "ran").exists()
