"""The check on a GPU, as far as it can be told without one."""

import sys
import time

import pytest
import torch

from benchmarks import gpu_check, meta_step_contenders, meta_step_sizes


def test_without_a_gpu_it_is_an_error_that_says_so(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(sys, "argv", ["gpu_check"])
    with pytest.raises(SystemExit, match="There is no GPU that this PyTorch"):
        gpu_check.main()


def test_it_lists_the_pins_of_what_is_missing_and_nothing_else(monkeypatch):
    assert gpu_check.missing_wheels() == []  # here everything is installed
    monkeypatch.setattr(gpu_check, "_is_installed", lambda name: name != "higher")
    assert gpu_check.missing_wheels() == ["higher==0.2.1"]


def test_every_device_test_is_run_and_nothing_that_the_benchmark_does_not_know_is_measured():
    files = {each for each in gpu_check.device_tests() if each.endswith(".py")}
    assert {str(path) for path in gpu_check.ROOT.glob("tests/**/*_cuda_test.py")} == {
        str(gpu_check.ROOT / file) for file in files
    }
    assert set(gpu_check.CONTENDERS) <= {each.name for each in meta_step_contenders.CONTENDERS}
    assert set(gpu_check.CASES) <= {case.name for case in meta_step_sizes.CASES}
    assert set(gpu_check.SIZES) <= set(meta_step_sizes.SIZES)
    # Two sizes, NLI and QA
    assert len(gpu_check.measurements("cuda", gpu_check.SIZES)) == 4


def test_a_part_that_takes_too_long_is_stopped_with_what_it_started(capfd):
    sleeping = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
    started = time.monotonic()
    assert not gpu_check.run("sleeps", sleeping, started + 5.1)
    assert time.monotonic() - started < 20
    assert "stopped after 5 s" in capfd.readouterr().out


def test_a_part_that_there_is_no_time_for_is_named_and_not_begun(capfd):
    assert not gpu_check.run("late", [sys.executable, "-S", "-c", "raise SystemExit(0)"], time.monotonic())
    assert "== late\nthere was no time left for it" in capfd.readouterr().out
