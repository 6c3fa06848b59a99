"""What transformers loads from an exported folder answers as the archive does, whatever the encoder."""

import os

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from tests.encoders.families import FAMILIES, HALVES
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.exchange import folder as exported
from xlamaml_allennlp.exchange.comparison import _batch
from xlamaml_allennlp.exchange.weights import SQUARE
from xlamaml_allennlp.nli.formats import Row

WITH_CLASSIFIER = sorted(set(FAMILIES) - set(HALVES))
# ModernBERT's head for questions is more than a linear layer, and EuroBERT has none.
WITH_SPANS = sorted(set(WITH_CLASSIFIER) - {"modernbert", "eurobert"})


@pytest.mark.parametrize("family", WITH_CLASSIFIER)
def test_the_architectures_own_head_is_exported_as_it_is(family_folder, pair_archive, tmp_path):
    archive = pair_archive(family_folder, pooling="own")
    assert exported.export(archive, load_tokenizer(family_folder), tmp_path / "out") == ""
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= {p.name for p in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize("family", sorted(SQUARE))
def test_a_linear_layer_on_the_first_token_is_exported_through_tanh(family_folder, pair_archive, tmp_path):
    note = exported.export(pair_archive(family_folder), load_tokenizer(family_folder), tmp_path / "out")
    assert "float16" in note


@pytest.mark.parametrize("family", ["bert", "rembert"])
def test_a_linear_layer_on_the_pooler_is_the_architectures_own(family_folder, pair_archive, tmp_path):
    archive = pair_archive(family_folder, pooling="pooler")
    assert exported.export(archive, load_tokenizer(family_folder), tmp_path / "out") == ""


@pytest.mark.parametrize("family", sorted(set(WITH_CLASSIFIER) - set(SQUARE)))
def test_a_head_that_transformers_cannot_hold_is_refused_with_the_setting_that_helps(
    family_folder, pair_archive, tmp_path
):
    with pytest.raises(ConfigurationError, match=r'on "cls", .* Train with `model: \{ pooling: "own" \}`'):
        exported.export(pair_archive(family_folder), load_tokenizer(family_folder), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("family", ["bert"])
def test_the_mean_of_states_is_refused(family_folder, pair_archive, tmp_path):
    with pytest.raises(ConfigurationError, match='on "mean"'):
        exported.export(pair_archive(family_folder, pooling="mean"), load_tokenizer(family_folder), tmp_path / "out")


@pytest.mark.parametrize("family", sorted(HALVES))
def test_an_encoder_cut_from_a_model_with_a_decoder_has_no_class(family_folder, pair_archive, tmp_path):
    with pytest.raises(ConfigurationError, match="one with a decoder only"):
        exported.export(pair_archive(family_folder, pooling="mean"), load_tokenizer(family_folder), tmp_path / "out")


@pytest.mark.parametrize("family", WITH_SPANS)
def test_spans_are_exported_with_a_bias_of_nothing(family_folder, question_archive, tmp_path):
    assert exported.export(question_archive(family_folder), load_tokenizer(family_folder), tmp_path / "out") == ""


@pytest.mark.parametrize("family", ["modernbert", "eurobert"])
def test_heads_for_questions_that_are_no_linear_layer_are_refused(family_folder, question_archive, tmp_path):
    with pytest.raises(ConfigurationError, match=r"not one linear layer|has none"):
        exported.export(question_archive(family_folder), load_tokenizer(family_folder), tmp_path / "out")


@pytest.mark.parametrize("family", ["xlm-roberta"])
def test_pipelines_say_what_the_archive_says(family_folder, pair_archive, tmp_path):
    labels = ["yes", "no", "perhaps"]
    archive = pair_archive(family_folder, pooling="own", labels=labels)
    exported.export(archive, load_tokenizer(family_folder), tmp_path / "out")
    classify = pipeline("text-classification", model=str(tmp_path / "out"), top_k=None)
    said = {each["label"]: each["score"] for each in classify({"text": "नमस्ते", "text_pair": "he rests"})}
    batch = _batch(archive.validation_dataset_reader.texts_to_instances([Row("नमस्ते", "he rests")]))
    expected = dict(zip(labels, archive.model(**batch)["probs"][0].tolist(), strict=True))
    assert said == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("family", ["bert"])
def test_whoever_may_read_new_files_may_read_all_of_the_folder(family_folder, pair_archive, tmp_path):
    before = os.umask(0o022)
    try:
        exported.export(pair_archive(family_folder, pooling="own"), load_tokenizer(family_folder), tmp_path / "out")
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o644}


@pytest.mark.parametrize("family", ["bert"])
def test_what_is_there_already_is_not_written_over(family_folder, pair_archive, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("years of work")
    with pytest.raises(ConfigurationError, match="is there already, and not empty"):
        exported.export(pair_archive(family_folder, pooling="own"), load_tokenizer(family_folder), tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("family", ["bert"])
def test_weights_that_answer_otherwise_are_noticed(family_folder, pair_archive, tmp_path):
    archive = pair_archive(family_folder, pooling="own")
    exported.export(archive, load_tokenizer(family_folder), tmp_path / "out")
    whole = AutoModelForSequenceClassification.from_pretrained(tmp_path / "out")
    with torch.no_grad():
        whole.classifier.bias += torch.tensor([1e-3, 0.0, 0.0])
    whole.save_pretrained(tmp_path / "out")
    with pytest.raises(ConfigurationError, match="differ by"):
        exported.check_same(archive, AutoTokenizer.from_pretrained(tmp_path / "out"), tmp_path / "out")
