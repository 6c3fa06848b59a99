"""The subcommand from end to end: its tables, its comparisons, and one clear error for what it cannot read."""

import json
import sys

import pytest
from allennlp.commands import main

from tests.meta_training.tiny import config
from xlamaml_allennlp.provenance import read_ledger

NAME = "episodes_w0.jsonl"


def test_the_tables_show_languages_pairs_examples_and_the_slowest(episodes, trained, capsys):
    figures = episodes(trained)
    shown = capsys.readouterr().out
    assert f"{trained}: 24 episodes in 12 meta steps, 1 worker" in shown
    assert sum(pair["episodes"] for pair in figures["pairs"].values()) == 24
    for languages, pair in figures["pairs"].items():
        (row,) = [line for line in shown.splitlines() if line.startswith(languages)]
        assert row.split()[3] == str(pair["episodes"])
        assert f"{pair['query_loss']['last']:.4f}" in row.split()
    # Three support examples in each of 24 episodes.
    assert figures["languages"]["en"] == {"support": figures["languages"]["en"]["support"]}
    assert figures["languages"]["en"]["support"]["seen"] == 72
    assert "slowest: episode" in shown
    assert figures["missing"] == []


def test_it_is_a_subcommand_of_allennlp(trained, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["allennlp", "episodes", str(trained), "--include-package", "xlamaml_allennlp"])
    main()
    assert "24 episodes in 12 meta steps" in capsys.readouterr().out


def test_what_both_ledgers_lack_is_said(episodes, copy, tmp_path, capsys):
    lines = (copy / "episodes_w0.jsonl").read_text().splitlines(keepends=True)
    (copy / "episodes_w0.jsonl").write_text("".join(lines[:3] + lines[5:]))
    assert episodes(copy, "--compare", copy)["missing"] == [[4, 5]]
    assert "Of each the ledger lacks episodes 4 to 5: nothing is known of those." in capsys.readouterr().out


def test_a_run_is_the_same_as_itself(episodes, trained, copy, capsys):
    figures = episodes(trained, "--compare", copy)
    assert figures == {"first_difference": None, "beyond_rounding": None, "missing": []}
    assert f"{trained} and {copy}: every episode is the same in both, to the last bit." in capsys.readouterr().out


def test_a_planted_difference_is_shown_and_is_exit_code_1(episodes, trained, copy, capsys, tmp_path):
    lines = [json.loads(line) for line in (copy / NAME).read_text().splitlines()]
    lines[7]["query"][0]["ids"][0] = "elsewhere"
    (copy / NAME).write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    with pytest.raises(SystemExit) as ended:
        episodes(trained, "--compare", copy)
    assert ended.value.code == 1
    shown = capsys.readouterr().out
    assert "first differ in episode 8 (step 4). There the ids differ: support" in shown
    assert "| support" in shown
    assert "query elsewhere" in shown
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["first_difference"]["what"] == figures["beyond_rounding"]["what"] == "ids"


def test_a_difference_within_rounding_is_said_to_be_one(episodes, trained, copy, capsys):
    lines = [json.loads(line) for line in (copy / NAME).read_text().splitlines()]
    lines[2]["support_loss"] *= 1 + 1e-7
    (copy / NAME).write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    with pytest.raises(SystemExit):
        episodes(trained, "--compare", copy)
    shown = capsys.readouterr().out
    assert "in episode 3 (step 2). There the support loss is" in shown
    assert "1.0e-07 apart, within rounding" in shown
    assert "Nothing differs by more than rounding" in shown


def test_lines_that_are_missing_are_said(episodes, copy, capsys):
    lines = (copy / NAME).read_text().splitlines(keepends=True)
    (copy / NAME).write_text("".join(lines[:3] + lines[4:10] + lines[12:]))
    assert episodes(copy)["missing"] == [[4, 4], [11, 12]]
    assert "The ledger lacks episodes 4, 11 to 12." in capsys.readouterr().out


def test_a_folder_that_is_no_run_of_meta_training_is_one_error(episodes, trained, copy, tmp_path):
    def error(*arguments):
        with pytest.raises(SystemExit) as ended:
            episodes(*arguments)
        return ended.value.code

    assert error(tmp_path / "nothing").startswith(f"{tmp_path / 'nothing'} is no folder.")
    assert error(tmp_path).startswith(f"{tmp_path} has no config.json.")
    assert error(trained, "--compare", tmp_path).startswith(f"{tmp_path} has no config.json.")
    (copy / "config.json").write_text('{"trainer": ')
    assert "config.json cannot be read: not JSON, or cut short" in error(copy)
    (copy / "config.json").write_bytes(b'{"trainer": "\xff"}')
    assert "config.json cannot be read" in error(copy)
    (copy / "config.json").write_text("[]")
    assert "config.json is no configuration" in error(copy)
    for trainer, kind in (({}, "gradient_descent"), ({"type": "resumable"}, "resumable"), (None, "None")):
        (copy / "config.json").write_text(json.dumps({"trainer": trainer}))
        assert f'config.json: trainer.type is "{kind}". Only meta-training has episodes' in error(copy)


def test_a_run_without_a_ledger_and_one_with_a_torn_one_are_one_error_each(episodes, copy):
    with (copy / NAME).open("a") as file:
        file.write('{"episode":25')
    with pytest.raises(SystemExit, match=rf"^{copy / NAME}:25: the file ends within a line"):
        episodes(copy)
    (copy / NAME).unlink()
    with pytest.raises(SystemExit, match=r"has no ledger \(episodes_w0.jsonl\): the run took no step yet"):
        episodes(copy)


def test_overrides_without_a_replay_are_refused(episodes, trained):
    with pytest.raises(SystemExit, match="--overrides is for a replay"):
        episodes(trained, "--overrides", "{}")


def test_the_ledger_is_of_a_run_whose_config_does_not_name_it(trained):
    # It is the default, and so what users of our configs get.
    assert "ledger" not in config(trained)["trainer"]
    assert len(list(read_ledger(trained))) == 24
