import pytest

from xlamaml_allennlp.languages.codes import is_language, language_from_file_name

# What a user who meets the name would say of it. Where anyone might say two things, it tells none.
TOLD = """
dev-hi.tsv                              hi
data/xquad.hi.json                      hi
multinli.train.ur.tsv                   ur
test-context-hi-question-de.json        hi
dev-context-zh-question-zh.json         zh
tydiqa.goldp.en.train.json              en
tydiqa.goldp.id.train.json              id
sw.jsonl                                sw
hi_dev.tsv.gz                           hi
hi_val.tsv.bz2                          hi
XNLI.zip!XNLI/dev-th.tsv                th
https://example.org/en/dev-vi.tsv?download=1  vi
https://host/all.zip?download=1!f/dev-hi.csv  hi
dev-hi.ndjson                           hi
DEV-HI.TSV                              hi
it-is-hi.tsv                            hi
xnli-mt-hi.tsv                          hi
xnli_mt_hi.tsv                          hi
train-sm-hi.tsv                         hi
cv-fold-hi.tsv                          hi
nli.bio.hi.tsv                          hi
llm-dev-hi.jsonl                        hi
test-ha.tsv                             ha
test-is.tsv                             is
xnli.is.test.tsv                        is
dev-or.tsv                              or
afrixnli.test.hau.tsv                   hau
yor_dev.tsv                             yor
quy.jsonl                               quy
test-bzd.tsv                            bzd
test-zh-Hant.tsv                        zh-Hant
dev_pt_BR.tsv                           pt-BR
hau_Latn.dev.jsonl                      hau-Latn
belebele-mlt_Latn.jsonl                 mlt-Latn
flores.cat_Latn.dev.txt                 cat-Latn
dev_mt_Latn.tsv                         mt-Latn
"""
# Words, splits, abbreviations; two languages; codes of small languages that are words (Allar, Domung, Newari, Biao).
UNTOLD = """
xnli.dev.tsv  xnli.test.tsv  XNLI-1.0/xnli.dev.jsonl  multinli_1.0_train.jsonl  multinli_1.0_dev_matched.jsonl
multinli_1.0_subset.jsonl  train-v1.1.json  dev-v2.0.json  my-dev.tsv  id-test.tsv  he.tsv  de/dev.tsv  high.tsv
dev.en-hi.tsv  en-ES-de.tsv  en-es.tsv  dev-context-xx-question-de.json  en-to-nowhere.tsv  hi-en-mt.tsv
dev-mt.tsv  dev-sm.tsv  train-lg.tsv  test-st.tsv  dev-cv.tsv  dev-co.tsv  dev-ie.tsv  dev-kg.tsv  dev-nn.tsv
sts-dev.tsv  nmt-dev.tsv  llm-dev.tsv  bio-test.tsv  law-dev.tsv  dev-ood.tsv  dev-ind.tsv  nli-dev.tsv  dev-all.tsv
new-dev.tsv  dev-cat.tsv  test-run.tsv  lua-test.jsonl  dev-in.tsv  as-is.tsv  what-to-do.tsv  pairs-roo.tsv
dev-mt-EN-v2.tsv  all_Arab.tsv  dev.tar.gz  .tsv
"""


@pytest.mark.parametrize(("path", "language"), [line.split() for line in TOLD.strip().splitlines()])
def test_a_file_name_tells_its_language(path, language):
    assert language_from_file_name(path) == language


@pytest.mark.parametrize("path", [*UNTOLD.split(), "", "dev-" + "a" * 100_000 + ".tsv", "\ud800-\0.tsv"])
def test_other_file_names_tell_none(path):
    assert language_from_file_name(path) is None


@pytest.mark.parametrize("tag", ["hi", "hau", "zh-Hant", "pt-BR", "zh_Hant", "sw", "zh_cn", "pt-br", "ind_Latn"])
def test_the_code_of_a_language_is_one(tag):
    assert is_language(tag)


@pytest.mark.parametrize(
    "tag",
    [
        *["", "all", "dev", "test", "all_languages", "plain_text", "default", "en-hi", "qa", "x-foo", "\ud800"],
        *["mt", "nli", "bio", "sts", "en-es", "en_de", "mt-MT"],
    ],
)
def test_what_a_configuration_may_be_called_besides_is_none(tag):
    assert not is_language(tag)
