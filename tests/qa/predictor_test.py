import json

import pytest
import torch
from allennlp.commands import predict
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary

from tests.qa.conftest import DELHI, GANGES, asked, squad
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.model import CrossLingualSpanQa
from xlamaml_allennlp.qa.predictor import CrossLingualSpanQaPredictor

LONG = " ".join(f"{name} has {count} apples." for count, name in enumerate("Ann Bob Cid Dan Eve Fay".split()))
GOOD = asked("c", "Where is Delhi?", "India", DELHI)
LINES = [
    {"id": "long", "question": "How many apples has Dan?", "context": LONG, "language": "en"},
    {"id": 7, "question": "कहाँ?", "context": GANGES, "language": "hi", "question_language": "hi"},
    {"question": "Where?", "context": DELHI},
]


@pytest.fixture(scope="module", params=["bert_folder", "xlmr_folder"])
def predictor(request) -> CrossLingualSpanQaPredictor:
    folder = str(request.getfixturevalue(request.param))
    torch.manual_seed(0)
    model = CrossLingualSpanQa(Vocabulary.empty(), folder)
    reader = MlqaReader(folder, max_length=60, stride=10, max_question_length=20)
    return CrossLingualSpanQaPredictor(model, reader, forward_size=3, n_best=4)


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


def test_one_question(predictor):
    line = predictor.predict("Where?", DELHI)
    assert DELHI[line["start"] : line["end"]] == line["answer"] != ""
    assert len(line["n_best"]) == 4
    assert line["n_best"][0] == {key: line[key] for key in ("start", "end", "score")} | {"text": line["answer"]}
    assert [a["score"] for a in line["n_best"]] == sorted((a["score"] for a in line["n_best"]), reverse=True)
    assert all(DELHI[a["start"] : a["end"]] == a["text"] for a in line["n_best"])


def test_a_context_of_many_windows_is_answered_by_the_best_of_them(predictor):
    windows = predictor._reader.text_to_instances(LINES[0]["question"], LONG)
    assert len(windows) > 2
    best = max((o["n_best"][0] for o in predictor._model.forward_on_instances(windows)), key=lambda a: a["score"])
    line = predictor.predict_json(LINES[0])
    assert line["answer"] == best["text"]
    assert LONG[line["start"] : line["end"]] == line["answer"]


def test_many_lines_come_out_in_their_order_and_as_they_would_alone(predictor):
    together = predictor.predict_batch_json(LINES)
    for line, output in zip(LINES, together, strict=True):
        alone = predictor.predict_json(line)
        assert output["answer"] == alone["answer"]
        assert output["score"] == pytest.approx(alone["score"], abs=1e-5)
        given = {key: line[key] for key in ("id", "language", "question_language", "question") if key in line}
        assert given.items() <= output.items()


def test_windows_of_all_lines_share_forward_passes_by_length(predictor, passes):
    count = sum(len(predictor._reader.text_to_instances(line["question"], line["context"])) for line in LINES)
    predictor.predict_batch_json(LINES)
    assert [size for size, _ in passes] == [3] * (count // 3) + ([count % 3] if count % 3 else [])
    lengths = [length for _, length in passes]
    assert lengths == sorted(lengths)


def test_output_is_json_that_keeps_scripts_readable(predictor):
    dumped = predictor.dump_line(predictor.predict_json(LINES[1]))
    assert "कहाँ?" in dumped
    assert json.loads(dumped)["id"] == 7


def test_a_context_in_which_nothing_can_be_an_answer_gives_none(predictor, monkeypatch):
    monkeypatch.setattr(predictor._model, "_answers", lambda starts, *rest: [[] for _ in starts])
    assert predictor.predict_json(LINES[2]) == {"answer": "", "question": "Where?", "n_best": []}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "the line '{' is not JSON, or cut short"),
        ("[1]", "not an object"),
        ('{"question": "Where?"}', "has no context; its keys: question"),
        ('{"question": 5, "context": "x"}', "has 5 as its question"),
        ('{"question": "Where?", "context": " "}', "the context is empty"),
        ('{"question": "", "context": "x"}', "the question is empty"),
    ],
)
def test_a_line_that_is_no_question_says_what_one_is(predictor, line, problem):
    with pytest.raises(ConfigurationError, match=problem):
        predictor.predict_json(predictor.load_line(line))


@pytest.mark.parametrize("key", ["n_best", "forward_size"])
def test_numbers_below_one_are_refused(predictor, key):
    with pytest.raises(ConfigurationError, match=f"{key}: 0 is below 1"):
        CrossLingualSpanQaPredictor(predictor._model, predictor._reader, **{key: 0})


