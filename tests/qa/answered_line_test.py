"""Lines that tell a question and what is right."""

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.qa.answered_line import check_ids, id_of_line


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
