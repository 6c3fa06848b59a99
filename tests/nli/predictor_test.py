import copy
import json
import math
from statistics import mean

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary

from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier
from xlamaml_allennlp.nli.predictor import CrossLingualPairPredictor

LINES = [
    {"premise": "a man sleeps " * length, "hypothesis": "he sleeps", "language": "en", "id": f"pair {length}"}
    for length in (3, 1, 4, 2, 5)
]


@pytest.fixture(scope="module", params=["bert_folder", "xlmr_folder"])
def predictor(request) -> CrossLingualPairPredictor:
    folder = str(request.getfixturevalue(request.param))
    torch.manual_seed(0)
    model = CrossLingualPairClassifier(Vocabulary.empty(), folder)
    return CrossLingualPairPredictor(model, XnliReader(folder), forward_size=2)


@pytest.fixture
def passes(predictor, monkeypatch) -> list[tuple[int, int]]:
    """The shape of each forward pass."""
    shapes = []
    forward = predictor._model.forward

    def recording(tokens, **rest):
        shapes.append(tuple(tokens["input_ids"].shape))
        return forward(tokens, **rest)

    monkeypatch.setattr(predictor._model, "forward", recording)
    return shapes


def test_one_line(predictor):
    line = predictor.predict_json({"premise": "एक आदमी", "hypothesis": "सोता है"})
    assert set(line) == {"label", "probs", "premise", "hypothesis", "language"}
    assert (line["premise"], line["hypothesis"], line["language"]) == ("एक आदमी", "सोता है", "und")
    assert list(line["probs"]) == ["entailment", "neutral", "contradiction"]
    assert sum(line["probs"].values()) == pytest.approx(1)
    assert line["label"] == max(line["probs"], key=line["probs"].get)


def test_many_lines_come_out_in_their_order_and_as_they_would_alone(predictor):
    together = predictor.predict_batch_json(LINES)
    assert [line["id"] for line in together] == [line["id"] for line in LINES]
    for line, output in zip(LINES, together, strict=True):
        alone = predictor.predict_json(line)
        assert output["probs"] == pytest.approx(alone["probs"], abs=1e-6)
        assert output["language"] == "en"


def test_lines_of_like_length_share_a_forward_pass(predictor, passes):
    predictor.predict_batch_json(LINES)
    lengths = [length for _, length in passes]
    assert [pairs for pairs, _ in passes] == [2, 2, 1]
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[1] < lengths[2]


def test_a_gold_label_is_passed_on_and_neither_needed_nor_counted(predictor):
    lines = [{**LINES[0], "label": "neutral"}, LINES[1]]
    first, second = predictor.predict_batch_json(lines)
    assert first["gold_label"] == "neutral"
    assert "gold_label" not in second
    assert predictor._model.get_metrics(reset=True) == {}


def test_instances_of_a_reader_give_the_same_lines(predictor):
    rows = [Row("a man sleeps", "he sleeps", "contradiction", "sw", "17")]
    (line,) = predictor.predict_batch_instance(predictor._dataset_reader.texts_to_instances(rows))
    assert (line["language"], line["id"], line["gold_label"]) == ("sw", "17", "contradiction")


def test_lines_are_written_in_their_own_script(predictor):
    text = predictor.dump_line(predictor.predict("एक आदमी", "सोता है", "hi"))
    assert "एक आदमी" in text
    assert text.endswith("}\n")
    assert json.loads(text)["language"] == "hi"


@pytest.mark.parametrize(
    "line, seen",
    [
        ({"premise": "a", "hypo": "b"}, "no hypothesis; its keys: premise, hypo"),
        ({}, "no premise; its keys: none"),
        ({"premise": "a", "hypothesis": 3}, "3 as its hypothesis"),
        ({"premise": "a", "hypothesis": "b", "language": ["hi"]}, r"\['hi'\] as its language"),
        ({"premise": "a man", "hypothesis": " "}, "the hypothesis is empty"),
        (["a", "b"], "not an object"),
    ],
)
def test_a_line_that_will_not_do_says_what_it_has_and_what_a_line_is_like(predictor, line, seen):
    with pytest.raises(ConfigurationError, match=f'{seen}.*A line is like {{"premise"'):
        predictor.predict_batch_json([line])


def test_what_a_line_need_not_have_may_be_null(predictor):
    line = {"premise": "a man", "hypothesis": "he", "language": None, "id": None, "label": None}
    assert predictor.predict_json(line)["language"] == "und"


def test_a_line_that_is_not_json_is_shown(predictor):
    with pytest.raises(ConfigurationError, match=r"the line 'a man sleeps' is not JSON"):
        predictor.load_line("a man sleeps\n")


def test_a_forward_pass_holds_at_least_one_pair(predictor):
    with pytest.raises(ConfigurationError, match="forward_size: 0 is below 1"):
        CrossLingualPairPredictor(predictor._model, predictor._dataset_reader, forward_size=0)


@pytest.mark.parametrize("labels", [["yes", "no"], ["neutral", "entailment", "contradiction"]])
def test_a_reader_with_other_labels_than_the_model_is_refused(predictor, bert_folder, labels):
    with pytest.raises(
        ConfigurationError, match=rf"reader has \['{labels[0]}'.*its model has \['entailment', 'neutral'"
    ):
        CrossLingualPairPredictor(predictor._model, XnliReader(str(bert_folder), labels=labels))


def test_pairs_with_labels_are_evaluated_per_language_as_their_predictions_say(predictor):
    labels = ["entailment", "neutral", "contradiction", "entailment", "neutral"]
    languages = ["en", "hi", "en", "hi", "en"]
    lines = [{**LINES[i], "label": labels[i], "language": languages[i]} for i in range(5)]
    said = predictor.predict_batch_json(lines)
    right = [line["label"] == line["gold_label"] for line in said]
    means = {code: mean(r for r, own in zip(right, languages, strict=True) if own == code) for code in ("en", "hi")}
    found = predictor.evaluate(lines)
    assert found.pop("loss") == pytest.approx(mean(-math.log(line["probs"][line["gold_label"]]) for line in said))
    assert found == pytest.approx(
        {
            "accuracy": mean(right),
            "accuracy/en": means["en"],
            "accuracy/hi": means["hi"],
            "accuracy/mean": mean(means.values()),
        }
    )
    assert predictor._model.get_metrics(reset=True) == {}


@pytest.mark.parametrize(
    "label, said",
    [(None, r"inputs\[1\]: the line has no label"), ("odd", r'inputs\[1\]: pair 0: label "odd" is none of')],
)
def test_a_pair_that_cannot_be_evaluated_is_named(predictor, label, said):
    with pytest.raises(ConfigurationError, match=said):
        predictor.evaluate([{**LINES[0], "label": "neutral"}, {**LINES[1], "label": label}])


def test_nothing_is_no_evaluation(predictor):
    with pytest.raises(ConfigurationError, match="There are no lines"):
        predictor.evaluate([])


def test_weights_that_are_no_numbers_are_right_about_nothing(predictor, capfd):
    line = {**LINES[0], "label": "entailment"}
    predictor.evaluate([line])
    assert capfd.readouterr() == ("", "")
    own = copy.deepcopy(predictor)
    for parameter in own._model.parameters():
        parameter.data.fill_(math.nan)
    # The most probable of three NaN would be the first label, which is the right one here.
    with pytest.raises(ConfigurationError, match="scores are not numbers"):
        own.evaluate([line])
