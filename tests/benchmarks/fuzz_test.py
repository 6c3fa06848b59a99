from pathlib import Path

import pytest
from allennlp.common.checks import ConfigurationError

from benchmarks import fuzz
from benchmarks.fuzz_targets import Target


def test_damaged_files_lines_and_mappings_are_read_or_refused_with_a_reason(tmp_path):
    found = list(fuzz.outcomes(1_000, 1, tmp_path))
    assert [outcome for outcome in found if outcome.is_fault] == []
    # Mutations that nobody refuses, or that nothing survives, would test little.
    assert {outcome.target for outcome in found if outcome.kind == "read"} == {outcome.target for outcome in found}
    assert {outcome.target for outcome in found if outcome.kind == "refused"} == {outcome.target for outcome in found}


def _raise(error: Exception) -> None:
    raise error


def _spin(path: Path) -> None:
    while True:
        path.exists()


@pytest.mark.parametrize(
    ("take", "kind"),
    [
        (lambda path: None, "read"),
        (lambda path: _raise(ConfigurationError("no")), "refused"),
        (lambda path: _raise(KeyError("bare")), "KeyError"),
        (_spin, "TimeoutError"),
    ],
)
def test_what_a_target_does_is_told_apart(tmp_path, monkeypatch, take, kind):
    monkeypatch.setattr(fuzz, "SECONDS", 0.2)
    monkeypatch.setattr(fuzz, "targets", lambda folder: [Target("a target", ("file",), b"x", take)])
    (outcome,) = fuzz.outcomes(1, 0, tmp_path)
    assert outcome.kind == kind
    assert outcome.is_fault == (kind not in ("read", "refused"))
