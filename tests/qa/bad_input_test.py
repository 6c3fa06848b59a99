"""One error for each kind of broken file, with place and way out; or a count, where questions may be skipped."""

import gzip
import json
import logging

import pytest
from allennlp.common.checks import ConfigurationError

from tests.qa.conftest import DELHI, ENGLISH, asked, squad
from xlamaml_allennlp.languages.tag import id_of
from xlamaml_allennlp.qa.dataset_reader import MlqaReader

GOOD = asked("good", "Where is Delhi?", "India", DELHI)

DEEP = json.loads("[" * 900 + "]" * 900)


def with_answer(text, start):
    return {"id": "bad", "question": "Where?", "answers": [{"text": text, "answer_start": start}]}


# What is wrong: the paragraph's context and the question, what the error says, and whether only training minds.
BAD_QUESTIONS = {
    "answer elsewhere": (DELHI, with_answer("India", 3), "at answer_start 3 is 'hi is', not the answer 'India'"),
    "answer past the end": (DELHI, with_answer("India", 5000), "answer_start 5000 is out of range"),
    "answer before the start": (DELHI, with_answer("India", -4), "answer_start -4 is out of range"),
    "empty answer": (DELHI, with_answer(" ", 5), "an answer is empty"),
    "answer without a start": (DELHI, {**GOOD, "id": "bad", "answers": [{"text": "x"}]}, 'it has no list "answers"'),
    "answers of another shape": (DELHI, {**GOOD, "id": "bad", "answers": 5}, 'it has no list "answers"'),
    "an infinite start": (DELHI, with_answer("India", float("inf")), 'it has no list "answers"'),
    "a start within a character": (DELHI, with_answer("elhi", 1.5), "a whole number"),
    "a start that is a text": (DELHI, with_answer("India", "23"), "a whole number"),
    "a start that is true": (DELHI, with_answer("elhi", True), "a whole number"),
    "an answer that is no text": (DELHI, with_answer(["India"], 0), 'it has no list "answers"'),
    "answers that are false": (DELHI, {**GOOD, "id": "bad", "answers": False}, 'it has no list "answers"'),
    "id twice": (DELHI, GOOD, r'another question in en has this id \(question_ids: "position"\?\)'),
    "no id": (DELHI, {k: v for k, v in GOOD.items() if k != "id"}, 'it has no "id"'),
    "an id of null": (DELHI, {**GOOD, "id": None}, 'it has no "id"'),
    "an id that is an object": (DELHI, {**GOOD, "id": {"a": 1}}, 'it has no "id"'),
    "a question that is no text": (DELHI, {**GOOD, "id": "bad", "question": 5}, 'its "question" is 5, not a text'),
    "a deep question": (DELHI, {**GOOD, "id": "bad", "question": DEEP}, r'its "question" is \[\[.*, not a text'),
    "no question": (DELHI, {"id": "bad", "answers": []}, 'it has no "question"'),
    "not an object": (DELHI, "Where?", 'it has no "question"'),
    "empty question": (DELHI, {**GOOD, "id": "bad", "question": " "}, "the question is empty"),
    "empty context": ("", with_answer("India", 0), "the context is empty"),
    "half a character": (
        DELHI,
        {**GOOD, "id": "bad", "question": "Wh\ud83d?"},
        r"the question has half .*ud83d\) at 2",
    ),
    "half a character in its context": (f"\ud83d{DELHI}", with_answer("I", 1), r"the context has half .*ud83d\) at 0"),
    "a language that is no text": (DELHI, {**GOOD, "id": "bad", "language": ["en"]}, r"its \"language\" is \['en'\]"),
    "a language of the question that is no text": (
        DELHI,
        {**GOOD, "id": "bad", "question_language": 1},
        'its "question_language" is 1, not a text',
    ),
    "unlabelled among labelled": (DELHI, {**GOOD, "id": "bad", "answers": []}, "it has no answers unlike"),
}


