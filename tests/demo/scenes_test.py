"""The demo's data are balanced, parallel, and cannot be guessed from one sentence of a pair."""

import csv
import unicodedata
from collections import Counter, defaultdict

import pytest

from demo.scenes import COLUMNS, DATA, LABELS, best_guess, languages, read, tables, written_pairs
from xlamaml_allennlp.nli.labels import LABELS as READER_LABELS

SCRIPTS = {
    "ar": "ARABIC", "de": "LATIN", "el": "GREEK", "en": "LATIN", "hi": "DEVANAGARI", "ru": "CYRILLIC", "zh": "CJK",
}  # fmt: skip
SPLITS = ["train.en", "xnli.dev", "xnli.test"]


def rows(split):
    with (DATA / f"{split}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def counts(pairs, *columns):
    """How often each value of some columns has each label."""
    labels = defaultdict(Counter)
    for row in pairs:
        labels[tuple(row[column] for column in columns)][row["gold_label"]] += 1
    return labels


def test_the_committed_tables_are_those_that_the_scenes_make():
    for name, text in tables().items():
        assert (DATA / name).read_text(encoding="utf-8") == text, f"run python -m demo.scenes: {name}"


def test_a_scene_is_a_latin_square():
    pairs = {(premise, hypothesis): label for label, premise, hypothesis in written_pairs(list("ABC123"))}
    assert [[pairs[p, h][0] for h in "ABC"] for p in "123"] == [["e", "n", "c"], ["c", "e", "n"], ["n", "c", "e"]]


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("sentence", ["sentence1", "sentence2"])
def test_one_sentence_alone_says_nothing_about_the_label(split, sentence):
    # So any classifier that sees only this sentence is right in exactly one case of three.
    for seen, labels in counts(rows(split), "language", sentence).items():
        assert set(labels) == set(LABELS), seen
        assert len(set(labels.values())) == 1, (seen, labels)
    assert best_guess(split.replace("xnli.", "").removesuffix(".en"), sentence) == pytest.approx(100 / 3)


@pytest.mark.parametrize("split", ["dev", "test"])
def test_every_language_has_the_same_few_hundred_pairs_with_balanced_labels(split):
    by_language = counts(rows(f"xnli.{split}"), "language")
    assert {code for (code,) in by_language} == set(SCRIPTS) == set(languages(split))
    assert all(by_language[(code,)] == dict.fromkeys(LABELS, 72) for code in SCRIPTS)


@pytest.mark.parametrize("split", ["dev", "test"])
def test_the_same_pair_id_means_a_translation(split):
    ids = defaultdict(dict)
    for row in rows(f"xnli.{split}"):
        ids[row["language"]][row["pairID"]] = (row["gold_label"], row["promptID"])
    assert all(ids[code] == ids["en"] for code in SCRIPTS)


def test_premises_of_one_language_are_told_apart_by_promptID():
    for split in SPLITS:
        prompts = {(row["language"], row["promptID"], row["sentence1"]) for row in rows(split)}
        assert len(prompts) == len({prompt[:2] for prompt in prompts})


def test_splits_share_no_sentence():
    sentences = [{row[s] for row in rows(split) for s in ("sentence1", "sentence2")} for split in SPLITS]
    assert not any(a & b for i, a in enumerate(sentences) for b in sentences[:i])


@pytest.mark.parametrize("split", ["dev", "test"])
@pytest.mark.parametrize("language", SCRIPTS)
def test_sentences_are_in_the_script_of_their_language(split, language):
    letters = [c for scene in read(f"{split}.{language}") for line in scene for c in line if c.isalpha()]
    names = Counter(unicodedata.name(letter).split()[0] for letter in letters)
    assert set(names) == {SCRIPTS[language]}


@pytest.mark.parametrize("split", ["dev", "test"])
def test_no_sentence_of_another_language_is_left_untranslated(split):
    by_id = defaultdict(set)
    for row in rows(f"xnli.{split}"):
        by_id[row["pairID"]] |= {row["sentence1"], row["sentence2"]}
    assert all(len(sentences) == 2 * len(SCRIPTS) for sentences in by_id.values())


def test_every_row_is_complete_and_in_words_that_the_reader_knows():
    assert LABELS == READER_LABELS
    for split in SPLITS:
        for row in rows(split):
            assert tuple(row) == COLUMNS
            assert all(value == value.strip() != "" and "  " not in value for value in row.values()), row
