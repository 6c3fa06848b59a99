"""Arguments of studies: what a study could make nothing of is an error that names the argument."""

import pytest
from allennlp.common.checks import ConfigurationError

from tests.training_configs.studies_test import EXPECTED, build

OF_EITHER_TASK = ["controls", "variants", "sampling_table6"]


@pytest.mark.parametrize("name", OF_EITHER_TASK)
@pytest.mark.parametrize("task", ["nil", "qua", None])
def test_a_task_that_there_is_not_is_an_error(name, task):
    with pytest.raises(ConfigurationError, match=r"study: task is .*; give one of nli, qa\."):
        build(name, task=task)


@pytest.mark.parametrize("name", OF_EITHER_TASK)
def test_english_examples_are_the_official_ones_of_the_task_unless_others_are_named(name):
    def english(**arguments) -> str:
        return build(name, seeds=[0], **arguments).runs["english-0"].config["train_data_path"]["en"]

    assert "multinli" in english(task="nli")
    assert "SQuAD" in english(task="qa")
    assert english(train="own") == "own"


@pytest.mark.parametrize("name", sorted(EXPECTED))
@pytest.mark.parametrize("seeds", [[], 0])
def test_a_study_without_seeds_is_an_error(name, seeds):
    more = {"pairs": []} if name == "xnli_table3" else {}
    with pytest.raises(ConfigurationError, match=rf"study: seeds is {'.*' if seeds == [] else '0'}; give an array"):
        build(name, seeds=seeds, **more)


def test_no_inner_rates_are_an_error():
    with pytest.raises(ConfigurationError, match=r"study: alphas is .*; give an array of one or more"):
        build("controls", alphas=[])


@pytest.mark.parametrize("key", ["query", "support"])
@pytest.mark.parametrize(
    "name, value, wanted",
    [
        ("controls", ["sw"], "give one language"),
        ("demo", ["ru"], "give one language"),
        ("variants", "sw", "give an array of languages"),
        ("variants", [], "give an array of languages"),
        ("variants", [["sw"]], "give an array of languages"),
    ],
)
def test_languages_of_another_form_than_a_study_takes_are_an_error(name, key, value, wanted):
    with pytest.raises(ConfigurationError, match=f"study: {key} is .*; {wanted}, such as"):
        build(name, seeds=[0], **{key: value})


@pytest.mark.parametrize("name, value", [("controls", "en"), ("demo", "en"), ("variants", ["en"])])
def test_a_query_language_that_supports_itself_is_an_error(name, value):
    with pytest.raises(ConfigurationError, match=r"study: query is .*; and so is support, which is X-MAML"):
        build(name, seeds=[0], query=value)


@pytest.mark.parametrize("name", ["xlmr_table5", "gxlt", "sampling_table6"])
def test_an_auxiliary_language_that_is_none_is_an_error(name):
    with pytest.raises(ConfigurationError, match=r"auxiliary languages is .*; give an array of languages"):
        build(name, seeds=[0], auxiliary=["hi"])


@pytest.mark.parametrize("name", ["controls", "variants"])
def test_targets_that_tests_lack_are_an_error(name):
    with pytest.raises(ConfigurationError, match=r"study: targets is .*; tests has no sw, only de, hi"):
        build(name, seeds=[0], tests={"de": "d", "hi": "h"}, targets=["de", "sw"])
    study = build(name, seeds=[0], tests={"de": "d", "hi": "h"}, targets=["hi"])
    assert dict(study.evaluations["xla-hi-0"].data) == {"hi": "h"}


@pytest.mark.parametrize("name", OF_EITHER_TASK)
def test_targets_that_the_task_lacks_are_an_error(name):
    with pytest.raises(ConfigurationError, match=r"study: targets is .*; the task has no sw, only ar, de"):
        build(name, task="qa", seeds=[0], targets=["hi", "sw"])
