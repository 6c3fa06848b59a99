import inspect
import logging

from tests.qa.conftest import asked, squad
from xlamaml_allennlp.qa.answer_span import MAX_ANSWER_LENGTH
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.model import CrossLingualSpanQa

LETTERS = "a b c d e f g h i j k l m n o p q r s t u v w x y z A B C D E F G H I J"  # 36 tokens
GERMAN = "x y z"


def test_gold_answers_that_no_model_gives_by_default_are_counted_per_language(bert_folder, write, caplog):
    # Tokens are characters there: answers of 30, 31 and 36 tokens, then one of 1.
    answers = [LETTERS[:59], LETTERS[:61], LETTERS, "b"]
    english = write("dev.en.json", squad((LETTERS, [asked(str(i), "?", a, LETTERS) for i, a in enumerate(answers)])))
    german = write("dev.de.json", squad((GERMAN, [asked("0", "?", GERMAN, GERMAN)])))
    with caplog.at_level(logging.INFO):
        assert len(list(MlqaReader(str(bert_folder)).read({"en": english, "de": german}))) == 5
    assert "2 of 4 answers in en (50.00 %) have more than 30 tokens" in caplog.text
    assert "the longest has 36" in caplog.text
    assert "answers in de" not in caplog.text


def test_what_the_log_counts_is_the_models_own_limit():
    default = inspect.signature(CrossLingualSpanQa.__init__).parameters["max_answer_length"].default
    assert default == MAX_ANSWER_LENGTH == 30
