"""What an epoch of episodes has lost, and which languages it was made of."""

from collections import Counter
from typing import Any

import torch

from xlamaml_allennlp.meta_training.tally import Tally, Trained


def episode(support: str, query: str) -> dict[str, Any]:
    return {
        name: {"metadata": [{"language": language, "id": "1", "group": "1"}]}
        for name, language in (("support", support), ("query", query))
    }


def test_a_meta_step_counts_with_the_mean_of_its_episodes():
    tally = Tally()
    tally.add(
        [Trained(episode("en", "hi"), torch.tensor(1.0), 2.0), Trained(episode("en", "ur"), torch.tensor(3.0), 6.0)]
    )
    tally.add([Trained(episode("en", "hi"), torch.tensor(5.0), 1.0)])
    # (1 + 3) / 2 and 5; (2 + 6) / 2 and 1.
    assert tally.means() == {"loss": 3.5, "support_loss": 2.5}
    assert tally.running()["batch_support_loss"] == 1.0
    assert tally.episodes == Counter({"en -> hi": 2, "en -> ur": 1})
    assert Tally.from_state(tally.state()).means() == tally.means()
    assert tally.over_workers().means() == tally.means()
