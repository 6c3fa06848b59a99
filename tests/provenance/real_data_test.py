"""What is claimed of XNLI, MNLI, MLQA and XQuAD as they are."""

import os
from pathlib import Path

import pytest
from allennlp.data import Instance
from allennlp.data.fields import MetadataField

from xlamaml_allennlp.languages.data_use import Count
from xlamaml_allennlp.languages.sources import list_sources
from xlamaml_allennlp.languages.tag import metadata
from xlamaml_allennlp.nli.bad_pairs import BadPairs
from xlamaml_allennlp.nli.labels import Labels
from xlamaml_allennlp.nli.selection import select_pairs
from xlamaml_allennlp.provenance.manifest import Manifest, Stage
from xlamaml_allennlp.provenance.manifest_examples import remember
from xlamaml_allennlp.provenance.seen import seen_of
from xlamaml_allennlp.qa.formats import read_questions

DATA = Path(os.environ.get("XLAMAML_SHARED", Path(__file__).parents[3] / "shared")) / "data"
DEV, TEST = DATA / "XNLI-1.0" / "xnli.dev.tsv", DATA / "XNLI-1.0" / "xnli.test.tsv"
MNLI = DATA / "multinli_1.0" / "multinli_1.0_subset.jsonl"
NO = Count(0, 0)

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="needs real data; XLAMAML_SHARED names their folder")


def pairs(data_path):
    """What the reader makes of a file, without its tokens."""

    def tags(row):
        return metadata(row.language, row.id, "", premise=row.premise, hypothesis=row.hypothesis)

    rows = [
        row for source in list_sources(data_path) for row in select_pairs(source, Labels(None, None), BadPairs("error"))
    ]
    return remember([Instance({"metadata": MetadataField(tags(row))}) for row in rows], data_path)


def asked(data_path):
    instances = [
        Instance({"metadata": MetadataField(question.tags())})
        for source in list_sources(data_path)
        for question in read_questions(source, lambda where, problem: None, False)
    ]
    return remember(instances, data_path)


def seen(trained, evaluated):
    stage = Stage("stage", tuple(examples.as_read("train") for examples in trained.values()))
    return seen_of(Manifest((stage,)), evaluated)


@pytest.fixture(scope="module")
def dev():
    return pairs({"en": DEV, "hi": DEV})


@pytest.fixture(scope="module")
def test():
    return pairs({"en": TEST, "hi": TEST})


def test_nothing_of_xnlis_test_set_is_claimed_to_be_in_its_development_set(dev, test):
    # Ids 1 to 2490 are in both.
    assert seen(dev, test) == {"en": (False, NO, NO), "hi": (False, NO, NO)}


def test_every_pair_of_the_development_set_is_known_in_every_language(dev):
    assert seen(dev, pairs({"sw": DEV}))["sw"] == (True, NO, Count(2490))
    assert seen(dev, dev)["hi"] == (False, Count(2490), NO)


def test_english_mnli_and_xnli_are_apart_as_far_as_english_is_at_hand(test):
    mnli = pairs({"en": MNLI})
    assert len(mnli["en"]) == 10_071
    assert seen(mnli, test) == {"en": (False, NO, NO), "hi": (True, NO, NO)}
    assert seen(mnli, {"hi": test["hi"]}) == {"hi": (True, NO, Count(0, 5010))}


def test_questions_are_known_by_their_ids_in_any_language_and_file():
    xquad = {code: DATA / "xquad" / f"xquad.{code}.json" for code in ("en", "hi")}
    mlqa = {code: DATA / "MLQA_V1" / "dev" / f"dev-context-{code}-question-{code}.json" for code in ("en", "hi")}
    english, hindi = asked({"en": mlqa["en"]}), asked({"hi": mlqa["hi"]})
    # MLQA's development set has 507 Hindi questions, each in English too.
    assert seen(english, hindi)["hi"] == (True, NO, Count(507))
    assert seen(asked({"en": xquad["en"]}), asked({"hi": xquad["hi"]}))["hi"] == (True, NO, Count(1190))
    assert seen(english, asked({"hi": xquad["hi"]}))["hi"] == (True, NO, NO)