def test_another_reader_is_refused_with_the_way_out(predictor, bert_folder):
    with pytest.raises(ConfigurationError, match=r"XnliReader.*validation_dataset_reader of type mlqa"):
        CrossLingualSpanQaPredictor(predictor._model, XnliReader(str(bert_folder)))


@pytest.mark.parametrize("batch_size", [1, 2, 3, 50])
def test_windows_of_a_readers_question_are_one_line_whatever_the_batches_are(predictor, write, tmp_path, batch_size):
    gold = [{"text": "Dan", "answer_start": LONG.index("Dan")}]
    qas = [{"id": id, "question": LINES[0]["question"], "answers": gold} for id in ("a", "b")]
    path, out = write("dev.en.json", squad((LONG, qas), (DELHI, [GOOD]))), tmp_path / "out.jsonl"
    assert len(list(predictor._reader.read(path))) > 2 * 2 + 1
    predict._PredictManager(predictor, path, str(out), batch_size, False, True).run()
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(line["id"], line["gold_answers"]) for line in lines] == [("a", ["Dan"]), ("b", ["Dan"]), ("c", ["India"])]
    for line, context in zip(lines, (LONG, LONG, DELHI), strict=True):
        plain = predictor.predict_json({"question": line["question"], "context": context, "id": line["id"]})
        assert line["language"] == line["question_language"] == "en"
        assert [answer["text"] for answer in line["n_best"]] == [answer["text"] for answer in plain["n_best"]]
        assert line["score"] == pytest.approx(plain["score"], abs=1e-5)
        assert context[line["start"] : line["end"]] == line["answer"] == plain["answer"]


def test_what_was_read_before_a_readers_error_is_written(predictor, write, tmp_path, monkeypatch):
    monkeypatch.setattr("xlamaml_allennlp.qa.dataset_reader.BATCH", 1)
    bad = {"id": "bad", "question": "Where?", "answers": [{"text": "India", "answer_start": 0}]}
    path, out = write("dev.en.json", squad((DELHI, [GOOD, bad]))), tmp_path / "out.jsonl"
    with pytest.raises(ConfigurationError, match='question "bad": at answer_start 0'):
        predict._PredictManager(predictor, path, str(out), 50, False, True).run()
    assert json.loads(out.read_text(encoding="utf-8"))["id"] == "c"


def test_a_readers_questions_need_no_rules_for_their_language(predictor, write):
    path = write("dev.ru.json", squad((DELHI, [GOOD])))  # MLQA's rules, the model's default, have no Russian
    (line,) = predictor.predict_batch_instance(list(predictor._reader.read(path)))
    assert line["language"] == "ru"


def test_questions_that_follow_each_other_stay_apart_even_without_ids(predictor):
    windows = [w for _ in range(2) for w in predictor._reader.text_to_instances("How many?", LONG)]
    first, second = predictor.predict_batch_instance(windows)
    assert first == second


def answered(question, context, answer, **more):
    return {**asked("", question, answer, context), "context": context, "language": "en", **more, "id": None}


def listed(answer):
    """As `datasets` has it."""
    return {"text": [answer], "answer_start": [DELHI.index(answer)]}


def test_questions_with_answers_are_evaluated_as_their_predictions_say(predictor):
    own = predictor.predict("Where is Delhi?", DELHI)["answer"]
    theirs = predictor.predict("Wo?", DELHI, "de")["answer"]
    other = next(word for word in ("India", "people") if word != own)
    found = predictor.evaluate(
        [
            answered("Where is Delhi?", DELHI, own),
            answered("Where is Delhi?", DELHI, other),
            {**answered("Wo?", DELHI, theirs), "language": "de", "answers": listed(theirs)},
        ]
    )
    assert found["loss"] > 0
    em = {"em": 200 / 3, "em/en": 50.0, "em/de": 100.0, "em/mean": 75.0}
    assert {name: value for name, value in found.items() if name.startswith("em")} == pytest.approx(em)
    assert found["f1/de"] == 100.0
    with pytest.raises(ConfigurationError, match=r"no lines\. To evaluate"):
        predictor.evaluate([])


@pytest.mark.parametrize(
    "change, said",
    [
        ({"answers": None}, r"inputs\[1\]: the line has null as its answers. To evaluate, a line is like"),
        ({"answers": ["in the north"]}, r"inputs\[1\]: the line has a list as its answers"),
        ({"answers": [{"text": "south", "answer_start": 0}]}, r"inputs\[1\].*at answer_start 0 is 'Delhi', not"),
        ({"id": "c"}, r'inputs\[1\]: inputs\[0\] is a question in en with the id "c" too'),
    ],
)
def test_a_question_that_cannot_be_evaluated_is_named(predictor, change, said):
    first = {**GOOD, "context": DELHI, "language": "en"}
    with pytest.raises(ConfigurationError, match=said):
        predictor.evaluate([first, {**first, "id": "d", **change}])
