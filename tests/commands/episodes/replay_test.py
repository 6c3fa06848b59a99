"""A step that is replayed has the losses of the ledger, wherever the replay has to start from."""

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch.multiprocessing as mp
from allennlp.commands import train
from allennlp.commands.train import train_model

from tests.meta_training.distributed_test import WORKERS
from tests.meta_training.tiny import config, write_data

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
NAME = "episodes_w0.jsonl"


def contents(folder: Path) -> dict[str, bytes]:
    # AllenNLP goes on to write into the log of a run that was trained in this process.
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "out.log")
    return {str(path): path.read_bytes() for path in files}


# Checkpoints lie after steps 4, 6 (the first epoch's end), 10 and 12.
@pytest.mark.parametrize(
    "step, begun, place",
    [
        (1, 0, "the stage's beginning"),
        (4, 0, "the stage's beginning"),
        (5, 4, "the checkpoint after step 4 (model_state_e0_b4.th)"),
        (9, 6, "the checkpoint after step 6 (model_state_e1_b0.th)"),
        (12, 10, "the checkpoint after step 10 (model_state_e1_b4.th)"),
    ],
)
def test_a_step_is_confirmed_to_the_last_bit_from_the_nearest_checkpoint(episodes, trained, capsys, step, begun, place):
    before = contents(trained)
    figures = episodes(trained, "--step", step)
    assert (figures["outcome"], figures["from_step"], figures["from"]) == ("exact", begun, place)
    recorded = [json.loads(line) for line in (trained / NAME).read_text().splitlines()]
    losses = [each["query_loss"] for each in recorded if each["step"] == step]
    assert [each["query_loss"] for each in figures["episodes"]] == [
        {"recorded": loss, "replayed": loss} for loss in losses
    ]
    shown = capsys.readouterr().out
    assert f"Meta step {step}, replayed from {place}" in shown
    assert "Exact: steps, languages, ids, rows, files, losses, lengths of gradients and cosines are those" in shown
    assert contents(trained) == before


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(episodes, copy, caplog):
    damaged = copy / "training_state_e1_b4.th"
    damaged.write_bytes(damaged.read_bytes()[:-9])
    figures = episodes(copy, "--step", "12")
    assert (figures["outcome"], figures["from_step"]) == ("exact", 6)
    assert f"A damaged checkpoint is passed over. {damaged}: it ends" in caplog.text


def without_checkpoints(copy: Path) -> None:
    for path in copy.glob("*_state_e*"):
        path.unlink()


def rewritten(copy: Path, number: int, **change: Any) -> None:
    lines = [json.loads(line) for line in (copy / NAME).read_text().splitlines()]
    lines[number - 1].update(change)
    (copy / NAME).write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def test_a_ledger_that_says_otherwise_is_not_confirmed(episodes, copy, capsys, tmp_path):
    rewritten(copy, 10, query_loss=2.5)
    with pytest.raises(SystemExit) as ended:
        episodes(copy, "--step", "5")
    assert ended.value.code == 1
    assert "Not confirmed. In the ledger | replayed, first in episode 10 (step 5), the query loss is 2.5 |" in (
        capsys.readouterr().out
    )
    assert json.loads((tmp_path / "figures.json").read_text())["beyond_rounding"]["episode"] == 10


# Two episodes to a step: step 5 has the episodes 9 and 10, and is replayed from the checkpoint after step 4.
def test_a_line_that_is_missing_is_noticed(episodes, copy, capsys, tmp_path):
    lines = (copy / NAME).read_text().splitlines(keepends=True)
    (copy / NAME).write_text("".join(lines[:8] + lines[9:]))
    with pytest.raises(SystemExit):
        episodes(copy, "--step", "5")
    assert (
        "Not confirmed: the ledger lacks episodes 9, and a replay has. What it has is exact" in capsys.readouterr().out
    )
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert (figures["outcome"], figures["missing"]) == ("incomplete", [[9, 9]])
    assert [each["episode"] for each in figures["episodes"]] == [10]


@pytest.mark.parametrize(
    "change, said",
    [({"step": 6}, "the meta step is 6 | 5"), ({"episode": 25}, "the second has no such episode. The ledger lacks")],
)
def test_a_line_that_is_renumbered_is_noticed(episodes, copy, capsys, change, said):
    lines = (copy / NAME).read_text().splitlines(keepends=True)
    (copy / NAME).write_text("".join(lines[:10]))
    rewritten(copy, 10, **change)
    with pytest.raises(SystemExit):
        episodes(copy, "--step", "5")
    assert said in capsys.readouterr().out


def test_figures_that_were_rounded_otherwise_are_confirmed_within_rounding(episodes, copy, capsys):
    loss = json.loads((copy / NAME).read_text().splitlines()[9])["query_loss"]
    rewritten(copy, 10, query_loss=loss * (1 + 1e-7))
    assert episodes(copy, "--step", "5")["outcome"] == "within rounding"
    assert "Confirmed within rounding. In the ledger | replayed, first in episode 10" in capsys.readouterr().out


def test_changed_data_are_found_where_they_were_first_read(episodes, copy, tmp_path, capsys):
    without_checkpoints(copy)
    data = Path(shutil.copy(Path(json.loads((copy / "config.json").read_text())["train_data_path"]), tmp_path))
    data.write_text("\n".join(row.replace("\t", "\tnew ", 1) for row in data.read_text().splitlines()))
    with pytest.raises(SystemExit) as ended:
        episodes(copy, "--step", "2", "-o", json.dumps({"train_data_path": str(data)}))
    assert ended.value.code == 1
    assert "first in episode 1 (step 1), the ids differ: support " in capsys.readouterr().out


@pytest.mark.parametrize("step", [0, -1, 13])
def test_a_step_that_does_not_exist_is_one_error_with_those_that_do(episodes, trained, step):
    with pytest.raises(SystemExit, match=rf"^--step is {step}; the ledger of .* has the meta steps 1 to 12\.$"):
        episodes(trained, "--step", step)


def test_a_run_that_cannot_be_built_any_more_is_one_error(episodes, copy):
    with pytest.raises(SystemExit, match="num_epochs is 0"):
        episodes(copy, "--step", "2", "-o", '{"trainer.num_epochs": 0}')
    with pytest.raises(SystemExit, match=r"a replay of its config ends before the step"):
        episodes(copy, "--step", "9", "-o", '{"trainer.num_epochs": 1}')
    with pytest.raises(SystemExit, match=r"distributed.num_nodes is 2"):
        episodes(copy, "--step", "2", "-o", '{"distributed": {"num_nodes": 2, "cuda_devices": [-1]}}')


def test_a_step_of_two_workers_is_confirmed_from_their_checkpoint(episodes, tmp_path, monkeypatch):
    monkeypatch.setattr(train.mp, "spawn", partial(mp.start_processes, start_method="fork"))
    keys: dict[str, Any] = {"num_gradient_accumulation_steps": 1, "checkpointer": {"save_every_num_batches": 2}}
    train_model(config(write_data(tmp_path), episodes=6, top=WORKERS, **keys), tmp_path / "run")
    figures = episodes(tmp_path / "run", "--step", "6")
    assert (figures["outcome"], figures["from_step"]) == ("exact", 5)
    assert [each["episode"] for each in figures["episodes"]] == [11, 12]
