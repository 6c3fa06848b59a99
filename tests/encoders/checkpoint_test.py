"""A model that somebody trained with transformers is a start, if it is for the same task and its classes have names."""

import json

import pytest
import torch
import transformers
from allennlp.common.checks import ConfigurationError
from allennlp.data import Batch, Vocabulary

from tests.encoders.families import FAMILIES, HALVES
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.model import CrossLingualSpanQa

NAMES = ["Contradiction", "ENTAILMENT", "neutral"]


def saved(family, folder, kind, **keys):
    """A checkpoint with random weights that differ from class to class, and its model."""
    FAMILIES[family].save(folder)
    whole = getattr(transformers, kind).from_pretrained(folder, **keys)
    generator = torch.Generator().manual_seed(1)
    for name, parameter in whole.named_parameters():
        if not name.startswith(f"{whole.base_model_prefix}."):
            parameter.data = torch.randn(parameter.shape, generator=generator)
    whole.save_pretrained(folder)
    return whole.eval()


def classifier(family, folder, names=NAMES):
    classes = dict(enumerate(names))
    return saved(family, folder, "AutoModelForSequenceClassification", num_labels=len(names), id2label=classes)


def collated(instances):
    batch = Batch(instances)
    batch.index_instances(Vocabulary.empty())
    return batch.as_tensor_dict()


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - set(HALVES)))
def test_the_classes_of_a_checkpoint_are_ours_by_name(family, tmp_path):
    whole = classifier(family, tmp_path)
    model = CrossLingualPairClassifier(
        Vocabulary.empty(), str(tmp_path), pooling="own", pretrained_file=str(tmp_path)
    ).eval()
    batch = collated(XnliReader(str(tmp_path)).texts_to_instances([Row("a man", "he rests", language="en")]))
    adapters = {"lang_ids": torch.tensor([0])} if family == "xmod" else {}
    expected = whole(**batch["tokens"], **adapters).logits[:, [1, 2, 0]]
    torch.testing.assert_close(model(**batch)["logits"], expected, rtol=1e-6, atol=1e-6)


def test_a_question_answerer_is_a_start_and_its_bias_says_nothing(tmp_path):
    whole = saved("xlm-roberta", tmp_path, "AutoModelForQuestionAnswering")
    model = CrossLingualSpanQa(Vocabulary.empty(), str(tmp_path), pretrained_file=str(tmp_path)).eval()
    batch = collated(MlqaReader(str(tmp_path)).text_to_instances("where?", "at the market", "en"))
    start, end = batch["context_span"][0].tolist()
    theirs, ours = whole(**batch["tokens"]), model(**batch)
    for key in ("start_logits", "end_logits"):
        expected = theirs[key][:, start:end].softmax(-1)
        torch.testing.assert_close(ours[key][:, start:end].softmax(-1), expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("names", "keys", "reason"),
    [
        (["LABEL_0", "LABEL_1", "LABEL_2"], {}, "names its classes LABEL_0, .* give `model.pretrained_labels`"),
        (["entailment", "not_entailment"], {}, "tells 2 classes apart, .* and this model 3"),
        (["entailment", "neutral", "contradictory"], {}, "where the same classes have other names"),
        (NAMES, {"pooling": "cls"}, 'Give the model `pooling: "own"`'),
    ],
)
def test_a_head_that_ours_cannot_hold_is_refused_before_weights_are_read(names, keys, reason, tmp_path):
    classifier("bert", tmp_path, names)
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(ConfigurationError, match=f"pretrained_file: .*{reason}"):
        CrossLingualPairClassifier(
            Vocabulary.empty(), str(tmp_path), **{"pooling": "own", "pretrained_file": str(tmp_path), **keys}
        )


def test_nameless_classes_are_named_by_the_config(tmp_path):
    whole = classifier("bert", tmp_path, ["LABEL_0", "LABEL_1", "LABEL_2"])
    names = ["neutral", "contradiction", "entailment"]
    model = CrossLingualPairClassifier(
        Vocabulary.empty(), str(tmp_path), pooling="own", pretrained_file=str(tmp_path), pretrained_labels=names
    )
    assert torch.equal(model.classifier.network.classifier.weight, whole.classifier.weight[[2, 0, 1]])


def test_a_checkpoint_for_another_task_is_refused(tmp_path):
    saved("bert", tmp_path, "AutoModelForQuestionAnswering")
    with pytest.raises(ConfigurationError, match="is a BertForQuestionAnswering, and a BertForSequenceClassification"):
        CrossLingualPairClassifier(Vocabulary.empty(), str(tmp_path), pooling="own", pretrained_file=str(tmp_path))


def test_an_encoder_alone_is_no_start(tmp_path):
    FAMILIES["bert"].save(tmp_path)
    with pytest.raises(ConfigurationError, match=r"is a BertModel, .* For an encoder alone give `model_name` only"):
        CrossLingualPairClassifier(Vocabulary.empty(), str(tmp_path), pooling="own", pretrained_file=str(tmp_path))


def test_a_folder_with_code_of_its_own_is_refused(tmp_path):
    classifier("bert", tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    config.update(auto_map={"AutoConfig": "theirs.Config"}, model_type="theirs")
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ConfigurationError, match=r"pretrained_file: .* neither an archive"):
        CrossLingualPairClassifier(Vocabulary.empty(), str(tmp_path), pooling="own", pretrained_file=str(tmp_path))


def test_a_questions_head_of_more_than_a_linear_layer_is_refused(tmp_path):
    saved("modernbert", tmp_path, "AutoModelForQuestionAnswering")
    with pytest.raises(ConfigurationError, match="is not one linear layer"):
        CrossLingualSpanQa(Vocabulary.empty(), str(tmp_path), pretrained_file=str(tmp_path))
