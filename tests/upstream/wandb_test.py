"""AllenNLP's callback for Weights & Biases logs a run of any stage."""

from pathlib import Path

import wandb
from allennlp.commands.train import train_model
from allennlp.common import Params


def test_ids_are_eight_letters_and_digits_and_no_two_the_same():
    one, other = wandb.util.generate_id(), wandb.util.generate_id()
    assert len(one) == len(other) == 8
    assert one.isalnum()
    assert one != other


def test_a_run_of_stage_one_is_logged(tmp_path, monkeypatch, bert_folder):
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_API_KEY", "x" * 40)
    monkeypatch.setenv("WANDB_SILENT", "true")
    data = tmp_path / "train.jsonl"
    data.write_text('{"sentence1": "a b", "sentence2": "a", "gold_label": "neutral"}\n' * 4)
    config = Path(__file__).parents[2] / "training_configs" / "mnli_finetune.jsonnet"
    line = f'(import "{config}")(encoder="{bert_folder}", train="{data}", num_epochs=1)'
    (tmp_path / "run.jsonnet").write_text(
        line + ' + { trainer+: { callbacks: [{ type: "wandb", project: "tiny", summary_interval: 1 }] } }'
    )
    train_model(Params.from_file(tmp_path / "run.jsonnet"), str(tmp_path / "out"))
    assert list((tmp_path / "out" / "wandb").glob("offline-run-*/*.wandb"))