@pytest.mark.parametrize("kind", BAD_QUESTIONS)
def test_a_bad_question_is_an_error_that_names_file_paragraph_and_id(reader, write, kind):
    context, question, problem = BAD_QUESTIONS[kind]
    path = write("dev.en.json", squad((DELHI, [GOOD]), (context, [question])))
    id = question.get("id") if isinstance(question, dict) else ""
    id = id if isinstance(id, str) else ""
    with pytest.raises(ConfigurationError, match=problem) as caught:
        list(reader.read(path))
    assert f'{path}: data[0].paragraphs[1], question "{id}": ' in str(caught.value)
    assert 'on_bad_question: "skip"' in str(caught.value)


@pytest.mark.parametrize("kind", BAD_QUESTIONS)
def test_a_bad_question_is_left_out_counted_and_listed_where_that_is_asked_for(bert_folder, write, kind, caplog):
    context, question, _ = BAD_QUESTIONS[kind]
    path = write("dev.en.json", squad((DELHI, [GOOD]), (context, [question])))
    with caplog.at_level(logging.INFO):
        read = list(MlqaReader(str(bert_folder), on_bad_question="skip").read(path))
    assert [id_of(instance) for instance in read] == ["good"]
    assert "1 bad questions left out" in caplog.text
    assert "data[0].paragraphs[1]" in caplog.text


def test_a_question_without_answers_is_fine_to_evaluate_on_its_own_but_not_to_train_on(bert_folder, write):
    path = write("dev.en.json", squad((DELHI, [{**GOOD, "answers": []}])))
    (instance,) = MlqaReader(str(bert_folder)).read(path)
    assert "answer_span" not in instance.fields
    with pytest.raises(ConfigurationError, match=r'question "good": it has no answers to train on'):
        list(MlqaReader(str(bert_folder), windows="answer").read(path))


def test_a_first_question_without_answers_does_not_cost_those_that_have_some(bert_folder, write, caplog):
    path = write("dev.en.json", squad((DELHI, [{**GOOD, "id": "bad", "answers": []}, GOOD])))
    with pytest.raises(ConfigurationError, match=r'question "bad": it has no answers unlike others'):
        list(MlqaReader(str(bert_folder)).read(path))
    read = list(MlqaReader(str(bert_folder), on_bad_question="skip").read(path))
    assert [id_of(instance) for instance in read] == ["good"]


def test_files_that_are_read_together_are_all_labelled_or_none_is(reader, write):
    labelled = write("dev.en.json", squad((DELHI, [GOOD])))
    unlabelled = write("dev.de.json", squad((DELHI, [{**GOOD, "answers": []}])))
    with pytest.raises(ConfigurationError, match=r'dev.de.json: .*, question "good": it has no answers unlike others'):
        list(reader.read({"en": labelled, "de": unlabelled}))
    with pytest.raises(ConfigurationError, match=r'dev.en.json: .*, question "good": it has answers unlike others'):
        list(reader.read({"de": unlabelled, "en": labelled}))


def test_a_language_that_the_file_does_not_have_is_an_error_that_says_which_it_has(reader, write):
    path = write("tydi.json", squad((DELHI, [{**GOOD, "id": f"english-7-{k}"} for k in range(3)])))
    with pytest.raises(ConfigurationError, match=r'tydi.json: no questions in "hi", "sw" among 3 \(en 3\)'):
        list(reader.read({"en": path, "hi": path, "sw": path}))


def test_a_mapping_whose_key_is_the_language_of_the_questions_is_an_error(reader, write):
    path = write("dev-context-hi-question-de.json", ENGLISH)
    with pytest.raises(ConfigurationError, match=r'by its name the contexts are in "hi", not in "de"'):
        list(reader.read({"de": path}))


def test_what_was_left_out_is_logged_even_if_no_more_is_wanted(bert_folder, write, caplog):
    path = write("dev.en.json", squad((DELHI, [{**GOOD, "id": ""}, GOOD, {**GOOD, "id": "more"}])))
    with caplog.at_level(logging.INFO):
        read = list(MlqaReader(str(bert_folder), on_bad_question="skip", max_instances=1).read(path))
    assert [id_of(instance) for instance in read] == ["good"]
    assert "1 bad questions left out" in caplog.text


