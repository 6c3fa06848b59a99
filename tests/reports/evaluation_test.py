"""Which method and seed an evaluation is of: by its own file, by a list, by its name."""

import pytest
from allennlp.common.checks import ConfigurationError

from tests.reports.made_up import write
from xlamaml_allennlp.reports.evaluation import read_evaluation, read_list
from xlamaml_allennlp.reports.setting import Setting


@pytest.mark.parametrize(
    ("name", "setting", "seed"),
    [
        ("baseline.seed3", Setting("baseline"), 3),
        ("xla-maml.aux-hi+sw.seed-0", Setting("xla-maml", ("hi", "sw")), 0),
        ("x.maml.aux-hi.shots-8.seed1", Setting("x.maml", ("hi",), 8), 1),
        ("m.shots-dev.seed1", Setting("m", (), "dev"), 1),
    ],
)
def test_the_name_of_a_folder_tells(tmp_path, name, setting, seed):
    found = read_evaluation(tmp_path / name, {})
    assert (found.setting, found.seed) == (setting, seed)


def test_a_name_without_a_seed_is_an_error_with_the_ways_out(tmp_path):
    with pytest.raises(ConfigurationError, match=r"baseline: nothing tells .* evaluation.json .* evaluations.csv"):
        read_evaluation(tmp_path / "baseline", {})


def test_a_list_tells_and_empty_cells_are_nothing(tmp_path):
    (tmp_path / "evaluations.csv").write_text("name,method,auxiliary,seed,shots\nrun1,M,bg+de,4,\n", encoding="utf-8")
    found = read_evaluation(tmp_path / "run1", read_list(tmp_path))
    assert (found.setting, found.seed) == (Setting("M", ("bg", "de")), 4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,methd,seed\nrun1,M,4\n", "entry 1 has methd, which nobody reads"),
        ("method,seed\nM,4\n", "entry 1 has no name"),
        ("name,method,seed\nr,M,4\nr,M,5\n", "r is listed twice"),
    ],
)
def test_a_list_with_a_mistake_is_an_error(tmp_path, text, said):
    (tmp_path / "evaluations.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        read_list(tmp_path)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"seed": 1}, "method is missing"),
        ({"method": "M"}, "seed is missing"),
        ({"method": "M", "seed": "one"}, "seed is 'one'; it must be a number"),
        ({"method": "M", "seed": 1.5}, "seed is 1.5; it must be a whole number"),
        ({"method": "M", "seed": "nan"}, "seed is 'nan'; it must be a whole number"),
        ({"method": "M", "seed": "-inf"}, "seed is '-inf'; it must be a whole number"),
        ({"method": "M", "seed": 10**400}, "seed is 10+; it must be a number"),
        ([], "holds list, and an object is wanted"),
    ],
)
def test_a_file_with_a_mistake_is_named(tmp_path, fields, said):
    write(tmp_path / "run" / "evaluation.json", fields)
    with pytest.raises(ConfigurationError, match=f"evaluation.json.*{said}"):
        read_evaluation(tmp_path / "run", {})
