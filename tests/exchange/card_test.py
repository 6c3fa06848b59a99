"""A card says what the archive says, and that the rest is unknown."""

import json

import pytest
from allennlp.common.checks import ConfigurationError
from huggingface_hub import ModelCard

from xlamaml_allennlp.exchange.card import Facts, Score, model_card, scores_in
from xlamaml_allennlp.exchange.licences import licence_of

CONFIG = {
    "model": {"type": "cross_lingual_pair_classifier", "model_name": "bert-base-multilingual-cased"},
    "train_data_path": {"en": "data/XNLI-1.0/xnli.dev.tsv", "sw": "mine.tsv"},
    "trainer": {"type": "meta", "inner_loop": {"type": "exact", "lr": 1e-5}},
}


def facts(**config):
    return Facts(True, "bert-base-multilingual-cased", {**CONFIG, **config}, "model.tar.gz", "")


def test_the_head_is_read_by_the_hub_and_the_table_holds_languages_files_and_licences():
    card = ModelCard(model_card(facts(), [Score("accuracy", "sw", 0.61234)]))
    assert card.data.language == ["en", "sw"]
    assert card.data.base_model == "bert-base-multilingual-cased"
    assert card.data.pipeline_tag == "text-classification"
    assert "| training | en | data/XNLI-1.0/xnli.dev.tsv | XNLI (CC BY-NC 4.0: no commercial use) |" in card.text
    assert "| training | sw | mine.tsv | unknown |" in card.text
    assert "| accuracy | sw | 0.6123 |" in card.text
    assert 'inner loop `{"type": "exact", "lr": 1e-05}`' in card.text


def test_where_nothing_is_known_nothing_is_claimed():
    text = model_card(facts(train_data_path=None), [])
    assert text.count("Not said in this archive.") == 2
    assert "zero-shot" not in text


def test_a_data_set_is_known_by_the_end_of_its_path():
    assert licence_of("XNLI-1.0/multinli_1.0_train.jsonl").startswith("MultiNLI")
    assert licence_of("https://x.org/XNLI-1.0.zip!XNLI-1.0/xnli.test.tsv").startswith("XNLI")
    assert licence_of("xquad.hi.json").startswith("XQuAD")
    assert licence_of("texts.tsv") == "unknown"


def test_scores_are_those_of_languages(tmp_path):
    metrics = tmp_path / "metrics.json"
    metrics.write_text(json.dumps({"accuracy": 0.5, "accuracy/hi": 0.25, "accuracy/mean": 0.5, "loss": 1.0}))
    assert scores_in(metrics) == [Score("accuracy", "hi", 0.25), Score("accuracy", "mean", 0.5)]
    metrics.write_text(json.dumps({"loss": 1.0}))
    with pytest.raises(ConfigurationError, match="has no scores of languages"):
        scores_in(metrics)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        scores_in(tmp_path / "nowhere.json")
