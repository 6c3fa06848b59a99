"""What the stock trainer can do, done with episodes."""

import json
import re
from pathlib import Path

import pytest
import torch
from allennlp.models import Model, load_archive

METRICS = ["training_loss", "training_support_loss", "training_accuracy", "validation_loss", "validation_accuracy"]


def metrics_of(folder: Path) -> dict:
    return json.loads((folder / "metrics.json").read_text())


def test_a_run_moves_the_weights_reports_both_losses_and_leaves_an_archive(run, tmp_path):
    untrained = run("untrained", optimizer={"type": "adamw", "lr": 1e-30})
    trained = run("trained")
    assert not torch.equal(trained.out.weight, untrained.out.weight)
    assert all(name in metrics_of(tmp_path / "trained") for name in METRICS)
    archived = load_archive(tmp_path / "trained" / "model.tar.gz").model
    assert torch.equal(archived.out.weight, trained.out.weight)
    assert torch.equal(trained.unused.weight, untrained.unused.weight)


@pytest.mark.parametrize(
    "keys",
    [
        {"patience": 1, "validation_metric": "+accuracy", "num_epochs": 3},
        {"grad_norm": 1.0},
        {"grad_norm": True},
        {"grad_clipping": 0.5},
        {"moving_average": {"type": "exponential", "decay": 0.5}},
        {"learning_rate_scheduler": {"type": "linear_with_warmup", "warmup_steps": 1}},
        {"learning_rate_scheduler": {"type": "cosine", "t_initial": 2}},
        {"learning_rate_scheduler": {"type": "slanted_triangular"}},
        {"learning_rate_scheduler": {"type": "step", "step_size": 1}},
        {
            "optimizer": {"type": "sgd", "lr": 0.1, "momentum": 0.9},
            "momentum_scheduler": {"type": "inverted_triangular", "cool_down": 1, "warm_up": 1},
        },
        {"no_grad": ["hidden"]},
        {"num_gradient_accumulation_steps": 4},
        {"checkpointer": {"save_every_num_batches": 1, "keep_most_recent_by_count": 3}},
        {"checkpointer": None},
        {"enable_default_callbacks": False},
        {"callbacks": [{"type": "tensorboard", "summary_interval": 1, "distribution_interval": 2}]},
        {"callbacks": [{"type": "should_validate_callback", "validation_interval": 2}, "track_epoch_callback"]},
        {"callbacks": [{"type": "console_logger", "should_log_inputs": True}]},
        {"precision": "bf16"},
        {"precision": "float32"},
        {"inner_loop": {"type": "first_order", "lr": 0.1, "num_steps": 2}},
        {"model": {"regularizer": {"regexes": [["out", {"type": "l2", "alpha": 0.1}]]}}},
    ],
    ids=lambda keys: json.dumps(keys)[:60],
)
def test_a_feature_of_the_stock_trainer_still_works(run, tmp_path, keys):
    model = run(**keys)
    assert all(parameter.isfinite().all() for parameter in model.parameters())
    metrics = metrics_of(tmp_path / "out")
    assert all(name in metrics for name in METRICS)


def test_weights_and_biases_is_written_offline(run, tmp_path, monkeypatch):
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_API_KEY", "x" * 40)
    monkeypatch.setenv("WANDB_SILENT", "true")
    run(callbacks=[{"type": "wandb", "project": "tiny", "summary_interval": 1}])
    assert list((tmp_path / "out" / "wandb").glob("offline-run-*/*.wandb"))


def test_patience_stops_a_run_that_does_not_get_better(run, tmp_path):
    run(patience=1, num_epochs=9, optimizer={"type": "sgd", "lr": 1e-30})
    assert metrics_of(tmp_path / "out")["epoch"] == 1


def test_frozen_parameters_stay_and_the_others_move(run):
    frozen, untrained = run("frozen", no_grad=["hidden"]), run("untrained", optimizer={"type": "sgd", "lr": 1e-30})
    assert torch.equal(frozen.hidden.weight, untrained.hidden.weight)
    assert not torch.equal(frozen.out.weight, untrained.out.weight)


def test_schedules_count_meta_steps(run, tmp_path):
    # 6 episodes in groups of 2, 2 epochs: 6 meta steps. Linear decay ends at 0 after the last of them.
    run(learning_rate_scheduler={"type": "linear_with_warmup", "warmup_steps": 0})
    state = torch.load(tmp_path / "out" / "training_state_e2_b0.th", weights_only=True)
    assert state["optimizer"]["param_groups"][0]["lr"] == pytest.approx(0.0, abs=1e-9)


def test_the_support_loss_reaches_tensorboard(run, tmp_path):
    run(callbacks=[{"type": "tensorboard", "summary_interval": 1}])
    (events,) = (tmp_path / "out" / "log" / "train").iterdir()
    assert b"support_loss" in events.read_bytes()


def test_the_log_tells_the_plan_the_languages_and_both_losses(run, tmp_path):
    run(num_epochs=1)
    text = (tmp_path / "out" / "out.log").read_text()
    assert "6 episodes per epoch, 2 per meta step" in text
    assert "HigherInnerLoop(lr=0.1, direction=descent, normalize=False, support_weight=0.0, num_steps=1, " in text
    assert "learned_rates=None, schedule=None); precision float32" in text
    assert "Epoch 0, meta step 1 of 3: en -> " in text
    assert "support_loss" in text
    assert re.search(r"episodes by languages \(support -> query\): en -> (hi|ur): \d", text)


def test_episodes_as_validation_data_are_judged_after_adapting_and_change_nothing(run, tmp_path, data):
    episodes = {
        "type": "episodes",
        "languages": {"type": "cross_lingual", "support": ["en"], "query": ["hi"]},
        "sampler": {"type": "covering", "support_size": 3, "query_size": 3},
    }
    top = {"validation_data_loader": episodes, "validation_dataset_reader": {"type": "tiny_numbers"}}
    judged = run("judged", top=top, model={"dropout": 0.0})
    plain: Model = run("plain", model={"dropout": 0.0})
    assert torch.equal(judged.out.weight, plain.out.weight)
    assert metrics_of(tmp_path / "judged")["validation_loss"] > 0
