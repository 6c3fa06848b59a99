import datasets
import pyarrow
import pytest
from allennlp.common.checks import ConfigurationError

from tests.qa.conftest import DELHI, ENGLISH, GANGES, asked, squad
from xlamaml_allennlp.languages.sources import Source
from xlamaml_allennlp.qa.formats import read_questions
from xlamaml_allennlp.qa.question import Gold


def read(path, languages=None, numbered=False):
    return list(read_questions(Source(path, languages), pytest.fail, numbered))


def test_squads_format_gives_questions_with_their_place(write):
    path = write("train-v1.1.json", ENGLISH)
    first, second = read(path, frozenset({"en"}))
    assert (first.id, first.text, first.context) == ("q1", "Where is Delhi?", DELHI)
    assert first.answers == (Gold("in the north of India", DELHI.index("in the north")),)
    assert (first.language, first.question_language) == ("en", "en")
    assert first.where == f'{path}: data[0].paragraphs[0], question "q1"'
    assert second.context is first.context


@pytest.mark.parametrize(
    ("name", "language", "question_language"),
    [
        ("test-context-hi-question-de.json", "hi", "de"),
        ("test-context-zh-question-zh.json", "zh", "zh"),
        ("xquad.hi.json", "hi", "hi"),
        ("context-en-question-de/dev.hi.json", "hi", "hi"),
        ("tydiqa.goldp.hi.train.json", "hi", "hi"),
    ],
)
def test_file_names_tell_both_languages(write, name, language, question_language):
    (question,) = read(write(name, squad((GANGES, [asked("1", "?", "हिमालय", GANGES)]))))
    assert (question.language, question.question_language) == (language, question_language)


def test_a_mapping_may_say_more_of_a_language_than_a_file_name(write):
    path = write("dev-context-zh-question-en.json", squad((DELHI, [asked("1", "?", "India", DELHI)])))
    (question,) = read(path, frozenset({"zh-Hans"}))
    assert (question.language, question.question_language) == ("zh-Hans", "en")


def test_ids_of_tydi_qa_tell_the_language(write):
    rows = [asked("swahili-4063193320833096083-2", "?", "India", DELHI), asked("korean--77-1", "?", "India", DELHI)]
    path = write("tydiqa-goldp-v1.1-dev.json", squad((DELHI, rows)))
    assert [question.language for question in read(path)] == ["sw", "ko"]
    assert [question.language for question in read(path, frozenset({"ko"}))] == ["ko"]


def test_numbers_can_stand_for_ids_and_missing_answers_are_none(write):
    path = write("dev.en.json", squad((DELHI, [{"question": "?"}, {"question": "?!", "id": 7}])))
    assert [(question.id, question.answers) for question in read(path, numbered=True)] == [("0", ()), ("1", ())]


def test_numbers_as_ids_leave_tydi_qas_languages_known(write):
    rows = [asked("swahili-4063193320833096083-2", "?", "India", DELHI), asked("korean--77-1", "?", "India", DELHI)]
    path = write("tydiqa-goldp-v1.1-dev.json", squad((DELHI, rows)))
    (question,) = read(path, frozenset({"ko"}), numbered=True)
    assert (question.id, question.language) == ("1", "ko")


@pytest.fixture
def folder(tmp_path):
    one = {"text": ["हिमालय"], "answer_start": [GANGES.index("हिमालय")]}
    two = {"text": ["गंगा", "गंगा नदी"], "answer_start": [0, 0]}
    rows = {"id": ["a", "b"], "context": [GANGES, GANGES], "question": ["कहाँ?", "क्या?"], "answers": [one, two]}
    datasets.disable_progress_bars()
    datasets.DatasetDict({"test": datasets.Dataset.from_dict(rows)}).save_to_disk(tmp_path / "mlqa")
    return str(tmp_path / "mlqa")


def test_a_data_set_of_datasets_gives_the_same_questions(folder):
    first, second = read(f"datasets:{folder}?split=test", frozenset({"hi"}))
    assert (first.id, first.text, first.context, first.language) == ("a", "कहाँ?", GANGES, "hi")
    assert first.answers == (Gold("हिमालय", GANGES.index("हिमालय")),)
    assert second.answers == (Gold("गंगा", 0), Gold("गंगा नदी", 0))
    assert second.where == f'datasets:{folder}?split=test: row 1, question "b"'


def test_starts_of_programs_that_know_one_kind_of_number_are_read(write):
    gold = {"text": "India", "answer_start": float(DELHI.index("India"))}
    (question,) = read(write("dev.en.json", squad((DELHI, [{"id": 7, "question": "?", "answers": [gold]}]))))
    assert (question.id, question.answers) == ("7", (Gold("India", DELHI.index("India")),))


def test_a_data_set_whose_answers_lack_a_start_names_the_row(tmp_path):
    rows = {"id": ["a"], "context": ["b"], "question": ["c"], "answers": [{"text": ["b", "b"], "answer_start": [0]}]}
    datasets.disable_progress_bars()
    datasets.Dataset.from_dict(rows).save_to_disk(tmp_path / "one")
    found = []
    assert list(read_questions(Source(str(tmp_path / "one"), frozenset({"en"})), lambda *bad: found.append(bad))) == []
    ((where, problem),) = found
    assert where.endswith('row 0, question "a"')
    assert problem.startswith('it has no list "answers"')


def test_a_row_of_a_data_set_that_cannot_be_read_is_an_error_with_its_place(tmp_path):
    texts = pyarrow.array([b"Delhi is here.", b"\xff"]).view(pyarrow.string())  # the second is not UTF-8
    table = pyarrow.table({"id": ["a", "b"], "context": texts, "question": ["c", "d"]})
    datasets.disable_progress_bars()
    datasets.Dataset(table).save_to_disk(tmp_path / "two")
    with pytest.raises(ConfigurationError, match=r"two: row 2 cannot be read \(UnicodeDecodeError"):
        read(str(tmp_path / "two"), frozenset({"en"}))


@pytest.mark.parametrize(
    ("config", "languages"), [("mlqa.hi.de", ("hi", "de")), ("xquad.hi", ("hi", "hi")), ("MLQA.hi.hi", ("hi", "hi"))]
)
def test_a_configuration_tells_the_languages(folder, config, languages):
    question = read(f"datasets:{folder}?config={config}&split=test")[0]
    assert (question.language, question.question_language) == languages
