"""From a checkpoint of transformers to one of transformers: meta-training that skips stage 1."""

import pytest
import torch
from allennlp.commands.train import train_model
from allennlp.common.checks import ConfigurationError
from allennlp.models import load_archive
from transformers import AutoModelForSequenceClassification

from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.exchange.folder import export

CLASSES = dict(enumerate(["neutral", "entailment", "contradiction"]))
OWN = "{ model+: { pooling: 'own' } }"


@pytest.fixture
def checkpoint(bert_folder, tmp_path) -> str:
    whole = AutoModelForSequenceClassification.from_pretrained(bert_folder, num_labels=3, id2label=CLASSES)
    whole.save_pretrained(tmp_path / "theirs")
    load_tokenizer(str(bert_folder)).save_pretrained(tmp_path / "theirs")
    return str(tmp_path / "theirs")


def test_a_checkpoint_is_meta_trained_and_exported(variant, checkpoint, nli_data, tmp_path):
    params = variant(
        "xnli_xla_maml.jsonnet", OWN, encoder=checkpoint, base=checkpoint, xnli=str(nli_data),
        meta_steps_per_language=2, lr=1e-2,
    )  # fmt: skip
    train_model(params, str(tmp_path / "run"))
    archive = load_archive(tmp_path / "run" / "model.tar.gz")
    export(archive, load_tokenizer(checkpoint), tmp_path / "ours")
    before, after = (AutoModelForSequenceClassification.from_pretrained(tmp_path / f) for f in ("theirs", "ours"))
    assert before.config.id2label == CLASSES
    assert after.config.id2label == dict(enumerate(["entailment", "neutral", "contradiction"]))
    # Two steps of a rate of 0.01 by Adam's kind move a weight by 0.02 at most: it is the same head, in our order.
    moved = (after.classifier.weight - before.classifier.weight[[1, 0, 2]]).abs().max()
    assert 0 < float(moved.detach()) < 0.021
    assert not torch.equal(after.bert.pooler.dense.weight, before.bert.pooler.dense.weight)


def test_a_checkpoint_that_will_not_do_is_refused_before_data_are_read(variant, checkpoint, tmp_path):
    params = variant("mlqa_xla_maml.jsonnet", encoder=checkpoint, base=checkpoint, mlqa=str(tmp_path / "nowhere"))
    with pytest.raises(ConfigurationError, match="is a BertForSequenceClassification, and a BertForQuestionAnswering"):
        train_model(params, str(tmp_path / "run"))
