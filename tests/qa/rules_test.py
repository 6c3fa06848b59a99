import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.qa.rules import normaliser


@pytest.mark.parametrize(
    ("language", "text", "tokens"),
    [
        ("en", "The Cat, a dog  and an owl!", "cat dog and owl"),
        # Articles are whole words.
        ("en", "theatre Anna a-list", "theatre anna alist"),
        ("es", "¿La casa de los niños?", "casa de niños"),
        ("es", "Unos años; una vez", "años vez"),
        ("de", "Der Hund und die Katze eines Freundes", "hund und katze freundes"),
        ("de", "„Straße“", "straße"),
        ("vi", "Những con mèo là của tôi", "con mèo tôi"),
        # The article is cut off its word, and out of the middle of others too, as the official expression does.
        ("ar", "القاهرة", "قاهرة"),
        ("ar", "في القاهرة", "في قاهرة"),
        ("hi", "गंगा, नदी।", "गंगा नदी"),
        ("zh", "北京大学（PKU University）成立", "北 京 大 学 pku university 成 立"),
        ("zh", "1898年7月3日。", "1898 年 7 月 3 日"),
    ],
)
def test_tokens_follow_the_rules_of_the_language(language, text, tokens):
    assert normaliser(language).tokens(text) == tokens.split()


def test_mlqa_deletes_punctuation_of_all_scripts_and_squad_that_of_ascii_only():
    assert normaliser("en", "mlqa").tokens("“1990–1995”") == ["19901995"]
    assert normaliser("en", "squad_v1.1").tokens("“1990–1995”") == ["“1990–1995”"]
    # Symbols are no punctuation to Unicode, but ASCII's are deleted in both.
    for rules in ("mlqa", "squad_v1.1"):
        assert normaliser("en", rules).tokens("$5 + 5€ = x^2") == ["5", "5€", "x2"]


def test_a_language_without_rules_is_an_error_that_says_which_there_are():
    with pytest.raises(ConfigurationError, match=r'"el".*ar, de, en, es, hi, vi, zh.*any_language'):
        normaliser("el")
    with pytest.raises(ConfigurationError, match=r'"squad_v1.1".*"hi".*only those in en'):
        normaliser("hi", "squad_v1.1")


def test_unknown_rules_are_an_error_that_says_which_there_are():
    with pytest.raises(ConfigurationError, match=r'"squad" is none of mlqa, squad_v1.1, any_language'):
        normaliser("en", "squad")


def test_other_languages_can_fall_back_to_white_space_and_thai_to_characters():
    assert normaliser("el", "any_language").tokens("Η «Αθήνα», 1834;") == ["η", "αθήνα", "1834"]
    assert normaliser("th", "any_language").tokens("ไทย 5") == ["ไ", "ท", "ย", "5"]
    # The seven keep their own rules.
    assert normaliser("de", "any_language").tokens("Der Hund") == ["hund"]


@pytest.mark.parametrize(("tag", "language"), [("zh-TW", "zh"), ("zh-Hant", "zh"), ("ar-EG", "ar"), ("th-TH", "th")])
def test_a_script_or_a_region_changes_no_rule(tag, language):
    assert normaliser(tag, "any_language") is normaliser(language, "any_language")