def test_a_question_that_is_given_alone_is_named_by_its_own_words(reader):
    with pytest.raises(ConfigurationError, match=r'question "7" \(Where\?\) about " ": the context is empty'):
        reader.text_to_instances("Where?", " ", id="7")


def test_a_question_longer_than_the_window_is_refused_before_anything_is_read(bert_folder):
    with pytest.raises(ConfigurationError, match=r"max_length: 384 .* 400 \(max_question_length\)"):
        MlqaReader(str(bert_folder), max_question_length=400)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (json.dumps(ENGLISH, indent=1)[:200], r"dev.en.json: not JSON, or cut short: .* in line 10, column 20"),
        ("", "dev.en.json: not JSON, or cut short"),
        ('{"id": 1}\n{"id": 2}\n', r'dev.en.json: JSON lines, .*one object with a list "data"'),
        ("[" * 2000 + "]" * 2000, "dev.en.json: brackets within brackets"),
        ('{"data": ' + "9" * 5000 + "}", "dev.en.json: a whole number of thousands of digits"),
        ('{"id": 1}\n}', "dev.en.json: not JSON, or cut short"),
        ([1], r'at the top is a list, .* list "data"'),
        ({"questions": []}, r'at the top is an object with questions, .* list "data"'),
        ({"data": {"paragraphs": []}}, r'at the top is an object with data, .* list "data"'),
        ({"data": [{"title": "x"}]}, r'data\[0\] is an object with title, .* list "paragraphs"'),
        ({"data": [{"paragraphs": [{"context": "x"}]}]}, r'data\[0\].paragraphs\[0\] is .* list "qas"'),
        ({"data": ["x"]}, r'data\[0\] is a str, .* list "paragraphs"'),
        (b'{"data": \n["\xff"]}', r"dev.en.json:2: not UTF-8 \(byte 0xff\)"),
        (gzip.compress(json.dumps(ENGLISH).encode(), mtime=0)[:60], "a broken gzip file"),
    ],
)
def test_a_broken_file_is_an_error_that_says_where_and_why(bert_folder, write, content, problem):
    # Nothing of it can be used, so it is an error whatever becomes of single questions.
    with pytest.raises(ConfigurationError, match=problem):
        list(MlqaReader(str(bert_folder), on_bad_question="skip").read(write("dev.en.json", content)))


def test_a_file_that_is_not_there_is_an_error_that_names_it(reader):
    with pytest.raises(ConfigurationError, match=r"nowhere.en.json: no such file"):
        list(reader.read("nowhere.en.json"))


def test_a_file_that_tells_no_language_is_an_error_with_the_way_out(reader, write):
    with pytest.raises(ConfigurationError, match=r'neither its rows nor its name.*\{"CODE": '):
        list(reader.read(write("train-v1.1.json", ENGLISH)))


def test_version_title_line_ends_byte_order_mark_and_gzip_make_no_difference(reader, write):
    full = {"version": "1.1", "data": [{"title": "Delhi", **ENGLISH["data"][0]}]}
    text = json.dumps(full, indent=1)
    contents = [
        json.dumps(ENGLISH),
        text,
        text.replace("\n", "\r\n"),
        b"\xef\xbb\xbf" + text.encode(),
        gzip.compress(text.encode()),
    ]
    read = [list(reader.read(write("dev.en.json", content))) for content in contents]
    assert [[id_of(instance) for instance in instances] for instances in read] == [["q1", "q2"]] * len(contents)


@pytest.mark.parametrize(
    ("key", "value"), [("windows", "best"), ("on_bad_question", "warn"), ("question_ids", "index")]
)
def test_an_unknown_choice_is_refused_at_construction(bert_folder, key, value):
    with pytest.raises(ConfigurationError, match=f'{key}: "{value}" is none of'):
        MlqaReader(str(bert_folder), **{key: value})
