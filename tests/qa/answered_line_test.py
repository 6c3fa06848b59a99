"""Lines that tell a question and what is right."""

import pytest
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary

from tests.qa.conftest import DELHI, asked
from xlamaml_allennlp.qa.answered_line import check_ids, id_of_line
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.model import CrossLingualSpanQa
from xlamaml_allennlp.qa.predictor import CrossLingualSpanQaPredictor


@pytest.mark.parametrize("given", [{}, {"id": None}, {"id": ""}])
def test_a_line_without_an_id_has_its_number_and_no_other_line_may_have_that(given):
    assert id_of_line(given, 2) == "row 2"
    check_ids([given, given])
    check_ids([{"id": "row 1", "language": "hi"}, {**given, "language": "en"}])
    with pytest.raises(
        ConfigurationError, match=r'inputs\[1\]: inputs\[0\] is a question in en with the id "row 1" too'
    ):
        check_ids([{"id": "row 1", "language": "en"}, {**given, "language": "en"}])


def test_nought_is_an_id():
    assert id_of_line({"id": 0}, 2) == "0"


def test_no_model_is_judged_on_windows_that_the_answer_has_chosen(bert_folder):
    reader = MlqaReader(str(bert_folder), max_length=24, stride=8, max_question_length=8, windows="answer")
    predictor = CrossLingualSpanQaPredictor(CrossLingualSpanQa(Vocabulary.empty(), str(bert_folder)), reader)
    question = {**asked("a", "Where?", "India", DELHI), "context": DELHI, "language": "en"}
    assert predictor.predict_json(question)["n_best"]
    with pytest.raises(ConfigurationError, match=r'dataset_reader\.windows is "answer".*validation_dataset_reader'):
        predictor.evaluate([question])
