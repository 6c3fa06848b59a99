"""What an epoch of episodes has lost, and which languages it was made of."""

from collections import Counter
from typing import Any

import torch

from xlamaml_allennlp.meta_training.episode_sums import EpisodeSums, TrainedEpisode


def episode(support: str, query: str) -> dict[str, Any]:
    return {
        name: {"metadata": [{"language": language, "id": "1", "group": "1"}]}
        for name, language in (("support", support), ("query", query))
    }


def test_a_meta_step_counts_with_the_mean_of_its_episodes():
    sums = EpisodeSums()
    sums.add(
        [
            TrainedEpisode(episode("en", "hi"), torch.tensor(1.0), 2.0),
            TrainedEpisode(episode("en", "ur"), torch.tensor(3.0), 6.0),
        ]
    )
    sums.add([TrainedEpisode(episode("en", "hi"), torch.tensor(5.0), 1.0)])
    # (1 + 3) / 2 and 5; (2 + 6) / 2 and 1.
    assert sums.means() == {"loss": 3.5, "support_loss": 2.5}
    assert sums.running()["batch_support_loss"] == 1.0
    assert sums.episodes == Counter({"en -> hi": 2, "en -> ur": 1})
    assert EpisodeSums.from_state(sums.state()).means() == sums.means()
    assert sums.over_workers().means() == sums.means()
