import logging

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Batch, DatasetReader, Vocabulary
from transformers import AutoTokenizer

from tests.qa.conftest import DELHI, ENGLISH, GANGES, asked, squad
from xlamaml_allennlp.languages.tag import group_of, id_of, language_of
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.question import Gold


def tags(instance):
    return instance["metadata"].metadata


def gold_text(instance):
    """What the window's answer span gives back."""
    first, last = (instance["answer_span"].tensor - instance["context_span"].tensor[0]).tolist()
    window = tags(instance)
    return window["context"][window["offsets"][first, 0] : window["offsets"][last, 1]]


def test_a_window_has_tokens_spans_and_what_its_question_is(reader, english, bert_folder):
    first, second = reader.read(english)
    tokenizer = AutoTokenizer.from_pretrained(bert_folder)
    expected = tokenizer("Where is Delhi?", DELHI)
    assert first["tokens"].input_ids.tolist() == expected["input_ids"]
    assert first["tokens"].token_type_ids.tolist() == expected["token_type_ids"]
    assert first["tokens"].attention_mask.all()
    window = tags(first)
    assert (language_of(first), id_of(first), window["question_language"], window["window"]) == ("en", "q1", "en", 0)
    assert (window["question"], window["context"]) == ("Where is Delhi?", DELHI)
    assert window["answers"] == ["in the north of India"]
    assert (gold_text(first), gold_text(second)) == ("in the north of India", "About 32 million")
    # One paragraph, one group; its texts are in memory once.
    assert group_of(first) == group_of(second)
    assert window["context"] is tags(second)["context"]
    begin, end = first["context_span"].tensor.tolist()
    assert window["offsets"].shape == (end - begin, 2)


def test_an_example_is_a_question_with_all_its_windows_and_tells_file_and_number(bert_folder, english):
    # 3 of 32 tokens are special and up to 12 the question's: 17 are left, for 75 characters.
    found = MlqaReader(str(bert_folder), max_length=32, stride=4, max_question_length=12).examples({"en": english})
    assert [(tag.id, tag.label, tag.source, tag.row) for tag in map(found.tag, range(len(found)))] == [
        ("q1", None, english, 0),
        ("q2", None, english, 1),
    ]
    windows = [(tags(window)["id"], tags(window)["window"]) for window in found.instances([1])]
    assert windows == [("q2", number) for number in range(len(windows))]
    assert len(windows) > 1


def test_windows_collate_with_the_padding_of_the_encoder(xlmr_folder, write):
    reader = MlqaReader(str(xlmr_folder))
    instances = list(reader.read(write("xquad.en.json", ENGLISH)))
    batch = Batch(instances)
    batch.index_instances(Vocabulary.empty())
    tensors = batch.as_tensor_dict()
    assert set(tensors["tokens"]) == {"input_ids", "attention_mask"}
    assert (tensors["tokens"]["input_ids"][~tensors["tokens"]["attention_mask"]] == 1).all()
    assert tensors["context_span"].shape == tensors["answer_span"].shape == torch.Size([2, 2])
    assert tensors["answer_span"].dtype == torch.int64


def test_offsets_count_in_the_text_as_it_was_before_normalisation(xlmr_folder, write):
    # NFKC makes "ﬁ" two letters and "㎏" two, and "ｉ" a plain one.
    context = "Die ﬁnale Ｆrage: 5 ㎏ Gold, ﬂott."
    questions = [asked(a, "?", a, context) for a in ("ﬁnale", "Ｆrage", "5 ㎏", "Gold", "ﬂott")]
    instances = MlqaReader(str(xlmr_folder)).read(write("xquad.de.json", squad((context, questions))))
    assert [gold_text(instance).strip() for instance in instances] == ["ﬁnale", "Ｆrage", "5 ㎏", "Gold", "ﬂott"]


LONG = "".join(chr(97 + i % 26) for i in range(60)) + " WIN " + "xyz " * 10


def long_file(write):
    return write("xquad.en.json", squad((LONG, [asked("q", "Who?", "WIN", LONG)])))


def test_evaluation_keeps_every_window_and_points_at_cls_where_the_answer_is_not(bert_folder, write):
    reader = MlqaReader(str(bert_folder), max_length=40, stride=10, max_question_length=8)
    windows = list(reader.read(long_file(write)))
    assert [tags(window)["window"] for window in windows] == list(range(len(windows)))
    held = [window for window in windows if window["answer_span"].tensor.tolist() != [0, 0]]
    assert 0 < len(held) < len(windows)
    assert all(gold_text(window) == "WIN" for window in held)
    assert {id_of(window) for window in windows} == {"q"}


def test_training_keeps_the_windows_with_the_answer_under_their_own_numbers(bert_folder, write):
    lengths = {"max_length": 40, "stride": 10, "max_question_length": 8}
    path = long_file(write)
    every = list(MlqaReader(str(bert_folder), **lengths).read(path))
    kept = list(MlqaReader(str(bert_folder), windows="answer", **lengths).read(path))
    held = [w for w in every if w["answer_span"].tensor.tolist() != [0, 0]]
    assert [tags(w)["window"] for w in kept] == [tags(w)["window"] for w in held]
    assert [w["tokens"].input_ids.tolist() for w in kept] == [w["tokens"].input_ids.tolist() for w in held]


