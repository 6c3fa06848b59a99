import pytest

from xlamaml_allennlp.languages.codes import is_language, language_from_file_name


@pytest.mark.parametrize(
    "path, language",
    [
        ("dev-hi.tsv", "hi"),
        ("data/xquad.hi.json", "hi"),
        ("multinli.train.ur.tsv", "ur"),
        ("test-context-hi-question-de.json", "hi"),
        ("dev-context-zh-question-zh.json", "zh"),
        ("tydiqa.goldp.en.train.json", "en"),
        ("tydiqa.goldp.id.train.json", "id"),
        ("sw.jsonl", "sw"),
        ("hi_dev.tsv.gz", "hi"),
        ("XNLI.zip!XNLI/dev-th.tsv", "th"),
        ("https://example.org/en/dev-vi.tsv?download=1", "vi"),
        ("it-is-hi.tsv", "hi"),
        # No language of a benchmark: Hausa, Yoruba, Quechua, Icelandic; by two letters or three.
        ("test-ha.tsv", "ha"),
        ("afrixnli.test.hau.tsv", "hau"),
        ("yor_dev.tsv", "yor"),
        ("quy.jsonl", "quy"),
        ("test-is.tsv", "is"),
        ("xnli.is.test.tsv", "is"),
        # Scripts and regions, told by their capitals.
        ("test-zh-Hant.tsv", "zh-Hant"),
        ("dev-hi.ndjson", "hi"),
        ("https://host/all.zip?download=1!f/dev-hi.csv", "hi"),
        ("dev_pt_BR.tsv", "pt-BR"),
        ("hau_Latn.dev.jsonl", "hau-Latn"),
        ("DEV-HI.TSV", "hi"),
    ],
)
def test_a_file_name_tells_its_language(path, language):
    assert language_from_file_name(path) == language


@pytest.mark.parametrize(
    "path",
    [
        "xnli.dev.tsv",
        "xnli.test.tsv",
        "XNLI-1.0/xnli.dev.jsonl",
        "multinli_1.0_train.jsonl",
        "multinli_1.0_dev_matched.jsonl",
        "multinli_1.0_subset.jsonl",
        "train-v1.1.json",
        "dev-v2.0.json",
        "my-dev.tsv",
        "id-test.tsv",
        "de/dev.tsv",
        "dev.en-hi.tsv",
        "dev-context-xx-question-de.json",
        "high.tsv",
        # Codes of Domung, Grangali, Allar, Newari, Assamese, Ro, Waama: and words.
        "nli-dev.tsv",
        "dev-all.tsv",
        "new-dev.tsv",
        "as-is.tsv",
        "what-to-do.tsv",
        "pairs-roo.tsv",
        "he.tsv",
        "en-ES-de.tsv",
        "en-es.tsv",
        "dev-" + "a" * 100_000 + ".tsv",
        "\ud800-\0.tsv",
        "en-to-nowhere.tsv",
        ".tsv",
        "",
    ],
)
def test_other_file_names_tell_none(path):
    assert language_from_file_name(path) is None


@pytest.mark.parametrize("tag", ["hi", "hau", "zh-Hant", "pt-BR", "zh_Hant", "sw"])
def test_the_code_of_a_language_is_one(tag):
    assert is_language(tag)


@pytest.mark.parametrize(
    "tag",
    ["", "all", "dev", "test", "all_languages", "plain_text", "default", "en-hi", "qa", "x-foo", "\ud800"],
)
def test_what_a_configuration_may_be_called_besides_is_none(tag):
    assert not is_language(tag)
