import math

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Batch, Vocabulary
from allennlp.models import Model
from transformers import AutoModel

from tests.qa.conftest import DELHI, GANGES
from xlamaml_allennlp.qa.answer_span import Answer
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.model import CrossLingualSpanQa
from xlamaml_allennlp.qa.question import Gold


def gold(text, context):
    return [Gold(text, context.index(text))]


@pytest.fixture(params=["bert_folder", "xlmr_folder"])
def folder(request) -> str:
    return str(request.getfixturevalue(request.param))


def instances_of(folder, labelled=True, **keys):
    reader = MlqaReader(folder, **keys)
    found = reader.text_to_instances("Where?", DELHI, "en", id="a", answers=gold("India", DELHI) if labelled else [])
    return found + reader.text_to_instances(
        "कहाँ?", GANGES, "hi", id="b", answers=gold("हिमालय", GANGES) if labelled else []
    )


def tensors(instances):
    batch = Batch(instances)
    batch.index_instances(Vocabulary.empty())
    return batch.as_tensor_dict()


def new_model(folder, **keys) -> CrossLingualSpanQa:
    torch.manual_seed(0)
    return CrossLingualSpanQa(Vocabulary.empty(), folder, **keys).eval()


def test_scores_are_products_of_hidden_states_with_a_start_and_an_end_vector(folder):
    model, batch = new_model(folder), tensors(instances_of(folder))
    hidden = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()(**batch["tokens"]).last_hidden_state
    output = model(**batch)
    for key, vector in zip(("start_logits", "end_logits"), model.start_and_end.weight, strict=True):
        for row, (begin, end) in enumerate(batch["context_span"].tolist()):
            torch.testing.assert_close(output[key][row, begin:end], hidden[row, begin:end] @ vector)
            outside = torch.cat([output[key][row, :begin], output[key][row, end:]])
            assert (outside == -math.inf).all()


@pytest.mark.parametrize(("objective", "factor"), [("sum", 2), ("mean", 1)])
def test_the_loss_is_that_of_paper_and_pencil(folder, objective, factor):
    model, batch = new_model(folder, objective=objective), tensors(instances_of(folder))
    with torch.no_grad():
        model.start_and_end.weight.zero_()
    # All scores are equal: start and end are one of the context's tokens or [CLS], each as probable; mean of windows.
    lengths = [end - begin + 1 for begin, end in batch["context_span"].tolist()]
    assert model(**batch)["loss"].item() == pytest.approx(factor * sum(map(math.log, lengths)) / 2, rel=1e-5)


def test_the_loss_of_a_batch_is_the_mean_over_its_windows(folder):
    model, instances = new_model(folder), instances_of(folder, max_length=40, stride=5, max_question_length=10)
    assert len(instances) > 4
    whole = model(**tensors(instances))
    parts = [model(**tensors(part)) for part in (instances[:1], instances[1:])]
    weighted = sum(part["loss"].item() * part["batch_size"].item() for part in parts)
    assert weighted / whole["batch_size"].item() == pytest.approx(whole["loss"].item(), rel=1e-5)


def test_a_window_without_the_answer_is_trained_to_point_at_cls(folder):
    instances = instances_of(folder, max_length=40, stride=5, max_question_length=10)
    without = [i for i in instances if i["answer_span"].tensor.tolist() == [0, 0]][:1]
    model, batch = new_model(folder), tensors(without)
    hidden = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()(**batch["tokens"]).last_hidden_state
    begin, end = batch["context_span"][0].tolist()
    possible = torch.cat([hidden[0, :1], hidden[0, begin:end]]) @ model.start_and_end.weight.T
    expected = -possible.log_softmax(dim=0)[0].sum()
    torch.testing.assert_close(model(**batch)["loss"], expected)


def test_the_best_answer_is_where_the_scores_are_highest(folder, monkeypatch):
    model, instances = new_model(folder, n_best=3, max_answer_length=4), instances_of(folder)
    batch = tensors(instances)
    # Start at the answer's first token, end at its last or the fourth; or even louder: at [CLS].
    scores = torch.zeros(2, batch["tokens"]["input_ids"].shape[1], 2)
    scores[:, 0] = 9.0
    for row, (start, end) in enumerate(batch["answer_span"].tolist()):
        scores[row, start, 0], scores[row, min(end, start + 3), 1] = 5.0, 4.0
    monkeypatch.setattr(model.start_and_end, "forward", lambda hidden: scores)
    output = model.make_output_human_readable(model(**batch))
    # Spans hold four tokens at most, and of "India" the tiny tokenizers make five or more.
    assert "India".startswith(output["answer"][0])
    assert output["answer"][0] != "India"
    for row, context in enumerate((DELHI, GANGES)):
        best = output["n_best"][row][0]
        assert (best["score"], context[best["start"] : best["end"]]) == (9.0, best["text"])
        assert best["start"] == context.index(["India", "हिमालय"][row])
        assert len(output["n_best"][row]) == 3
    assert "context" not in output["metadata"][0]
    assert not any(key.endswith("logits") for key in output)


