"""What a study.json asks for."""

from dataclasses import replace

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.reports.asked import ComparisonAsked
from xlamaml_allennlp.reports.choosing import arranged, baseline_of, chosen, matched
from xlamaml_allennlp.reports.contents import contents_of
from xlamaml_allennlp.reports.evaluation import Evaluation
from xlamaml_allennlp.reports.metrics import Measured
from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.setting import Setting
from xlamaml_allennlp.reports.study import Study, read_study

BASE, TUNED, TUNED_SW, MAML = (
    Setting("the Baseline"),
    Setting("tuned", ("hi",)),
    Setting("tuned", ("sw",)),
    Setting("maml", ("hi",)),
)


def results(tmp_path, *settings: Setting) -> Results:
    evaluations = [Evaluation(str(i), tmp_path, setting, 0) for i, setting in enumerate(settings)]
    return Results(evaluations, {e.name: Measured({"accuracy": {"hi": 0.5}}, {}) for e in evaluations})


def test_without_a_study_every_method_is_compared_with_the_baseline(tmp_path):
    study = read_study(tmp_path, results(tmp_path, MAML, TUNED, BASE))
    assert [(c.method, c.control) for c in study.comparisons] == [("maml", "the Baseline"), ("tuned", "the Baseline")]
    assert len(study.tables) == 1
    assert study.title == tmp_path.name


def test_a_single_method_is_compared_with_nothing(tmp_path):
    found = results(tmp_path, MAML)
    assert read_study(tmp_path, found).comparisons == []
    assert baseline_of(found) is None


def test_a_control_goes_with_the_same_auxiliary_language_or_with_none(tmp_path):
    found = results(tmp_path, BASE, TUNED_SW, TUNED, MAML)
    assert matched(found, MAML, "tuned") == TUNED
    assert matched(found, MAML, "the Baseline") == BASE
    assert (
        matched(results(tmp_path, BASE, TUNED_SW, TUNED, Setting("maml", ("de",))), Setting("maml", ("de",)), "tuned")
        is None
    )


def test_the_only_control_of_a_name_is_not_taken_where_it_belongs_to_another_setting(tmp_path):
    few = Setting("maml", ("hi",), 8)
    found = results(tmp_path, BASE, TUNED_SW, MAML, few)
    assert matched(found, TUNED_SW, "maml (hi)") == MAML  # named as its row is
    assert matched(found, MAML, "tuned") is None
    assert matched(found, few, "the Baseline") is None
    assert matched(found, BASE, "tuned") is None
    # One of two is no other case.
    assert matched(found, TUNED_SW, "maml") is None


def test_the_page_says_once_which_control_belongs_to_another_setting(tmp_path):
    found = results(tmp_path, BASE, TUNED, Setting("maml", ("sw",)), Setting("maml", ("de",)))
    asked = [ComparisonAsked("maml", "tuned"), ComparisonAsked("maml", "tuned", "accuracy")]
    contents = contents_of(found, Study("", [], [], asked, named=True), {})
    assert contents.comparisons == []
    assert contents.missing == [
        "maml (sw), maml (de): not compared with tuned, of which there is tuned (hi) alone, of other auxiliary "
        "languages or shots. A control of the same is taken, or one that study.json names as its row is."
    ]


def test_what_is_asked_by_several_names_is_one_question(tmp_path):
    asked = [
        ComparisonAsked("maml", "the Baseline"),
        ComparisonAsked("maml (hi)", "the Baseline", "accuracy"),
        ComparisonAsked("maml", "the Baseline", targets=["ur", "de"]),
        ComparisonAsked("maml", "the Baseline", targets=["ur"]),
    ]
    contents = contents_of(on_test_and_dev(tmp_path), Study("", [], [], asked, named=True), {})
    assert [each.targets for each in contents.comparisons] == [("de", "ur"), ("ur",)]
    assert len(contents.differences) == 2


def test_few_shot_is_compared_with_few_shot_and_development_sets_with_nothing_else(tmp_path):
    few, few_base, dev = Setting("maml", ("hi",), 8), Setting("the Baseline", (), 8), Setting("maml (dev)", ("hi",))
    found = results(tmp_path, dev, few_base, few, MAML, BASE)
    on = {setting: "dev.tsv" if setting == dev else "test.tsv" for setting in found.settings}
    found.evaluations = [replace(e, data={"hi": on[e.setting]}) for e in found.evaluations]
    assert baseline_of(found) == BASE
    assert matched(found, few, "the Baseline") == few_base
    assert matched(found, dev, "the Baseline") is None
    assert arranged(found, [])[0] == BASE
    assert arranged(found, [])[-1] == dev


