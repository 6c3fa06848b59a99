"""Data sets of the `datasets` library, from folders: what it reads from a hub looks the same."""

import json

import datasets
import pytest
from allennlp.common.checks import ConfigurationError
from huggingface_hub import constants

from xlamaml_allennlp.nli.formats import Row, read_rows

LABELS = datasets.ClassLabel(names=["entailment", "neutral", "contradiction"])
HINDI = {"premise": ["बिल्ली", "घर"], "hypothesis": ["कुत्ता", "छत"], "label": [1, 0]}


@pytest.fixture(autouse=True)
def offline(tmp_path, monkeypatch):
    datasets.disable_progress_bars()
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")


def one_language() -> datasets.Dataset:
    text = datasets.Value("string")
    return datasets.Dataset.from_dict(
        HINDI, features=datasets.Features({"premise": text, "hypothesis": text, "label": LABELS})
    )


def all_languages() -> datasets.Dataset:
    languages = ["en", "hi"]
    features = datasets.Features(
        {
            "premise": datasets.Translation(languages),
            "hypothesis": datasets.TranslationVariableLanguages(languages),
            "label": LABELS,
        }
    )
    row = {
        "premise": {"en": "A cat.", "hi": "बिल्ली"},
        "hypothesis": {"language": ["en", "hi"], "translation": ["A dog.", "कुत्ता"]},
        "label": 2,
    }
    return datasets.Dataset.from_list([row], features=features)


def test_a_saved_data_set_is_read_from_its_folder(tmp_path):
    one_language().save_to_disk(tmp_path / "hi")
    expected = [Row("बिल्ली", "कुत्ता", "neutral", number=1), Row("घर", "छत", "entailment", number=2)]
    assert list(read_rows(str(tmp_path / "hi"))) == expected
    assert list(read_rows(f"datasets:{tmp_path / 'hi'}")) == expected


def test_labels_go_by_name_not_by_number(tmp_path):
    reordered = datasets.ClassLabel(names=["contradiction", "entailment", "neutral"])
    one_language().cast_column("label", datasets.Value("int64")).cast_column("label", reordered).save_to_disk(
        tmp_path / "hi"
    )
    assert [row.label for row in read_rows(str(tmp_path / "hi"))] == ["entailment", "contradiction"]


def test_a_row_of_all_languages_is_a_row_for_each(tmp_path):
    all_languages().save_to_disk(tmp_path / "all")
    assert list(read_rows(str(tmp_path / "all"))) == [
        Row("A cat.", "A dog.", "contradiction", "en", number=1),
        Row("बिल्ली", "कुत्ता", "contradiction", "hi", number=1),
    ]


def test_a_split_is_named_after_a_question_mark(tmp_path):
    both = datasets.DatasetDict({"validation": one_language(), "test": one_language().select([1])})
    both.save_to_disk(tmp_path / "xnli")
    assert [row.premise for row in read_rows(f"datasets:{tmp_path / 'xnli'}?split=test")] == ["घर"]
    with pytest.raises(ConfigurationError, match=r"several splits; there are validation, test\. Name one: datasets:"):
        list(read_rows(str(tmp_path / "xnli")))
    with pytest.raises(ConfigurationError, match=r'no split "dev"; there are validation, test'):
        list(read_rows(f"datasets:{tmp_path / 'xnli'}?split=dev"))


def test_a_configuration_that_is_a_language_is_that_of_its_rows(tmp_path):
    # A folder of data files with named configurations is what a hub holds.
    lines = [{"premise": "बिल्ली", "hypothesis": "कुत्ता", "label": 1}]
    (tmp_path / "hi.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n")
    (tmp_path / "en.jsonl").write_text(json.dumps({"premise": "A.", "hypothesis": "B.", "label": -1}) + "\n")
    card = "".join(
        f"- config_name: {language}\n  data_files:\n  - split: validation\n    path: {language}.jsonl\n"
        for language in ("en", "hi")
    )
    (tmp_path / "README.md").write_text(f"---\nconfigs:\n{card}---\n")
    path = f"datasets:{tmp_path}?config="
    assert list(read_rows(path + "hi&split=validation")) == [Row("बिल्ली", "कुत्ता", 1, "hi", number=1)]
    assert list(read_rows(path + "en")) == [Row("A.", "B.", -1, "en", number=1)]


