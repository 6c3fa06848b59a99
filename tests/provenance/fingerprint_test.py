import unicodedata

import pytest

from xlamaml_allennlp.provenance.fingerprint import TEXTS, group_fingerprints, kind_of, text_fingerprints

PAIR = {"premise": "He said, Mama, I'm home.", "hypothesis": "Élan vital."}
QUESTION = {"question": "Where?", "context": "At place 3."}


def pair(**changes):
    (found,) = text_fingerprints("pair", [{**PAIR, **changes}[key] for key in TEXTS["pair"]])
    return found


def group_fingerprint(id, namespace):
    (found,) = group_fingerprints([id], namespace)
    return found


def test_an_example_is_known_by_its_texts_whatever_else_is_said_of_it():
    assert pair(id="7", language="en") == pair(id="8", language="fr")


def test_each_of_many_has_the_fingerprint_that_it_has_alone():
    texts = ["a", "b ", "é", "\nc", "", "d\n"]
    alone = [text_fingerprints("pair", texts[start : start + 2])[0] for start in (0, 2, 4)]
    assert text_fingerprints("pair", texts) == alone
    assert len(set(alone)) == 3
    assert text_fingerprints("pair", []) == []


@pytest.mark.parametrize(
    "hypothesis", ["  élan\tVITAL.\n", unicodedata.normalize("NFD", "Élan vital."), "Élan\u00a0vital."]
)
def test_case_white_space_and_composition_make_no_other_text(hypothesis):
    assert pair(hypothesis=hypothesis) == pair()


@pytest.mark.parametrize(
    "changes",
    [
        {"hypothesis": "Elan vital."},
        {"hypothesis": "Élan vital"},
        {"premise": PAIR["hypothesis"], "hypothesis": PAIR["premise"]},
        {"premise": PAIR["premise"] + " Élan", "hypothesis": "vital."},
    ],
)
def test_other_texts_are_other_examples(changes):
    assert pair(**changes) != pair()


def test_a_kind_is_told_by_the_keys_of_the_texts():
    assert kind_of({**PAIR, "id": "1"}) == "pair"
    assert kind_of({**QUESTION, "id": "1"}) == "question"
    assert kind_of({"id": "1", "premise": "alone"}) is None
    assert kind_of({"premise": "a", "hypothesis": 3}) is None


def test_a_number_stands_for_an_example_within_a_split_only():
    in_dev = group_fingerprint("7", "xnli/dev")
    assert in_dev == group_fingerprint("7", "xnli/dev")
    assert in_dev not in (group_fingerprint("7", "xnli/test"), group_fingerprint("8", "xnli/dev"))


def test_an_id_of_many_digits_is_the_same_example_in_any_file():
    id = "56beb4343aeaaa14008c925b"  # of SQuAD, and of its translation XQuAD
    assert group_fingerprint(id, "file/a") == group_fingerprint(id, None) is not None


@pytest.mark.parametrize(("id", "namespace"), [("row 7", "xnli/dev"), ("7", None), ("q7", None)])
def test_a_rows_number_and_an_id_of_nowhere_tell_no_translation(id, namespace):
    assert group_fingerprint(id, namespace) is None