def test_what_an_answer_scores_does_not_depend_on_how_many_are_put_out(xlmr_folder, monkeypatch):
    model, batch = new_model(str(xlmr_folder), n_best=1), tensors(instances_of(str(xlmr_folder)))
    scores = torch.zeros(2, batch["tokens"]["input_ids"].shape[1], 2)
    for row, (start, end) in enumerate(batch["answer_span"].tolist()):
        scores[row, start, 0], scores[row, end, 1] = 5.0, 4.0
        # The highest score of all is that of the space before the answer alone.
        scores[row, start - 1] = 7.0
    monkeypatch.setattr(model.start_and_end, "forward", lambda hidden: scores)
    assert model.make_output_human_readable(model(**batch))["answer"] != ["", ""]


def test_em_and_f1_are_counted_where_gold_answers_and_metadata_are(folder, monkeypatch):
    model, batch = new_model(folder), tensors(instances_of(folder))
    india = DELHI.index("India")
    right = [[Answer("India", india, india + 5, 1.0)], [Answer("नहीं", 0, 4, 1.0)]]
    monkeypatch.setattr(model, "_answers", lambda *args: right)
    model(**batch)
    assert model.get_metrics() == {"em": 50.0, "f1": 50.0}
    found = model.get_metrics(reset=True)
    assert (found["em/en"], found["em/hi"], found["em/mean"]) == (100.0, 0.0, 50.0)
    model(**{key: value for key, value in batch.items() if key != "metadata"})
    assert model.get_metrics(reset=True) == {}


def test_without_gold_answers_there_are_answers_and_no_loss(folder):
    output = new_model(folder)(**tensors(instances_of(folder, labelled=False)))
    assert "loss" not in output
    assert all(output["answers"])


def test_windows_answer_alike_alone_and_in_a_padded_batch(folder):
    model, instances = new_model(folder), instances_of(folder)
    together = model.forward_on_instances(instances)
    for instance, output in zip(instances, together, strict=True):
        alone = model.forward_on_instance(instance)
        assert alone["answer"] == output["answer"]
        assert alone["n_best"][0]["score"] == pytest.approx(output["n_best"][0]["score"], abs=1e-5)


def test_the_loss_has_finite_second_derivatives(folder):
    # Tokens that cannot be answers have a score of minus infinity in the loss.
    model, batch = new_model(folder), tensors(instances_of(folder))
    weight = model.start_and_end.weight
    (gradient,) = torch.autograd.grad(model(**batch)["loss"], weight, create_graph=True)
    (second,) = torch.autograd.grad(gradient.square().sum(), weight)
    assert second.isfinite().all()
    assert second.abs().sum() > 0


def test_every_parameter_gets_a_gradient(folder):
    model = new_model(folder).train()
    model(**tensors(instances_of(folder)))["loss"].backward()
    assert [name for name, parameter in model.named_parameters() if parameter.grad is None] == []


def test_a_few_steps_learn_two_answers(folder):
    model, instances = new_model(folder), instances_of(folder)
    batch = tensors(instances)
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(120):
        optimizer.zero_grad()
        loss = model(**batch)["loss"]
        loss.backward()
        optimizer.step()
        if loss.item() < 0.05:
            break
    assert model.forward_on_instance(instances[0])["answer"].startswith("India")
    assert loss.item() < 0.05


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"objective": "max"}, 'objective: "max"'),
        ({"n_best": 0}, "n_best: 0 is below 1"),
        ({"max_answer_length": 0}, "max_answer_length: 0 is below 1"),
        ({"rules": "squad"}, 'rules: "squad" is none of'),
    ],
)
def test_settings_out_of_range_are_refused_at_construction(bert_folder, keys, problem):
    with pytest.raises(ConfigurationError, match=problem):
        new_model(str(bert_folder), **keys)


def test_an_unknown_key_is_refused(bert_folder):
    params = {"type": "cross_lingual_span_qa", "model_name": str(bert_folder), "dropuot": 0.1}
    with pytest.raises(ConfigurationError, match="dropuot"):
        Model.from_params(Params(params), vocab=Vocabulary.empty())
