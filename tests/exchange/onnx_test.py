"""What ONNX Runtime makes of an exported folder's model.onnx is what the archive says."""

from importlib.util import find_spec

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from tests.exchange.folder_test import WITH_CLASSIFIER, WITH_SPANS
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.exchange import folder as exported
from xlamaml_allennlp.exchange import onnx as graphs

with_extra = pytest.mark.skipif(
    not all(map(find_spec, graphs.NEEDED)), reason="needs the extra: pip install 'xlamaml_allennlp[onnx]'"
)
PER_LANGUAGE = {"xmod"}


@pytest.mark.parametrize("family", ["bert"])
def test_without_the_extra_nothing_is_written_and_the_error_says_what_to_install(
    family_folder, pair_archive, tmp_path, monkeypatch
):
    monkeypatch.setattr(graphs, "find_spec", lambda name: None if name == "onnxscript" else object())
    with pytest.raises(ConfigurationError, match=r"needs onnxscript: pip install 'xlamaml_allennlp\[onnx\]'"):
        exported.export(pair_archive(family_folder), load_tokenizer(family_folder), tmp_path / "out", onnx=True)
    assert not (tmp_path / "out").exists()


@with_extra
@pytest.mark.parametrize("family", sorted(set(WITH_CLASSIFIER) - PER_LANGUAGE))
def test_batches_of_any_size_and_length_are_classified_as_transformers_does(family_folder, pair_archive, tmp_path):
    archive = pair_archive(family_folder, pooling="own")
    exported.export(archive, load_tokenizer(family_folder), tmp_path / "out", onnx=True)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "out")
    network = AutoModelForSequenceClassification.from_pretrained(tmp_path / "out").eval()
    answers = graphs._answers_of(tmp_path / "out" / "model.onnx")
    for texts in (["he"], ["she rests", "a man sleeps on the sofa, " * 3, "he", "they", "it is"]):
        inputs = dict(tokenizer(texts, texts, padding=True, return_tensors="pt"))
        with torch.no_grad():
            expected = network(**inputs).logits.softmax(-1)
        assert (answers(inputs)["logits"].softmax(-1) - expected).abs().max() < 1e-4


@with_extra
@pytest.mark.parametrize("family", sorted(set(WITH_SPANS) - PER_LANGUAGE))
def test_spans_are_scored_as_the_archive_does(family_folder, question_archive, tmp_path):
    exported.export(question_archive(family_folder), load_tokenizer(family_folder), tmp_path / "out", onnx=True)
    assert {"model.onnx", "model.onnx.data"} <= {path.name for path in (tmp_path / "out").iterdir()}


@with_extra
@pytest.mark.parametrize("family", ["bert"])
def test_a_graph_that_answers_otherwise_is_noticed_and_nothing_is_written(
    family_folder, pair_archive, tmp_path, monkeypatch
):
    write = graphs._write

    def write_another(network, inputs, path):
        with torch.no_grad():
            network.network.classifier.bias += torch.tensor([1e-2, 0.0, 0.0])
        write(network, inputs, path)

    monkeypatch.setattr(graphs, "_write", write_another)
    archive = pair_archive(family_folder, pooling="own")
    with pytest.raises(ConfigurationError, match=r"ONNX Runtime would give probabilities that differ by"):
        exported.export(archive, load_tokenizer(family_folder), tmp_path / "out", onnx=True)
    assert list(tmp_path.glob("out*")) == []


@pytest.mark.parametrize("family", ["xmod"])
def test_an_encoder_with_an_adapter_for_each_language_is_refused(family_folder, pair_archive, tmp_path, monkeypatch):
    monkeypatch.setattr(graphs, "find_spec", lambda name: object())
    with pytest.raises(ConfigurationError, match="an adapter for each language"):
        exported.export(
            pair_archive(family_folder, pooling="own"), load_tokenizer(family_folder), tmp_path / "out", onnx=True
        )
    assert not (tmp_path / "out").exists()
