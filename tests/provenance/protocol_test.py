import re

import pytest
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.provenance.manifest import Manifest, Read, Stage
from xlamaml_allennlp.provenance.protocol import Protocol

ANY = {"train": {"sw": "xnli.dev.tsv"}, "select": {"hi": "xnli.dev.tsv"}, "test": "my.tsv"}


def protocol(**declared):
    return Protocol.from_params(Params(declared))


@pytest.mark.parametrize(("use", "data_path"), ANY.items())
@pytest.mark.parametrize("declared", [{}, {"train": "*", "select": "*", "test": "*"}])
def test_what_is_not_declared_is_allowed(declared, use, data_path):
    protocol(**declared).check_paths(use, data_path)


def test_selecting_on_a_target_is_an_error_that_names_key_language_and_file_and_the_way_out():
    zero_shot = protocol(train=["en", "hi"], select=["en"])
    with pytest.raises(ConfigurationError) as error:
        zero_shot.check_paths("select", {"sw": "data/xnli.dev.tsv"})
    assert str(error.value) == (
        'protocol.select: the run selects its best epoch on the language "sw" (validation_data_path: '
        "data/xnli.dev.tsv), and the protocol allows only en (languages). Take it out of validation_data_path, or, if "
        "that is what you want, declare it in protocol.select."
    )
    zero_shot.check_paths("train", {"hi": "data/xnli.dev.tsv"})
    zero_shot.check_paths("test", {"sw": "data/xnli.test.tsv"})


@pytest.mark.parametrize(
    ("use", "rule", "data_path", "said"),
    [
        ("train", ["en"], {"en": "a.tsv", "hi": "a.tsv"}, 'trains on the language "hi" (train_data_path: a.tsv)'),
        ("train", ["en"], "train-hi.tsv", 'the language "hi"'),  # as the file's name tells
        ("select", [], {"en": "dev.tsv"}, "the protocol allows nothing"),
        ("test", ["en"], {"sw": "a.tsv"}, 'tests on the language "sw" (test_data_path: a.tsv)'),
        ("select", {"splits": ["dev"]}, "xnli.test.tsv", 'the split "test"'),
        ("train", {"splits": ["train"]}, "pairs.tsv", "a file whose name tells no split"),
        ("train", {"files": ["xnli.dev.*"]}, {"en": "data/own.tsv"}, "this file (train_data_path: data/own.tsv in en)"),
        ("test", {"languages": ["en"], "splits": ["test"]}, {"hi": "xnli.test.tsv"}, 'the language "hi"'),
        ("test", {"languages": ["en"], "splits": ["test"]}, {"en": "xnli.dev.tsv"}, 'the split "dev"'),
        ("train", ["zh-TW"], {"zh": "a.tsv"}, 'the language "zh"'),
        ("train", ["zh_TW"], {"zh-CN": "a.tsv"}, 'the language "zh-CN"'),
        ("train", ["zh"], {"yue": "a.tsv"}, 'the language "yue"'),
    ],
)
def test_each_kind_of_breach_is_an_error(use, rule, data_path, said):
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        protocol(**{use: rule}).check_paths(use, data_path)


@pytest.mark.parametrize(
    ("rule", "data_path"),
    [
        (["zh"], {"zh-TW": "a.tsv", "zh_CN": "a.tsv", "ZH": "a.tsv", "zho_Hans": "a.tsv", "cmn": "a.tsv"}),
        (["cmn", "iw", "zh_tw"], {"zh": "a.tsv", "he": "a.tsv", "zh-TW": "a.tsv"}),
        ({"files": ["xnli.dev.*"]}, "https://host/XNLI.zip!XNLI-1.0/xnli.dev.tsv"),
        ({"files": ["*/dev/*"]}, "MLQA_V1/dev/dev-context-hi-question-hi.json"),
        ({"splits": ["dev", "test"], "languages": "*"}, {"hi": "xnli.test.tsv"}),
        (["en"], "pairs.tsv"),  # whose rows tell the language
        (["en"], "{broken"),  # which its reader refuses
    ],
)
def test_what_a_rule_allows_or_nothing_tells_passes(rule, data_path):
    protocol(train=rule).check_paths("train", data_path)


def test_what_an_earlier_stage_read_counts_and_the_stage_is_named():
    earlier = Manifest((Stage("mnli_finetune", (Read("select", "en", "dev.json", 3, other_languages=("hi",)),)),))
    protocol(train=["en"]).check_read(earlier, "train", "select", "test")
    with pytest.raises(ConfigurationError, match='the stage mnli_finetune selects its best epoch on the language "hi"'):
        protocol(select=["en"]).check_read(earlier, "train", "select", "test")


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"train": "en"}, "protocol.train is 'en'. Give"),
        ({"train": ["en", 3]}, "protocol.train is ['en', 3]. Give"),
        ({"select": {"splits": ["validation"]}}, 'protocol.select.splits: "validation" is none of train, dev, test'),
        ({"select": {"language": ["en"]}}, 'protocol.select: "language" is none of languages, splits, files'),
        ({"select": {"files": "a.tsv"}}, "protocol.select.files is 'a.tsv'. Give"),
        ({"validate": ["en"]}, "validate"),
    ],
)
def test_a_protocol_that_means_nothing_is_an_error(declared, said):
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        protocol(**declared)
