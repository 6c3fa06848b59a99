"""With a moving average it is the averages that are judged, and that the archive holds."""

from copy import deepcopy
from typing import Any, ClassVar

import pytest
import torch
from allennlp.commands.train import train_model
from allennlp.models import load_archive
from allennlp.training.callbacks import TrainerCallback

from tests.meta_training.tiny import config
from tests.resuming.killed import stock_config

AVERAGE = {"moving_average": {"type": "exponential", "decay": 0.5}}


@TrainerCallback.register("weights_for_test", exist_ok=True)
class Weights(TrainerCallback):
    """Keeps the weights before the first step and after each of them."""

    seen: ClassVar[list[dict[str, torch.Tensor]]] = []

    def on_start(self, trainer: Any, *more: Any, **keys: Any) -> None:
        self.seen[:] = [deepcopy(trainer.model.state_dict())]

    def on_batch(self, trainer: Any, *more: Any, is_training: bool, **keys: Any) -> None:  # type: ignore[override]
        if is_training:
            self.seen.append(deepcopy(trainer.model.state_dict()))


@pytest.mark.parametrize("trainer", ["meta", "resumable"])
@pytest.mark.parametrize("validated", [True, False])
def test_the_archive_holds_the_average_over_steps(data, tmp_path, trainer, validated):
    keys = {**AVERAGE, "callbacks": ["weights_for_test"], "num_epochs": 1}
    params = config(data, **keys) if trainer == "meta" else stock_config(data, **keys, run_confidence_checks=False)
    if not validated:
        params.params.pop("validation_data_path")
    train_model(params, tmp_path / "run")

    seen = Weights.seen
    archived = load_archive(tmp_path / "run" / "model.tar.gz").model.state_dict()
    for name, start in seen[0].items():
        # Of the first steps AllenNLP remembers less than `decay`: after n of them (1 + n) / (10 + n) at most.
        average = start
        for number, weights in enumerate(seen[1:]):
            decay = min(0.5, (2 + number) / (11 + number))
            average = decay * average + (1 - decay) * weights[name]
        torch.testing.assert_close(archived[name], average)
    assert not torch.equal(archived["out.weight"], seen[-1]["out.weight"])
    assert len(seen) >= 3
