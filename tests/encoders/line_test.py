import json

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.encoders.line import dumped, shown


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_json_has_no_number_for_is_an_error(number):
    with pytest.raises(ConfigurationError, match="NaN or infinity, which JSON does not have"):
        dumped({"n_best": [{"score": number}]})


def test_scripts_stay_readable_and_half_a_character_becomes_an_escape():
    assert dumped({"id": "ग\ud83d"}) == '{"id": "ग\\ud83d"}\n'


def test_a_value_is_shown_by_its_beginning_however_deep_or_long_it_is():
    assert shown(json.loads("[" * 900 + "]" * 900)) == "[[[[[[[...]]]]]]]"
    assert len(shown("x" * 10**6)) == 80
