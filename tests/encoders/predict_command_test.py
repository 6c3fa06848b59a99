"""`allennlp predict` on files with bad lines: numbered as in the file, and everything before them is written."""

import functools
import io
import json
import sys

import pytest
import torch
from allennlp.commands import predict
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from allennlp.predictors import Predictor

from xlamaml_allennlp.encoders.predict_command import AllenNlpManager
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier
from xlamaml_allennlp.nli.predictor import CrossLingualPairPredictor
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.model import CrossLingualSpanQa
from xlamaml_allennlp.qa.predictor import CrossLingualSpanQaPredictor

GOOD = '{"premise": "a man", "hypothesis": "he", "question": "who?", "context": "a man", "id": "%d"}'
FIRST, SECOND, THIRD = (GOOD % number for number in (1, 2, 3))
BAD = {
    "not JSON": (b"a man", "'a man' is not JSON"),
    "cut short": (FIRST[:30].encode(), "is not JSON, or cut short"),
    "no object": (b"[1]", r"\[1\], not an object"),
    "no text": (b"{}", "has no (premise|question); its keys: none"),
    "another key": (b'{"premise": "a", "question": "a"}', "has no (hypothesis|context)"),
    "null": (FIRST.replace('"a man"', "null").encode(), "has None as its (premise|context), not a text"),
    "empty": (FIRST.replace("a man", " ").encode(), "the (premise|context) is empty"),
    "half a character": (FIRST.replace("a man", r"\ud83d").encode(), r"has half a character \(\\ud83d\) at 0"),
    "deep": (b'{"x": ' + b"[" * 2000 + b"]" * 2000 + b"}", "brackets within brackets"),
    "deep where a text should be": (
        FIRST.replace('"a man"', "[" * 900 + "]" * 900).encode(),
        r"has \[\[\[.* as its (premise|context), not a text",
    ),
    "long number": (b'{"x": ' + b"9" * 5000 + b"}", "a whole number of thousands of digits"),
    "infinite id": (FIRST.replace('"1"', "1e999").encode(), "has inf as its id, neither a text nor a number"),
    "an object as id": (FIRST.replace('"1"', '{"a": 1}').encode(), "has {'a': 1} as its id"),
    "language of no kind": (FIRST.replace('"id": "1"', '"language": 1').encode(), "has 1 as its language, not a text"),
    "not UTF-8": (FIRST.encode().replace(b"man", b"m\xff"), r"is not UTF-8 \(byte 0xff in column 17\)"),
}


@pytest.fixture(scope="module", params=["pairs", "questions"])
def build(request, bert_folder):
    """A function that builds a predictor of either task, with more keys."""
    folder = str(bert_folder)
    torch.manual_seed(0)
    if request.param == "pairs":
        parts = CrossLingualPairPredictor, CrossLingualPairClassifier(Vocabulary.empty(), folder), XnliReader(folder)
    else:
        parts = CrossLingualSpanQaPredictor, CrossLingualSpanQa(Vocabulary.empty(), folder), MlqaReader(folder)
    predictor, model, reader = parts
    return lambda **keys: predictor(model, reader, **keys)


@pytest.fixture
def run(tmp_path, capfd):
    """Predicts as the command does; returns the lines that were written, to the file as well as to the terminal."""

    def written(predictor: Predictor, content: bytes, batch_size: int, error: str | None = None) -> list[dict]:
        (tmp_path / "lines.jsonl").write_bytes(content)
        out = tmp_path / "out.jsonl"
        manager = predict._PredictManager(
            predictor, str(tmp_path / "lines.jsonl"), str(out), batch_size, True, False, None
        )
        if error is None:
            manager.run()
        else:
            with pytest.raises(ConfigurationError, match=error):
                manager.run()
        lines = out.read_text(encoding="utf-8").splitlines(keepends=True)
        terminal = capfd.readouterr().out
        assert [line for line in lines if f"prediction:  {line}" not in terminal] == []
        return [json.loads(line) for line in lines]

    return written


