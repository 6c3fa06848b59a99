"""The subcommand from end to end, on a tiny encoder and the project's own config."""

import subprocess
import types

import pytest
from allennlp.common.checks import ConfigurationError

from tests.archives.made import contents, member, stock
from xlamaml_allennlp.commands.meta_check import command


def test_the_paper_s_config_passes_and_every_figure_is_shown(check, capsys):
    found = check({"type": "exact", "lr": 1e-2}, "--estimators", "first_order")
    shown = capsys.readouterr().out
    order = ["Good. The configured estimator, exact", "> exact", "  first_order", "second-order term is", "How to read"]
    assert sorted(order, key=shown.index) == order
    assert found["problem"] is None
    assert found["traps"] == []
    exact, first_order = found["rows"]
    assert exact["configured"]
    assert exact["errors"]["gradient"] < 1e-4
    assert exact["errors"]["second_order_slope"] < 1e-2
    assert first_order["errors"]["second_order"] == pytest.approx(1)


def test_an_estimator_beyond_the_tolerance_ends_with_an_error_and_the_figures_are_kept(check):
    with pytest.raises(SystemExit, match="first_order in float32, is off by"):
        check({"type": "first_order", "lr": 1.0}, "--tolerance", "1e-4", "--estimators")
    (row,) = check.figures["rows"]
    assert row["errors"]["gradient"] > 1e-4
    assert "off by" in check.figures["problem"]


def test_a_line_is_shown_before_the_next_estimator_is_measured(check, capsys, monkeypatch):
    shown = []

    def run(*arguments, **keys):
        shown.append(capsys.readouterr().out)
        return subprocess.CompletedProcess([], returncode=1, stderr="no room")

    monkeypatch.setattr(command, "subprocess", types.SimpleNamespace(run=run))
    with pytest.raises(SystemExit):
        check({"type": "exact"}, "--estimators", "first_order", "hessian_free")
    before, after_own, after_second = shown
    assert "exact" not in before
    assert after_own.strip().startswith("Not good. The configured estimator, exact, failed: no room")
    assert "> exact" in after_own
    assert after_second.split()[:3] == ["first_order", "float32", "failed"]


def test_what_fails_in_its_own_process_is_reported_with_its_reason(check, capsys, monkeypatch):
    message = "Traceback\nRuntimeError: derivative for aten::fused is not implemented"
    failed = subprocess.CompletedProcess([], returncode=1, stderr=message)
    monkeypatch.setattr(command, "subprocess", types.SimpleNamespace(run=lambda *arguments, **keys: failed))
    with pytest.raises(SystemExit, match="configured estimator, exact, failed: RuntimeError: derivative"):
        check({"type": "exact"}, "--estimators")
    assert "exact in float32: RuntimeError: derivative for aten::fused" in capsys.readouterr().out


def test_a_bad_tolerance_and_a_stock_trainer_are_refused(check):
    with pytest.raises(ConfigurationError, match=r"--tolerance is -1\.0"):
        check({"type": "exact"}, "--tolerance", "-1")
    with pytest.raises(ConfigurationError, match=r"trainer.inner_loop is missing"):
        check({"type": "exact"}, changes="{ trainer: { type: 'gradient_descent', optimizer: 'adam' } }")


@pytest.mark.parametrize("file", ["config.jsonnet", "./config.jsonnet", "nowhere/figures.json"])
def test_figures_are_refused_a_file_that_would_be_lost_or_cannot_be_before_anything_is_measured(check, tmp_path, file):
    with pytest.raises(ConfigurationError, match=r"--json: .* is the config, or lies in no folder"):
        check({"type": "exact"}, "--json", f"{tmp_path}/{file}")


def test_a_typo_in_the_inner_loop_is_found_before_anything_is_measured(check):
    with pytest.raises(ConfigurationError, match="num_stpes"):
        check({"type": "exact", "num_stpes": 3})


def test_the_archive_of_the_stage_before_is_looked_at_first(check, tmp_path):
    theirs = stock(tmp_path / "theirs.tar.gz", contents(), member("../outside", b"x"))
    with pytest.raises(
        ConfigurationError, match=r'theirs\.tar\.gz: its member "\.\./outside" would be written outside'
    ):
        check({"type": "exact"}, changes=f"{{ model+: {{ pretrained_file: '{theirs}' }} }}")