def test_what_cannot_be_loaded_says_what_to_check(tmp_path):
    with pytest.raises(
        ConfigurationError, match=r"datasets:no/such\?split=test: `datasets` cannot load it .*Check the"
    ):
        list(read_rows("datasets:no/such?split=test"))


@pytest.mark.parametrize("path", ["datasets:", "datasets:xnli?language=hi"])
def test_a_path_of_another_form_says_which_is_right(path):
    with pytest.raises(ConfigurationError, match=r"not of the form datasets:NAME\?config=hi&split=validation"):
        list(read_rows(path))


def test_a_data_set_without_rows_or_without_texts_is_an_error(tmp_path):
    (tmp_path / "hub").mkdir()
    one_language().select([]).to_parquet(tmp_path / "hub" / "train.parquet")
    with pytest.raises(ConfigurationError, match=r"cannot load it \(ValueError: .* no data"):
        list(read_rows(f"datasets:{tmp_path / 'hub'}"))
    one_language().remove_columns("hypothesis").save_to_disk(tmp_path / "half")
    with pytest.raises(
        ConfigurationError, match='no column "sentence2" or "hypothesis" or "hypo" among premise, label'
    ):
        list(read_rows(str(tmp_path / "half")))


def test_a_split_saved_alone_does_not_pass_for_another(tmp_path):
    saved = datasets.Dataset.from_dict({"premise": ["घर"], "hypothesis": ["घर"], "label": [0]}, split="train")
    saved.save_to_disk(tmp_path / "saved")
    assert len(list(read_rows(f"datasets:{tmp_path / 'saved'}?split=train"))) == 1
    with pytest.raises(ConfigurationError, match=r'the data set is the split "train", not "test"'):
        list(read_rows(f"datasets:{tmp_path / 'saved'}?split=test"))


@pytest.mark.parametrize("prefix", ["", "datasets:"])
def test_a_folder_with_a_table_is_no_data_set(tmp_path, monkeypatch, prefix):
    # `datasets` reads tables by other rules: here one premise would swallow the row after it.
    monkeypatch.setattr(datasets, "load_dataset", None)
    table = 'language\tsentence1\tsentence2\tgold_label\nen\t"He left\tHe stayed\tneutral\nen\t" again\tx\tneutral\n'
    (tmp_path / "train.tsv").write_text(table)
    (tmp_path / "LICENSE").touch()
    with pytest.raises(
        ConfigurationError,
        match=r"a folder that save_to_disk did not write; it holds LICENSE, train\.tsv\. Name a file: .*/train\.tsv",
    ):
        list(read_rows(f"{prefix}{tmp_path}"))
    assert len(list(read_rows(str(tmp_path / "train.tsv")))) == 2


def test_an_empty_folder_is_no_data_set(tmp_path):
    with pytest.raises(ConfigurationError, match=r"save_to_disk did not write; it holds nothing\. Check the path"):
        list(read_rows(str(tmp_path)))


def test_a_row_that_is_no_pair_is_reported_with_its_number(tmp_path):
    text = datasets.Value("string")
    rows_of = {"premise": ["A.", None], "hypothesis": ["B.", "C."]}
    datasets.Dataset.from_dict(rows_of, features=datasets.Features({"premise": text, "hypothesis": text})).save_to_disk(
        tmp_path / "en"
    )
    with pytest.raises(ConfigurationError, match=r'en:2: "premise" is null, not a text'):
        list(read_rows(str(tmp_path / "en")))
