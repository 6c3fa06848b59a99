import pytest
from allennlp.data import Instance
from allennlp.data.fields import MetadataField

from xlamaml_allennlp.languages.data_use import Count
from xlamaml_allennlp.languages.tag import metadata
from xlamaml_allennlp.provenance.manifest import Manifest, Stage, union
from xlamaml_allennlp.provenance.manifest_examples import remember
from xlamaml_allennlp.provenance.seen import seen_of

DEV, TEST = "xnli.dev.tsv", "xnli.test.tsv"
NO, ALL = Count(0, 0), Count(4, 0)


def tagged(language, id, **more):
    return Instance({"metadata": MetadataField(metadata(language, id, "group", **more))})


def pairs(language, numbers=range(4), said="", ids=str):
    return [tagged(language, ids(n), premise=f"{language}{said}", hypothesis=str(n)) for n in numbers]


def stage(instances, path, use="train", name="stage"):
    found = remember(instances, path)
    return Stage(name, tuple(examples.as_read(use) for examples in found.values()))


def seen(stages, instances, path):
    manifest = None if stages is None else Manifest(tuple(stages))
    return seen_of(manifest, remember(instances, path))


def test_an_example_under_another_id_in_another_file_is_found():
    trained = [stage(pairs("en"), "mine.tsv")]
    found = seen(trained, pairs("en", [2, 3, 4, 5], ids=lambda n: f"new{n}"), "yours.tsv")
    assert found["en"] == (False, Count(2), NO)


def test_a_translation_is_found_by_its_id_within_the_split():
    found = seen([stage(pairs("en", [0, 1]), DEV)], pairs("sw"), f"elsewhere/{DEV}")
    # Of sw 0 and 1, English was read; of 2 and 3 it would be in the same split, and was not.
    assert found["sw"] == (True, NO, Count(2))


def test_the_same_id_in_another_split_is_no_translation():
    assert seen([stage(pairs("en"), DEV)], pairs("sw"), TEST)["sw"] == (True, NO, NO)


def test_a_translation_is_found_by_the_english_beside_it():
    trained = [stage(pairs("en", [0, 1]), "multinli.train.jsonl", name="one")]
    found = seen(trained, [*pairs("en"), *pairs("sw")], TEST)
    assert found == {"en": (False, Count(2), NO), "sw": (True, NO, Count(2))}


def test_without_the_english_nobody_can_tell():
    trained = [stage(pairs("en"), "multinli.train.jsonl")]
    assert seen(trained, pairs("hi"), {"hi": TEST})["hi"] == (True, NO, Count(0, 4))


def test_rows_without_ids_tell_nothing_of_translations():
    named = {"ids": lambda n: f"row {n}"}
    found = seen([stage(pairs("en", **named), DEV)], pairs("hi", **named), DEV)
    assert found["hi"] == (True, NO, Count(0, 4))


def test_of_one_language_the_texts_tell_everything():
    found = seen([stage(pairs("hi", [8, 9]), "mine.tsv")], pairs("hi"), "yours.tsv")
    assert found["hi"] == (False, NO, NO)


def test_a_file_of_ones_own_knows_its_translations_and_another_file_does_not(tmp_path):
    mine = tmp_path / "pairs.tsv"
    mine.write_text("its content")
    trained = [stage(pairs("en"), mine)]
    assert seen(trained, pairs("sw"), mine)["sw"] == (True, NO, ALL)
    (tmp_path / "other.tsv").write_text("another")
    assert seen(trained, pairs("sw"), tmp_path / "other.tsv")["sw"] == (True, NO, Count(0, 4))


def test_two_files_of_one_name_are_told_apart_by_their_texts():
    # Both are called xnli.dev.tsv; English 0 to 3 stand for other texts there, so that Swahili is no translation.
    trained = [stage([*pairs("en", said="!"), *pairs("fr", said="!")], DEV)]
    found = seen(trained, [*pairs("en"), *pairs("sw")], DEV)
    assert found["en"].translations.known == found["sw"].translations.known == 0
    assert found["sw"].translations.unknown == 4  # of French


@pytest.mark.parametrize(("use", "zero_shot", "count"), [("select", False, 4), ("train", False, 4), ("test", True, 0)])
def test_selecting_is_seeing_and_testing_is_not(use, zero_shot, count):
    trained = [stage(pairs("en", [7]), DEV, name="one"), stage(pairs("hi"), DEV, use, name="two")]
    assert seen(trained, pairs("hi"), DEV)["hi"] == (zero_shot, Count(count), NO)


