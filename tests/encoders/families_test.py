"""The table of docs/encoders.md: what is asked of each family, on a tiny random one."""

import logging
import shutil

import pytest
import torch
from allennlp.common import Params
from allennlp.data import Batch, Vocabulary
from allennlp.models import load_archive
from allennlp.models.archival import archive_model
from allennlp.predictors import Predictor

from tests.encoders.families import HALVES
from xlamaml_allennlp.adaptation import ExactInnerLoop, FirstOrderInnerLoop, HigherInnerLoop
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.model import CrossLingualSpanQa
from xlamaml_allennlp.qa.question import Gold

PAIRS = [
    Row("a man sleeps on the red sofa in the big hall", "he rests", "entailment", "en", "1"),
    Row("नमस्ते", "वह", "neutral", "hi", "2"),
    Row("it rains", "it is dry", "contradiction", "en", "3"),
    Row("वह सोता है", "हाँ", "neutral", "hi", "4"),
]


@pytest.fixture
def folder(family_folder) -> str:
    return family_folder


@pytest.fixture
def pooling(family) -> str:
    return "mean" if family in HALVES else "cls"


@pytest.fixture
def classifier(folder, pooling):
    torch.manual_seed(0)
    return CrossLingualPairClassifier(Vocabulary.empty(), folder, pooling=pooling, dropout=0.0).eval()


def tensors(instances):
    batch = Batch(instances)
    batch.index_instances(Vocabulary.empty())
    return batch.as_tensor_dict()


@pytest.fixture
def losses(folder):
    """The support and the query loss of an episode, both padded."""
    instances = XnliReader(folder).texts_to_instances(PAIRS)
    support, query = tensors(instances[:2]), tensors(instances[2:])
    return lambda net: net(**support)["loss"], lambda net: net(**query)["loss"]


def meta_gradient(inner_loop, model, losses):
    model.zero_grad()
    inner_loop(model, *losses).loss.backward()
    return {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}


def relative_error(found, expected):
    assert found.keys() == expected.keys()
    difference = sum(((found[name] - expected[name]) ** 2).sum() for name in expected).sqrt()
    return float(difference / sum((value**2).sum() for value in expected.values()).sqrt())


def test_a_pair_reads_both_texts_and_not_the_padding(folder, classifier):
    reader = XnliReader(folder)
    alone = [classifier(**tensors([instance]))["logits"][0] for instance in reader.texts_to_instances(PAIRS)]
    together = classifier(**tensors(reader.texts_to_instances(PAIRS)))["logits"]
    torch.testing.assert_close(torch.stack(alone), together, rtol=1e-4, atol=1e-5)
    for other in (PAIRS[0]._replace(premise="it rains"), PAIRS[0]._replace(hypothesis="it rains")):
        (changed,) = classifier(**tensors(reader.texts_to_instances([other])))["logits"]
        assert not torch.allclose(changed, alone[0], rtol=1e-4, atol=1e-6)


def test_a_question_is_answered_from_its_context(family, folder):
    if family in HALVES:
        with pytest.raises(Exception, match=r"begins a pair without a special token such as \[CLS\]"):
            MlqaReader(folder)
        return
    reader = MlqaReader(folder, max_length=48, stride=8, max_question_length=12)
    context = "the town hall is at the market, and the school is by the river"
    instances = reader.text_to_instances("where?", context, "en", answers=[Gold("market", context.index("market"))])
    model = CrossLingualSpanQa(Vocabulary.empty(), folder).eval()
    outputs = model(**tensors(instances))
    assert outputs["loss"].isfinite()
    assert all(answer.text in context for answers in outputs["answers"] for answer in answers)
    outputs["loss"].backward()
    assert model.encoder.get_input_embeddings().weight.grad.abs().sum() > 0


def test_exact_is_higher_on_rows_of_the_word_embeddings(classifier, losses, caplog):
    caplog.set_level(logging.INFO, "xlamaml_allennlp.adaptation")
    model = classifier.double()
    expected = meta_gradient(HigherInnerLoop(lr=0.05), model, losses)
    # Some normalise in float32 whatever the weights are.
    assert relative_error(meta_gradient(ExactInnerLoop(lr=0.05), model, losses), expected) < 1e-6
    # The second-order term is there to be missed.
    assert relative_error(meta_gradient(FirstOrderInnerLoop(lr=0.05), model, losses), expected) > 1e-2
    words = next(name for name, p in model.named_parameters() if p is model.encoder.get_input_embeddings().weight)
    assert f"whole of {words}" not in caplog.text
    assert (expected[words].abs().sum(1) > 0).sum() < len(expected[words]) / 2


def test_bfloat16_keeps_the_meta_gradient_but_for_rounding(classifier, losses):
    expected = meta_gradient(ExactInnerLoop(lr=0.01), classifier, losses)

    def rounded(loss):
        def passed(net):
            with torch.autocast("cpu", torch.bfloat16):
                return loss(net)

        return passed

    found = meta_gradient(ExactInnerLoop(lr=0.01), classifier, [rounded(loss) for loss in losses])
    assert all(value.dtype == torch.float32 for value in found.values())
    # bfloat16 has eight bits: 0.4 % each time something is rounded.
    assert relative_error(found, expected) < 0.1


def test_an_archive_predicts_the_same_without_the_encoders_folder(folder, pooling, tmp_path):
    moved = shutil.copytree(folder, tmp_path / "encoder-to-lose")
    run = tmp_path / "run"
    run.mkdir()
    reader = {"type": "xnli", "model_name": str(moved)}
    model = {"type": "cross_lingual_pair_classifier", "model_name": str(moved), "pooling": pooling}
    trained_reader = XnliReader(str(moved), serialization_dir=str(run))
    trained = CrossLingualPairClassifier(Vocabulary.empty(), str(moved), pooling=pooling, serialization_dir=str(run))
    params = Params({"dataset_reader": reader, "model": model, "vocabulary": {"type": "empty"}})
    params.to_file(str(run / "config.json"))
    Vocabulary.empty().save_to_files(str(run / "vocabulary"))
    torch.save(trained.state_dict(), run / "best.th")
    archive_model(str(run), include_in_archive=["encoder"])
    shutil.rmtree(moved)

    expected = trained.eval().forward_on_instances(trained_reader.texts_to_instances(PAIRS))
    predictor = Predictor.from_archive(load_archive(run / "model.tar.gz"))
    lines = [{"premise": p.premise, "hypothesis": p.hypothesis, "language": p.language} for p in PAIRS]
    found = predictor.predict_batch_json(lines)
    for line, output in zip(found, expected, strict=True):
        assert list(line["probs"].values()) == pytest.approx(output["probs"].tolist(), abs=1e-6)
