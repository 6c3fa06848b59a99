import pytest

from xlamaml_allennlp.files.json_text import parse_json


def test_json_is_what_it_says():
    assert parse_json(' {"a": [1, "ग", null, 2.5]}\n') == {"a": [1, "ग", None, 2.5]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON, or cut short: Expecting value in column 1"),
        ('{"a": 1', "not JSON, or cut short: Expecting ',' delimiter in column 8"),
        ('{"a": 1,\n x}', "not JSON, or cut short: .* in line 2, column 2"),
        ("[" * 100_000, "brackets within brackets, deeper than Python reads JSON"),
        ('{"a":' * 100_000, "brackets within brackets, deeper than Python reads JSON"),
        (f'{{"a": {"9" * 5_000}}}', "a whole number of thousands of digits"),
    ],
)
def test_whatever_python_cannot_read_is_one_error_that_says_why(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_json(text)