def on_test_and_dev(tmp_path) -> Results:
    """Two methods on the test sets of two languages, and on the development sets of one of them and of a third."""
    settings = [BASE, MAML, Setting("the Baseline (dev)"), Setting("maml (dev)", ("hi",))]
    files = [{"de": "test.de", "ur": "test.ur"}] * 2 + [{"sw": "dev.sw", "ur": "dev.ur"}] * 2
    evaluations = [
        Evaluation(str(i), tmp_path, setting, 0, data=data)
        for i, (setting, data) in enumerate(zip(settings, files, strict=True))
    ]
    values = [{"accuracy": dict.fromkeys(data, 0.5)} for data in files]
    measured = {str(i): Measured(value, {}) for i, value in enumerate(values)}
    return Results(evaluations, measured, {name: {} for name in measured})


def test_what_was_evaluated_on_other_data_is_a_table_of_its_own_with_a_mean(tmp_path):
    found = on_test_and_dev(tmp_path)
    study = read_study(tmp_path, found)
    assert [(len(each.methods), each.targets) for each in study.tables] == [(2, ["de", "ur"]), (2, ["sw", "ur"])]
    assert {tuple(each.methods) for each in study.figures} == {("the Baseline", "maml (hi)")}
    tables = contents_of(found, study, {}).scores
    assert [[cell.text for cell in row] for table in tables for row in table.rows] == [
        [name, "50.0", "50.0", "50.0", "1"]
        for name in ("the Baseline", "maml (hi)", "the Baseline (dev)", "maml (dev) (hi)")
    ]


def test_a_comparison_misses_no_target_that_others_alone_were_evaluated_on(tmp_path):
    found = on_test_and_dev(tmp_path)
    found.asked = {"comparisons": [["maml", "the Baseline"]]}
    (comparison,) = contents_of(found, read_study(tmp_path, found), {}).comparisons
    assert comparison.targets == ("de", "ur")
    assert not [note for note in comparison.notes if "sw" in note]


def test_what_has_no_results_yet_is_warned_of_once(tmp_path, caplog):
    found = results(tmp_path, BASE, MAML)
    found.asked = {"comparisons": [["maml", "x"], ["maml", "y"], ["x", "the Baseline"]], "tables": [{"metric": "em"}]}
    read_study(tmp_path, found)
    of, by = [record.getMessage() for record in caplog.records]
    assert of.endswith('there are no results of "x", "y" (of: "the Baseline", "maml").')
    assert by.endswith('there are no results by the metric "em" (by: "accuracy").')


def test_rows_come_in_the_order_asked_for_and_without_results_all_the_same(tmp_path):
    assert chosen(results(tmp_path, BASE, MAML, TUNED), ["tuned (hi)", "soon", "maml"]) == [
        TUNED,
        Setting("soon"),
        MAML,
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tables": [{"metrics": "accuracy"}]}, "tables: an entry has metrics, which nobody reads"),
        ({"tables": [{"paper": "table2"}]}, 'paper "table2" is none of table3, '),
        ({"figures": [{"title": "x"}]}, "figures: an entry lacks kind"),
        ({"figures": [{"kind": "pie"}]}, 'kind "pie" is none of heat_map, '),
        ({"comparisons": [["a"]]}, "comparisons: .* is no object"),
    ],
)
def test_what_nobody_can_show_is_an_error(tmp_path, given, said):
    path = tmp_path / "study.json"
    with pytest.raises(ConfigurationError, match=f"{path}.*{said}"):
        read_study(tmp_path, replace(results(tmp_path, BASE), asked=given))


def test_shots_are_in_the_order_of_their_numbers_and_before_names_of_sets(tmp_path):
    shots = ["dev", 16, 8, 0]
    found = results(tmp_path, *(Setting("maml", ("hi",), each) for each in shots))
    named = [each.name for each in found.evaluations]
    for order in ([], named, named[::-1]):
        assert [each.shots for each in arranged(found, order)] == [0, 8, 16, "dev"]
