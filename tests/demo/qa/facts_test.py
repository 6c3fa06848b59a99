"""English training paragraphs are composed so that the kind of an answer does not give it away."""

import re
from random import Random

import pytest

from demo.qa import facts
from demo.qa.facts import Fact, composed, read
from demo.qa.paragraphs import ParagraphError

KEEPS = Fact(
    sentences=["{who} keeps {animal}."],
    questions=[("Who keeps {animal}?", "{who}"), ("What does {who} keep?", "{animal}")],
    lists={"who": ["the nurse", "Ben", "Ina"], "animal": ["a cat", "a dog", "an ox"]},
)
SINGS = Fact(
    sentences=["{who} sings."], questions=[("Who sings?", "{who}")], lists={"who": ["Ben", "Ina", "the nurse", "Lea"]}
)
RAINS = Fact(sentences=["It rains on {day}."], questions=[("When does it rain?", "{day}")], lists={"day": ["Monday"]})


def test_composing_gives_the_same_paragraphs_each_time():
    assert composed() == composed()


def test_each_fact_is_what_the_same_number_of_paragraphs_are_about():
    assert len(composed()) == facts.ROUNDS * len(read())


def test_a_paragraph_holds_two_alike_so_that_an_answer_has_a_rival_of_its_kind():
    for seed in range(20):
        paragraph = facts._paragraph(Random(seed), KEEPS, [KEEPS, SINGS, RAINS])
        kept = re.findall(r"(\w+(?: \w+)?) keeps (an? \w+)\.", paragraph.text)
        assert len(kept) == len(set(kept)) == 2
        assert len({animal for _, animal in kept}) == 2


def test_answers_stand_as_they_are_asked_for_even_where_they_begin_a_sentence():
    text = facts._filled(KEEPS.sentences[0], {"who": "the nurse", "animal": "a cat"})
    (who, what) = facts._questions(KEEPS, {"who": "the nurse", "animal": "a cat"}, facts._capital(text))
    assert who == ("Who keeps a cat?", "The nurse", 0)
    assert what == ("What does the nurse keep?", "a cat", 16)


def test_what_stands_in_a_paragraph_twice_is_no_answer():
    values = {"who": "Ben", "animal": "a cat"}
    asked = list(facts._questions(KEEPS, values, "Ben keeps a cat. Ben sings."))
    assert [question.answer for question in asked] == ["a cat"]


@pytest.mark.parametrize("line", ["{who} has {thing}.", "Who has {thing}? | {who}", "Who has it? | {who2}"])
def test_a_name_without_values_is_an_error(line, tmp_path, monkeypatch):
    file = tmp_path / "facts.en.txt"
    file.write_text(f"who = Ben | Ina\n\n{{who}} has it.\n{line}\n")
    monkeypatch.setattr(facts, "FACTS", file)
    with pytest.raises(ParagraphError, match=r"facts\.en\.txt:3: no value for \{(thing|who2)\}"):
        read()
