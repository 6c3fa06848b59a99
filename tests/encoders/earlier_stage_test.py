import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.encoders.earlier_stage import check_start


def test_an_archive_that_is_there_is_no_matter_of_this_check(tmp_path):
    (tmp_path / "model.tar.gz").touch()
    check_start(str(tmp_path / "model.tar.gz"))
    check_start("https://somewhere.org/model.tar.gz")


def test_a_run_that_has_not_finished_is_recovered(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.json").touch()
    with pytest.raises(ConfigurationError, match=r"has not finished(.|\n)* train \S*config.json .* --recover"):
        check_start(str(tmp_path / "model.tar.gz"), base_config="a config")
