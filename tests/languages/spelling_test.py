import pytest

from xlamaml_allennlp.languages.spelling import base_language, is_among, is_written_alike, spelling


@pytest.mark.parametrize(
    ("code", "spelt"),
    [
        *(("zh_TW", "zh-tw"), ("zho_Hans", "zh-hans"), ("cmn", "zh"), ("ZH", "zh"), ("zh-Hant-TW", "zh-hant-tw")),
        *(("iw", "he"), ("ara", "ar"), ("arb", "ar"), ("arz", "arz"), ("yue", "yue"), ("sh", "sr-latn"), ("no", "nb")),
        *(("und", "und"), ("My_Own", "my-own"), ("english", "english"), ("日本", "日本"), ("", ""), ("a b", "a b")),
    ],
)
def test_each_code_has_one_spelling_and_what_is_no_code_stays(code, spelt):
    assert spelling(code) == spelt
    assert base_language(code) == spelt.split("-")[0]


def test_a_language_stands_for_its_forms_and_a_form_not_for_the_language():
    assert is_among("zho_Hans", ["hi", "zh"])
    assert not is_among("zh", ["zho_Hans"])
    assert not is_among("zh", [])


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        *(("EN", "en", True), ("zh-CN", "zh", True), ("zho", "cmn-Hans", True), ("My_Own", "my-own", True)),
        *(("zh-TW", "zh", False), ("sr-Latn", "sr", False), ("pt-BR", "pt-PT", False), ("und", "en", False)),
    ],
)
def test_forms_of_a_language_are_written_alike_or_not(one, other, alike):
    assert is_written_alike(one, other) is is_written_alike(other, one) is alike