@pytest.mark.parametrize(
    ("evaluated", "trained"),
    [
        ("zh", "zh-TW zh_TW ZH zho zho_Hans zho-Hant cmn chi zh-Hant"),
        ("zh_CN", "zh zh-CN zh_TW cmn_Hans"),
        ("ar", "ara arb ara_Arab ar-EG"),
        ("he", "iw heb IW"),
        ("sw", "swa swh swh_Latn"),
        ("nb", "no nob nb_NO"),
        ("und-Latn", "und"),
        ("Klingonese", "klingonese"),  # no code, and the same all the same
    ],
)
def test_a_language_is_the_same_in_each_of_its_forms_and_spellings(evaluated, trained):
    expected = None if evaluated == "und-Latn" else False
    for spelt in trained.split():
        for one, other in ((spelt, evaluated), (evaluated, spelt)):
            assert seen([stage(pairs(one), "a.tsv")], pairs(other), "b.tsv")[other].zero_shot is expected


@pytest.mark.parametrize(("trained", "evaluated"), [("zh", "yue"), ("arb", "arz"), ("hi_IN", "ur_IN"), ("e n", "en")])
def test_other_languages_are_zero_shot(trained, evaluated):
    assert seen([stage(pairs(trained), "a.tsv")], pairs(evaluated), "b.tsv")[evaluated].zero_shot is True


def test_an_archive_without_a_manifest_claims_nothing():
    unknown = (None, Count(0, 4), Count(0, 4))
    assert seen(None, pairs("hi"), DEV)["hi"] == unknown
    assert seen([Stage("old.tar.gz", None)], pairs("hi"), DEV)["hi"] == unknown


def test_what_is_known_is_claimed_whatever_is_unknown_besides():
    stages = [Stage("old.tar.gz", None), stage(pairs("hi", [0]), DEV)]
    assert seen(stages, pairs("hi"), DEV)["hi"] == (False, Count(1, 3), Count(0, 3))


def questions(language, asked, ids):
    more = {"question": f"{asked}?", "context": f"{language}.", "question_language": asked}
    return [tagged(language, id, window=window, **more) for id in ids for window in (0, 1)]


def test_questions_are_known_by_ids_that_are_nobody_elses_and_count_once():
    ids = [f"{n:024x}" for n in (1, 2, 3)]
    trained = [stage(questions("en", "en", ids[:2]), "train-v1.1.json")]
    assert [read.examples for read in trained[0].read] == [2]
    assert seen(trained, questions("hi", "hi", ids), "xquad.hi.json")["hi"] == (True, NO, Count(2))


def test_a_question_asked_in_a_language_is_a_shot_of_it():
    trained = [stage(questions("en", "hi", ["1"]), "dev-context-en-question-hi.json")]
    found = seen(trained, questions("hi", "hi", ["1"]), "dev-context-hi-question-hi.json")
    assert found["hi"].zero_shot is False


def test_pairs_and_questions_are_never_each_other():
    assert seen([stage(questions("en", "en", ["1"]), "a.json")], pairs("hi"), DEV)["hi"] == (True, NO, NO)


def test_a_reader_that_tells_no_texts_leaves_everything_unknown():
    instances = [Instance({"metadata": MetadataField({"language": "fr", "id": "1"})}), Instance({})]
    trained = [stage(instances, "a.txt")]
    assert sorted((read.language, read.examples) for read in trained[0].read) == [("fr", 1), ("und", 1)]
    assert seen(trained, pairs("hi"), DEV)["hi"] == (None, Count(0, 4), Count(0, 4))


def test_two_readings_of_one_file_are_one():
    (first,), (second,) = stage(pairs("en", [0, 1]), DEV).read, stage(pairs("en", [1, 2]), DEV).read
    (both,) = union([first, second])
    assert len(both.texts) == len(both.groups) == 3


@pytest.mark.parametrize(("trained", "evaluated"), [("EN", "en"), ("eng", "en"), ("zh-CN", "zh"), ("zh", "zho_Hans")])
def test_texts_of_one_language_tell_however_it_is_spelt(trained, evaluated):
    # Nothing tells translations here, and none are needed: the texts themselves were not read, all four.
    assert seen([stage(pairs(trained, [8, 9]), "mine.tsv")], pairs(evaluated), "yours.tsv")[evaluated] == (
        False,
        NO,
        NO,
    )
    # The same name and ids in one language, and other texts: what was read is no data set that the name tells.
    read = [stage(pairs(trained, said=" other"), DEV)]
    found = seen(read, [*pairs(evaluated), *pairs("sw")], DEV)
    assert found["sw"].translations.known == 0


def test_traditional_characters_do_not_tell_of_simplified_ones():
    found = seen([stage(pairs("zh-TW", [8, 9]), "mine.tsv")], pairs("zh"), "yours.tsv")
    assert found["zh"] == (False, NO, Count(0, 4))
