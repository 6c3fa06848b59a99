"""Every stage, interrupted: what it leaves loads anywhere, and it goes on from its last checkpoint."""

import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest
import torch
from allennlp.commands.train import train_model
from allennlp.models.archival import load_archive
from allennlp.training.callbacks import TrainerCallback

SMALL = "data_loader+: { sampler+: { support_size: 2, query_size: 2 } }"
STAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "mnli_finetune": ("", {"batch_size": 4, "buckets": True}),
    "xnli_xla_maml": (SMALL, {"meta_steps_per_language": 12}),
    "xnli_few_shot": ("", {"batch_size": 1, "target": "sw"}),
}


@TrainerCallback.register("ctrl_c_for_test")
class CtrlC(TrainerCallback):
    """Interrupts the run at a batch (of an epoch) that is given in `moment`."""

    moment: Any = None

    def on_batch(self, *args: Any, **kwargs: Any) -> None:
        if args[4:6] == self.moment:
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def english(bert_folder, nli_data, tmp_path_factory) -> Path:
    """Where stage 1 keeps its archive."""
    return tmp_path_factory.mktemp("english")


@pytest.fixture
def stage(variant, bert_folder, nli_data, english, tmp_path, monkeypatch):
    """Runs a stage, from stage 1's archive where it is a later one, interrupted at `moment`, or to its end."""

    def run(name: str, folder: str, num_epochs: int, moment: Any = None, recover: bool = False) -> Path:
        changes, arguments = STAGES[name]
        train = str(nli_data / "multinli_1.0_train.jsonl")
        keys: dict[str, Any] = {"encoder": str(tmp_path / "encoder"), **arguments}
        if name == "mnli_finetune":
            keys |= {"train": train}
        else:
            base = english / "run" / "model.tar.gz"
            if not base.exists():
                train_model(
                    variant("mnli_finetune.jsonnet", encoder=str(bert_folder), train=train, num_epochs=1), base.parent
                )
            keys |= {"xnli": str(nli_data), "base": str(base)}
        if not (tmp_path / "encoder").exists():
            shutil.copytree(bert_folder, tmp_path / "encoder")
        trainer = f"trainer+: {{ num_epochs: {num_epochs}, callbacks+: ['ctrl_c_for_test'] }}"
        params = variant(f"{name}.jsonnet", f"{{ {trainer}, {changes} }}", **keys)
        monkeypatch.setattr(CtrlC, "moment", moment)
        if moment is None:
            train_model(params, tmp_path / folder, recover=recover)
        else:
            with pytest.raises(KeyboardInterrupt):
                train_model(params, tmp_path / folder)
        return tmp_path / folder

    return run


def members(folder: Path) -> set[str]:
    with tarfile.open(folder / "model.tar.gz") as tar:
        return set(tar.getnames())


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_interrupted_after_an_epoch_leaves_an_archive_like_a_finished_ones(stage, tmp_path, name):
    finished = stage(name, "finished", num_epochs=1)
    broken = stage(name, "broken", num_epochs=2, moment=(1, 1))
    assert not (broken / "metrics.json").exists()
    assert members(broken) == members(finished)
    best = torch.load(broken / "best.th", weights_only=True)
    archive = shutil.copy(broken / "model.tar.gz", tmp_path / "alone.tar.gz")
    for folder in ("encoder", "finished", "broken"):
        shutil.rmtree(tmp_path / folder)
    loaded = load_archive(archive).model.state_dict()
    assert all(torch.equal(loaded[weight], best[weight]) for weight in best)


def same_weights(one: Path, other: Path) -> bool:
    weights = [load_archive(folder / "model.tar.gz").model.state_dict() for folder in (one, other)]
    return all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def checkpoints(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("training_state_*.th")}


def test_meta_training_goes_on_from_a_checkpoint_within_its_only_epoch(stage):
    whole = stage("xnli_xla_maml", "whole", num_epochs=1)
    # 12 meta steps, a checkpoint at every tenth of them, which is each: the last two are kept.
    broken = stage("xnli_xla_maml", "broken", num_epochs=1, moment=(0, 8))
    assert checkpoints(broken) == {"training_state_e0_b6.th", "training_state_e0_b7.th"}
    stage("xnli_xla_maml", "broken", num_epochs=1, recover=True)
    assert same_weights(whole, broken)


def test_few_shot_goes_on_from_a_checkpoint_within_its_only_epoch(stage):
    # 24 pairs one by one, a checkpoint after 20 of them.
    whole = stage("xnli_few_shot", "whole", num_epochs=1)
    broken = stage("xnli_few_shot", "broken", num_epochs=1, moment=(0, 22))
    assert checkpoints(broken) == {"training_state_e0_b20.th"}
    stage("xnli_few_shot", "broken", num_epochs=1, recover=True)
    state = torch.load(broken / "training_state_e1_b0.th", weights_only=True)
    # The schedule has gone on to its end, so all 24 steps were made.
    assert state["optimizer"]["param_groups"][0]["lr"] == pytest.approx(0.0, abs=1e-12)
    assert "encoder/" in str(members(broken))
    assert same_weights(whole, broken)


def test_stage_one_goes_on_within_its_second_epoch_to_the_same_weights(stage):
    # Its checkpoint is that of the first epoch's end; the second one is trained on in another order.
    whole = stage("mnli_finetune", "whole", num_epochs=2)
    broken = stage("mnli_finetune", "broken", num_epochs=2, moment=(1, 2))
    assert checkpoints(broken) == {"training_state_e1_b0.th"}
    stage("mnli_finetune", "broken", num_epochs=2, recover=True)
    assert same_weights(whole, broken)


@pytest.mark.parametrize(
    ("config", "arguments", "batches"),
    [
        ("mnli_finetune", {}, 1000),
        ("squad_finetune", {}, 1000),
        ("xnli_few_shot", {}, 20),
        ("mlqa_few_shot", {}, 20),
        ("xnli_xla_maml", {}, 50),
        ("xnli_xla_maml", {"support": ["bg", "de"], "query": ["bg", "de"]}, 100),
        ("xnli_x_maml", {"meta_steps_per_language": 4}, 1),
        ("mlqa_xla_maml", {"episodes_per_step": 4}, 10),
    ],
)
def test_a_config_keeps_checkpoints_within_its_epochs(variant, config, arguments, batches):
    params = variant(f"{config}.jsonnet", **arguments).as_dict()
    assert params["trainer"]["checkpointer"] == {"save_every_num_batches": batches}