@pytest.mark.parametrize("batch_size", [1, 2, 8])
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_line_ends_in_an_error_with_its_number_when_all_before_it_is_written(build, run, kind, batch_size):
    line, problem = BAD[kind]
    # Numbers are those of an editor: blank lines count.
    content = b"\n".join([FIRST.encode(), b"", b"  ", SECOND.encode(), line, THIRD.encode(), b""])
    written = run(build(), content, batch_size, rf"(?s)lines\.jsonl:5: .*{problem}.*A line is like .*on_bad_line")
    assert [output["id"] for output in written] == ["1", "2"]


@pytest.mark.parametrize("batch_size", [1, 2, 8])
def test_bad_lines_are_answered_with_their_problem_and_number_where_that_is_asked_for(build, run, batch_size, caplog):
    content = b"\n".join([FIRST.encode(), b"", *(line for line, _ in BAD.values()), SECOND.encode()])
    first, *bad, last = run(build(on_bad_line="skip"), content, batch_size)
    assert (first["id"], last["id"]) == ("1", "2")
    assert [set(line) for line in bad] == [{"error", "line"}] * len(BAD)
    assert [line["line"] for line in bad] == list(range(3, 3 + len(BAD)))
    assert "A line is like" in bad[0]["error"]
    assert f"{len(BAD)} lines could not be used (on_bad_line)" in caplog.text


def test_good_lines_around_a_bad_one_are_answered_as_without_it(build, run):
    plain = run(build(), f"{FIRST}\n{THIRD}\n".encode(), 8)
    around = run(build(on_bad_line="skip"), f"{FIRST}\n[1]\n{THIRD}\n".encode(), 8)
    assert [around[0], around[2]] == plain


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_byte_order_mark_and_line_ends_make_no_difference(build, run, mark, end):
    content = mark + end.join([FIRST.encode(), SECOND.encode(), b"{}"])
    assert [output["id"] for output in run(build(), content, 8, r"lines\.jsonl:3: ")] == ["1", "2"]


def test_lines_of_standard_input_have_numbers_too(build, monkeypatch, tmp_path):
    content = io.TextIOWrapper(io.BytesIO(f"{FIRST}\n\n".encode() + b"\xff\n"), encoding="ascii")
    monkeypatch.setattr(sys, "stdin", content)
    manager = predict._PredictManager(build(), "-", str(tmp_path / "out.jsonl"), 8, False, False)
    with pytest.raises(ConfigurationError, match=r"standard input:3: .* not UTF-8"):
        manager.run()
    assert json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))["id"] == "1"


def test_output_is_utf_8_on_any_machine_and_half_a_character_an_escape(build, run, monkeypatch):
    monkeypatch.setattr(predict, "open", functools.partial(open, encoding="ascii"), raising=False)
    (output,) = run(
        build(), '{"premise": "a", "hypothesis": "ग", "question": "ग", "context": "a", "id": "\\ud83d"}'.encode(), 1
    )
    assert output["id"] == "\ud83d"


def test_one_of_many_inputs_that_will_not_do_is_named_by_its_place(build):
    inputs = [json.loads(FIRST), json.loads(SECOND), {}]
    with pytest.raises(ConfigurationError, match=r"inputs\[2\]: the line has no "):
        build(on_bad_line="skip").predict_batch_json(inputs)


def test_a_model_whose_weights_are_not_numbers_is_an_error_and_no_answer(build, run):
    predictor = build(on_bad_line="skip")
    weights = {name: value.clone() for name, value in predictor._model.state_dict().items()}
    try:
        for value in predictor._model.parameters():
            value.data.fill_(float("nan"))
        content = f"[1]\n{FIRST}\n".encode()
        (bad,) = run(predictor, content, 8, r"lines\.jsonl:2: The model's scores are not numbers")
        assert bad["line"] == 1
        with pytest.raises(ConfigurationError, match="not numbers"):
            predictor.predict_instance(predictor.instances_of([json.loads(FIRST)])[0][0])
    finally:
        predictor._model.load_state_dict(weights)


def test_an_unknown_choice_is_refused(build):
    with pytest.raises(ConfigurationError, match='on_bad_line: "warn" is neither "error" nor "skip"'):
        build(on_bad_line="warn")


def test_other_predictors_are_driven_by_allennlp_itself():
    class Other(Predictor):
        def __init__(self) -> None:
            pass

    assert type(predict._PredictManager(Other(), "lines.jsonl", None, 1, True, False)) is AllenNlpManager
