"""Meta-training on questions goes on after an interruption as if there had been none."""

from pathlib import Path

import pytest
from allennlp.commands.train import train_model
from allennlp.common import Params

from tests.qa.conftest import DELHI, GANGES, asked, squad
from tests.resuming.recovery_test import Interrupt, Interrupted, outcome


@pytest.fixture
def data(write) -> dict[str, str]:
    """Six paragraphs per language with a question each, parallel by id."""
    return {
        language: write(
            f"dev.{language}.json",
            squad(*((f"{k}. {text}", [asked(f"q{k}", "?", answer, f"{k}. {text}")]) for k in range(6))),
        )
        for language, text, answer in (("en", DELHI, "India"), ("hi", GANGES, "हिमालय"))
    }


def config(encoder: Path, data: dict[str, str]) -> Params:
    reader = {"type": "mlqa", "model_name": str(encoder), "max_length": 64, "stride": 16, "max_question_length": 8}
    return Params(
        {
            "dataset_reader": reader,
            "train_data_path": data,
            "vocabulary": {"type": "empty"},
            "model": {"type": "cross_lingual_span_qa", "model_name": str(encoder), "training_metrics": True},
            "data_loader": {
                "type": "episodes",
                "languages": {"type": "cross_lingual", "support": ["en"], "query": ["hi"]},
                "sampler": {"type": "covering", "support_size": 1, "query_size": 1},
                "episodes_per_epoch": 5,
            },
            "trainer": {
                "type": "meta",
                "cuda_device": -1,
                "inner_loop": {"type": "first_order", "lr": 1e-2},
                "num_epochs": 1,
                "optimizer": {"type": "adamw", "lr": 1e-2},
                "checkpointer": {"save_every_num_batches": 1},
                "callbacks": ["interrupt_for_test"],
            },
        }
    )


def test_questions_counted_before_an_interruption_are_counted_once(bert_folder, data, tmp_path, monkeypatch):
    train_model(config(bert_folder, data), tmp_path / "whole")
    with monkeypatch.context() as interrupted:
        interrupted.setattr(Interrupt, "moment", (0, 3, True))
        with pytest.raises(Interrupted):
            train_model(config(bert_folder, data), tmp_path / "broken")
    train_model(config(bert_folder, data), tmp_path / "broken", recover=True)
    whole, broken = outcome(tmp_path / "whole"), outcome(tmp_path / "broken")
    assert {"training_f1/hi", "training_em/mean", "training_loss"} <= set(whole["metrics.json"])
    assert broken == whole