def test_a_shared_file_is_parsed_once_and_other_languages_are_left_out(reader, write):
    both = {"data": [{"paragraphs": [
        {"context": DELHI, "language": "en", "qas": [asked("q1", "Where?", "India", DELHI)]},
        {"context": GANGES, "qas": [asked("q1", "कहाँ?", "हिमालय", GANGES, language="hi")]},
    ]}]}  # fmt: skip
    path = write("both.json", both)
    assert [language_of(i) for i in reader.read({"hi": path})] == ["hi"]
    assert [language_of(i) for i in reader.read({"en": path, "hi": path})] == ["en", "hi"]


def test_the_language_is_told_by_mapping_or_name_and_the_question_has_its_own(reader, write, hindi):
    mlqa = write("dev-context-hi-question-de.json", squad((GANGES, [asked("q1", "Woher?", "हिमालय", GANGES)])))
    (instance,) = reader.read(mlqa)
    assert (language_of(instance), tags(instance)["question_language"]) == ("hi", "de")
    (instance,) = reader.read({"hi": hindi})
    assert (language_of(instance), tags(instance)["question_language"]) == ("hi", "hi")


def test_long_questions_are_cut_and_counted_in_the_log(bert_folder, write, caplog):
    path = write("xquad.en.json", squad((DELHI, [asked("q", "why " * 30, "India", DELHI)])))
    with caplog.at_level(logging.INFO):
        (instance,) = MlqaReader(str(bert_folder), max_question_length=10, stride=20).read(path)
    assert instance["context_span"].tensor[0] == 12
    assert "1 questions cut at 10 tokens" in caplog.text


def test_answers_that_begin_within_a_token_are_counted_and_listed(reader, write, caplog, monkeypatch):
    path = write("xquad.en.json", squad((DELHI, [asked("q7", "Where?", "India", DELHI)])))
    whole = {"ids": [5], "offsets": [(0, len(DELHI))]}
    monkeypatch.setattr(reader._windows._layout, "tokenized", lambda texts: [type("Encoding", (), whole)] * len(texts))
    with caplog.at_level(logging.INFO):
        list(reader.read(path))
    assert "1 of 1 answers in en (100.00 %) begin or end within a token, so their tokens say more: q7" in caplog.text


def test_one_question_without_a_file(reader):
    (instance,) = reader.text_to_instances("Where?", DELHI, "en", answers=[Gold("India", DELHI.index("India"))])
    assert gold_text(instance) == "India"
    unlabelled = reader.text_to_instance("Where?", DELHI)
    assert "answer_span" not in unlabelled.fields
    assert (language_of(unlabelled), id_of(unlabelled)) == ("und", "")


def test_position_numbers_the_questions_of_a_file(bert_folder, write):
    path = write(
        "train.en.json", squad((DELHI, [asked("7", "Where?", "India", DELHI), asked("7", "Who?", "people", DELHI)]))
    )
    reader = MlqaReader(str(bert_folder), question_ids="position")
    assert [id_of(instance) for instance in reader.read(path)] == ["0", "1"]


def test_it_is_built_from_a_config_that_has_no_unknown_key(bert_folder):
    params = {"type": "mlqa", "model_name": str(bert_folder), "windows": "answer"}
    assert isinstance(DatasetReader.from_params(Params(dict(params))), MlqaReader)
    with pytest.raises(Exception, match="doc_stride"):
        DatasetReader.from_params(Params({**params, "doc_stride": 64}))


def test_a_question_that_is_cut_to_spaces_is_a_bad_one(xlmr_folder, write, caplog):
    # Each space is a piece of its own for this tokenizer.
    spaces = asked("bad", " " * 70 + "Where?", "India", DELHI)
    path = write("dev.en.json", squad((DELHI, [spaces, asked("good", "Where?", "India", DELHI)])))
    with pytest.raises(ConfigurationError, match=r'question "bad": nothing is left .* first 64 tokens'):
        list(MlqaReader(str(xlmr_folder)).read(path))
    read = MlqaReader(str(xlmr_folder), on_bad_question="skip").read(path)
    assert {id_of(instance) for instance in read} == {"good"}
    assert "1 bad questions left out" in caplog.text


def test_a_file_beyond_the_limit_is_refused_with_the_key_that_raises_it(bert_folder, write):
    path = write("xquad.en.json", {"data": [], "version": "x" * 1_000_001})
    with pytest.raises(
        ConfigurationError, match=r"more than 1 MB\. Split it, or raise the reader's max_file_megabytes"
    ):
        list(MlqaReader(str(bert_folder), max_file_megabytes=1).read(path))
    with pytest.raises(ConfigurationError, match="max_file_megabytes: 0 is below 1"):
        MlqaReader(str(bert_folder), max_file_megabytes=0)
