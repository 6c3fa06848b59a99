"""A card says what the archive says, and that the rest is unknown."""

from dataclasses import replace

import pytest
from allennlp.common.checks import ConfigurationError
from huggingface_hub import ModelCard

from xlamaml_allennlp.exchange.card import check_scores, model_card
from xlamaml_allennlp.exchange.facts import Facts
from xlamaml_allennlp.exchange.scores import Score
from xlamaml_allennlp.provenance.manifest import Manifest, Read, Stage

CONFIG = {
    "model": {"type": "cross_lingual_pair_classifier", "model_name": "bert-base-multilingual-cased"},
    "train_data_path": {"en": "/elsewhere/me/XNLI-1.0/xnli.dev.tsv", "sw": "/elsewhere/me/mine.tsv"},
    "trainer": {"type": "meta", "inner_loop": {"type": "exact", "lr": 1e-5}},
}
SQUAD = Read("train", "eng", "/elsewhere/me/squad/train-v1.1.json", 5760, "a" * 64)
DEV = "/elsewhere/me/XNLI-1.0/xnli.dev.tsv"
MANIFEST = Manifest(
    (
        Stage("english", (SQUAD,)),
        Stage("meta", (Read("train", "zh_TW", DEV, 216, "b" * 64), Read("select", "sw", DEV, 216, "b" * 64))),
    )
)
UNKNOWN_FIRST = Manifest((Stage("/elsewhere/me/runs/first/model.tar.gz", None), *MANIFEST.stages))


def facts(manifest=None, **config):
    return Facts(True, CONFIG["model"]["model_name"], {**CONFIG, **config}, "model.tar.gz", manifest=manifest)


def test_the_head_is_read_by_the_hub_and_has_the_iso_codes_of_what_every_stage_was_trained_on():
    card = ModelCard(model_card(facts(MANIFEST), []))
    assert card.data.language == ["en", "zh"]
    assert card.data.base_model == "bert-base-multilingual-cased"
    assert card.data.pipeline_tag == "text-classification"
    assert 'inner loop `{"type": "exact", "lr": 1e-05}`' in card.text


def test_data_are_told_stage_by_stage_with_licences_and_checksums():
    text = model_card(facts(MANIFEST), [])
    noncommercial = "XNLI (CC BY-NC 4.0: no commercial use)"
    assert f"| english | training | eng | train-v1.1.json ({'a' * 12}) | 5,760 | SQuAD (CC BY-SA 4.0) |" in text
    assert f"| meta | training | zh_TW | xnli.dev.tsv ({'b' * 12}) | 216 | {noncommercial} |" in text
    assert f"| meta | selection of the best epoch | sw | xnli.dev.tsv ({'b' * 12}) | 216 | {noncommercial} |" in text


def test_scores_stand_with_their_intervals_numbers_and_whether_they_are_zero_shot():
    scores = [
        Score("accuracy", "hi", 61.234, (55.0, 67.04), 1512, True, "0 + 7"),
        Score("accuracy", "sw", 50.0),
        Score("accuracy", "zh", 40.0),
        Score("accuracy", "mean", 55.6, (50.0, 61.0), 3024),
    ]
    text = model_card(facts(MANIFEST), scores)
    assert "| accuracy | hi | 61.2 | 55.0 to 67.0 | 1,512 | yes | 0 + 7 |" in text
    # Swahili chose the best epoch, and Chinese was trained on, whatever its code.
    assert "| accuracy | sw | 50.0 | unknown | unknown | no | unknown |" in text
    assert "| accuracy | zh | 40.0 | unknown | unknown | no | unknown |" in text
    assert "| accuracy | mean | 55.6 | 50.0 to 61.0 | 3,024 |  |  |" in text


def test_without_a_manifest_nothing_is_claimed():
    text = model_card(facts(), [Score("accuracy", "hi", 61.0, zero_shot=True)])
    assert ModelCard(text).data.language is None
    assert "Unknown: the archive has no data-use manifest." in text
    assert "| last | training | sw | mine.tsv | unknown | unknown |" in text
    assert "| accuracy | hi | 61.0 | unknown | unknown | unknown | unknown |" in text
    nothing = model_card(facts(train_data_path=None), [])
    assert nothing.count("Unknown: ") == 2
    assert "zero-shot" not in nothing


def test_of_an_earlier_stage_without_a_manifest_it_is_unknown_what_it_read():
    text = model_card(facts(UNKNOWN_FIRST), [Score("accuracy", "hi", 61.0), Score("accuracy", "sw", 50.0)])
    assert "| first | unknown | unknown | unknown | unknown | unknown |" in text
    assert "| accuracy | hi | 61.0 | unknown | unknown | unknown | unknown |" in text
    assert "| accuracy | sw | 50.0 | unknown | unknown | no | unknown |" in text


def test_no_place_on_anybodys_machine_is_shown():
    places = {
        "model": {"model_name": "/elsewhere/me/bert", "pretrained_file": "/elsewhere/me/runs/first/model.tar.gz"},
        "base_config": '(import "/elsewhere/me/a.jsonnet")()',
    }
    for manifest in (None, MANIFEST, UNKNOWN_FIRST):
        text = model_card(replace(facts(manifest, **places), encoder="/elsewhere/me/bert"), [])
        assert "elsewhere" not in text
        assert "a.jsonnet" not in text
        assert "# Natural language inference on bert" in text
        assert ModelCard(text).data.base_model is None


def test_metrics_of_another_model_are_refused_by_what_they_say_of_zero_shot():
    check_scores(facts(MANIFEST), [Score("accuracy", "hi", 61.0, zero_shot=True), Score("accuracy", "sw", 50.0)])
    with pytest.raises(ConfigurationError, match="sw is zero-shot by the metrics and trained on by the archive"):
        check_scores(facts(MANIFEST), [Score("accuracy", "sw", 50.0, zero_shot=True)])


def test_a_name_with_a_line_of_its_own_stays_in_its_cell():
    read = Read("train", "hi", "a|b\n<script>.tsv", 1)
    text = model_card(facts(Manifest((Stage("s", (read,)),))), [])
    assert "| s | training | hi | a\\|b &lt;script>.tsv | 1 | unknown |" in text
