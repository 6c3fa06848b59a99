import unicodedata
from hashlib import blake2b

import pytest

from xlamaml_allennlp.provenance.fingerprint import TEXTS, group_fingerprints, kind_of, text_fingerprints

PAIR = {"premise": "He said, Mama, I'm home.", "hypothesis": "Élan vital."}
QUESTION = {"question": "Where?", "context": "At place 3."}


def pair(**changes):
    (found,) = text_fingerprints("pair", *([{**PAIR, **changes}[key]] for key in TEXTS["pair"]))
    return found


def group_fingerprint(id, namespace):
    (found,) = group_fingerprints([id], namespace)
    return found


def test_an_example_is_known_by_its_texts_whatever_else_is_said_of_it():
    assert pair(id="7", language="en") == pair(id="8", language="fr")


def test_each_of_many_has_the_fingerprint_that_it_has_alone():
    # A premise that repeats, as XNLI's do, comes back later, or is empty.
    firsts, seconds = ["a", "a", "é", "a", "", "\nc"], ["b ", "d\n", "", "", "b", "b"]
    alone = [text_fingerprints("pair", [first], [second])[0] for first, second in zip(firsts, seconds, strict=True)]
    assert text_fingerprints("pair", firsts, seconds) == alone
    assert len(set(alone)) == 6
    assert text_fingerprints("pair", [], []) == []


@pytest.mark.parametrize(
    ("first", "second", "normal"),
    [
        ("He said,  Mama,\tI'm\x1fhome. ", "\nHE CALLED.", "he said, mama, i'm home.\nhe called."),
        ("\x00A\x7f", "", "\x00a\x7f\n"),  # neither is white space
        ("Stra\u00dfe\u3000\uff21", "e\u0301\u0085x", "strasse a\n\u00e9 x"),
        ("उन्होंने  कहा", "\ud800", "उन्होंने कहा\n\ud800"),
    ],
)
def test_archives_that_were_written_before_know_the_same_texts(first, second, normal):
    # The rule, which no archive's fingerprints survive a change of: BLAKE2b of kind and texts in normal form.
    expected = blake2b(b"pair\n" + normal.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    assert text_fingerprints("pair", [first], [second]) == [expected]
    beside = text_fingerprints("pair", ["x", first, first], ["y", second, "z"])
    assert beside[1] == expected


def test_archives_that_were_written_before_know_the_same_groups():
    expected = [
        blake2b(b"xnli/dev\n7", digest_size=8).digest(),
        None,
        blake2b(b"id\n56beb4343aeaaa14008c925b", digest_size=8).digest(),
    ]
    assert group_fingerprints(["7", "row 7", "56beb4343aeaaa14008c925b"], "xnli/dev") == expected


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
