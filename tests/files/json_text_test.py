import pytest

from xlamaml_allennlp.files.json_text import parse_json, shown


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


def test_a_key_that_is_there_twice_is_an_error_where_it_would_lose_something():
    text = '{"en": "a.tsv", "en": "b.tsv"}'
    assert parse_json(text) == {"en": "b.tsv"}
    with pytest.raises(ValueError, match='the key "en" is there twice'):
        parse_json(text, unique_keys=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("ग", '"ग"'),
        ("x" * 1000, f'"{"x" * 80}"'),
        (3, "3"),
        (True, "true"),
        (None, "null"),
        (1.5, "1.5"),
        pytest.param(10**5000, "a number of many digits", id="digits"),
        ([1], "a list"),
        ({"a": 1}, "an object"),
        (b"", "a bytes"),
    ],
)
def test_a_value_is_shown_in_short_whatever_it_is(value, text):
    assert shown(value) == text
