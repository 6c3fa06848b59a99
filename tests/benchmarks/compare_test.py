import json
import sys

import pytest

from benchmarks.compare import Paired, holm, main


def test_the_interval_of_paired_differences_is_students():
    # Mean 2, deviation 1, and t(0.975; 2) = 4.3027, so 2 -+ 4.3027 / sqrt(3).
    pair = Paired([1.0, 2.0, 3.0])
    assert pair.interval() == pytest.approx((-0.4841, 4.4841), abs=1e-4)
    # With two degrees of freedom p = 1 - t / sqrt(2 + t^2), here with t = 2 sqrt(3).
    assert pair.p() == pytest.approx(1 - (12 / 14) ** 0.5)


def test_the_smallest_difference_of_many_seeds_is_that_of_the_normal_distribution():
    # 1.95996 + 0.84162, the normal's quantiles of 0.975 and 0.8; 2,000 differences of -1 and 1 deviate by 1.00025.
    assert Paired([-1.0, 1.0] * 1_000).smallest_difference() == pytest.approx(2.80158 / 2_000**0.5, rel=2e-3)


def test_the_smallest_difference_of_five_seeds_is_that_of_the_tables():
    # Power tables of the paired t test: an effect of 1.68 deviations has power 0.8 at n = 5.
    pair = Paired([-2.0, -1.0, 0.0, 1.0, 2.0])
    assert pair.smallest_difference() / pair.deviation == pytest.approx(1.68, abs=0.01)


def test_holm_multiplies_the_smallest_p_by_the_number_of_comparisons_and_never_falls():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.7]) == [1.0, 1.0]


def test_two_seeds_are_too_few(tmp_path, monkeypatch):
    for row in "ab":
        for seed in (0, 1):
            (tmp_path / f"{row}.seed{seed}.xnli.json").write_text('{"accuracy/mean": 0.5}')
    monkeypatch.setattr(sys, "argv", ["compare", str(tmp_path), "--pair", "a", "b"])
    with pytest.raises(SystemExit, match="a and b share 2 seeds"):
        main()


def test_rows_are_compared_on_the_seeds_that_both_have(tmp_path, monkeypatch, capsys):
    for row, accuracies in {"a": {0: 0.51, 1: 0.52, 2: 0.53}, "b": {0: 0.50, 1: 0.50, 2: 0.50, 3: 0.9}}.items():
        for seed, accuracy in accuracies.items():
            (tmp_path / f"{row}.seed{seed}.xnli.json").write_text(json.dumps({"accuracy/mean": accuracy}))
            lines = [
                json.dumps({"language": "hi", "id": str(number), "prediction": row if number < seed else "same"})
                for number in range(5)
            ]
            # The order of a file says nothing.
            lines = lines if row == "a" else lines[::-1]
            (tmp_path / f"{row}.seed{seed}.xnli.predictions.jsonl").write_text("\n".join(lines))
    monkeypatch.setattr(sys, "argv", ["compare", str(tmp_path), "--pair", "a", "b"])
    main()
    cells = capsys.readouterr().out.splitlines()[-1].split(" | ")
    assert cells[:4] == ["| a - b", "3", "+2.00", "-0.48 to +4.48"]
    assert cells[-1] == "0, 1, 2 |"
