"""Runs whose pairs of languages are drawn by what came of earlier episodes."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from statistics import quantiles
from typing import Any

import pytest
import torch
import torch.multiprocessing as mp
from allennlp.common.checks import ConfigurationError

from tests.meta_training.distributed_test import STILL, WORKERS, forked_workers
from tests.meta_training.tiny import config
from tests.provenance.recorded import told
from tests.resuming.recovery_test import (
    CHECKPOINTS,
    Interrupt,
    outcome,
    same_weights,
    train_until_killed,
    whole_and_recovered,
)
from xlamaml_allennlp.episodes import Bandit, EpisodeDataLoader
from xlamaml_allennlp.meta_training.pair_rewards import SIGNALS
from xlamaml_allennlp.provenance import Line, read_ledger

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

__all__ = ["forked_workers"]  # a fixture

EXACT = {"type": "exact", "lr": 0.1}
PAIRS = ["en -> hi", "ur -> hi", "en -> ur"]


def episodes(count: int = 6, **languages: Any) -> dict[str, Any]:
    plan = {"type": "exp3s", "support": ["en", "ur"], "query": ["hi", "ur"], **languages}
    sampler = {"type": "random", "support_size": 3, "query_size": 3}
    return {"data_loader": {"type": "episodes", "languages": plan, "sampler": sampler, "episodes_per_epoch": count}}


def memory(folder: Path, file: str = "training_state_e2_b0.th") -> dict[str, Any]:
    state = torch.load(folder / file, weights_only=True)
    return state.get("run", state)["training_data"]["memory"]


def steps(folder: Path) -> Iterator[list[Line]]:
    return (list(lines) for _, lines in groupby(read_ledger(folder), lambda line: line.step))


def test_the_ledger_tells_probabilities_that_follow_from_its_cosines(run, tmp_path):
    run(inner_loop=EXACT, top=episodes(12))
    twin, signals = Bandit(PAIRS, "alignment", 0.2, 1e-3), []
    found = list(steps(tmp_path / "out"))
    assert len(found) == 12
    for lines in found:
        chances = dict(zip(PAIRS, twin.probabilities(), strict=True))
        # Both episodes of a meta step were drawn before either was learned from.
        assert [line.pair_probability for line in lines] == pytest.approx([chances[each.languages] for each in lines])
        signals += [line.cosine for line in lines]
        low, *_, high = quantiles(signals, n=5, method="inclusive")
        for line in lines:
            reward = min(1.0, max(0.0, (line.cosine - low) / (high - low)))
            twin.reward(PAIRS.index(line.languages), line.pair_probability, reward)
    assert memory(tmp_path / "out")["weights"] == pytest.approx(twin.memory()["weights"])


def test_a_pair_whose_support_is_of_no_help_is_drawn_less(run, data, tmp_path):
    # Hindi's labels are those of sums below 0: what English teaches is wrong there, and in Urdu it is right.
    rows = [row.split("\t") for row in data.read_text(encoding="utf-8").splitlines()]
    turned = [[row[0], row[1], str(1 - int(row[2])), *row[3:]] if row[0] == "hi" else row for row in rows]
    data.write_text("\n".join("\t".join(row) for row in turned), encoding="utf-8")
    run(inner_loop=EXACT, model=STILL, num_epochs=1, top=episodes(120, support=["en"], exploration=0.4))
    last = [line for lines in steps(tmp_path / "out") for line in lines][60:]
    drawn = [line.languages for line in last]
    assert drawn.count("en -> ur") > 1.5 * drawn.count("en -> hi")
    assert drawn.count("en -> hi") > 5  # of 60 a fifth are drawn so, whatever came of them
    assert "probabilities of the pairs (support -> query): en -> hi: 0." in (tmp_path / "out" / "out.log").read_text()


@pytest.mark.parametrize(
    "inner_loop, reward, moment",
    [
        (EXACT, "alignment", (1, 1, True)),
        ({"type": "hessian_free", "lr": 0.1}, "alignment", (0, 0, True)),
        ({"type": "first_order", "lr": 0.1}, "query_loss", (0, 2, True)),
    ],
)
def test_an_interrupted_run_ends_in_the_same_weights_metrics_episodes_and_choices(
    run, tmp_path, monkeypatch, inner_loop, reward, moment
):
    keys = {"inner_loop": inner_loop, "checkpointer": CHECKPOINTS, "callbacks": ["interrupt_for_test"]}
    keys["top"] = episodes(reward=reward)
    whole, recovered = whole_and_recovered(run, monkeypatch, moment, keys)
    assert same_weights(recovered, whole)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")
    assert memory(tmp_path / "broken") == memory(tmp_path / "whole")
    ledgers = [told(tmp_path / name / "episodes_w0.jsonl") for name in ("whole", "broken")]
    assert ledgers[0] == ledgers[1]
    assert len({line["pair_probability"] for line in ledgers[0]}) > 3


def test_a_killed_process_is_recovered_exactly(run, data, tmp_path):
    keys: dict[str, Any] = {"inner_loop": EXACT, "checkpointer": CHECKPOINTS, "top": episodes()}
    whole = run("whole", **keys)
    train_until_killed(config(data, **keys), tmp_path / "broken")
    assert same_weights(run("broken", recover=True, **keys), whole)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")
    assert memory(tmp_path / "broken") == memory(tmp_path / "whole")


def test_two_workers_choose_what_one_does_know_the_same_and_are_recovered_exactly(run, tmp_path, monkeypatch):
    keys: dict[str, Any] = {"inner_loop": EXACT, "model": STILL, "checkpointer": CHECKPOINTS}
    keys["callbacks"] = ["interrupt_for_test"]
    run("one", num_gradient_accumulation_steps=2, top=episodes(), **keys)
    keys |= {"top": {**WORKERS, **episodes()}, "num_gradient_accumulation_steps": 1}
    with monkeypatch.context() as interrupted:
        interrupted.setattr(Interrupt, "moment", (1, 2, True))
        with pytest.raises(mp.ProcessRaisedException):
            run("two", **keys)
    run("two", recover=True, **keys)
    one, two = (list(read_ledger(tmp_path / name)) for name in ("one", "two"))
    assert [line.languages for line in two] == [line.languages for line in one]
    assert [line.query for line in two] == [line.query for line in one]
    for name in ("pair_probability", "query_loss"):
        assert [getattr(line, name) for line in two] == pytest.approx([getattr(line, name) for line in one])
    assert memory(tmp_path / "two") == memory(tmp_path / "two", "worker_state_e2_b0_w1.th")
    best, other = (torch.load(tmp_path / name / "best.th", weights_only=True) for name in ("one", "two"))
    assert all(torch.allclose(best[name], other[name], rtol=0, atol=1e-6) for name in best)


@pytest.mark.parametrize(
    "inner_loop", [{"type": "higher"}, {"type": "first_order"}, {**EXACT, "micro_batch_size": 2},
                   {"type": "hessian_free", "scheme": "central"}]
)  # fmt: skip
def test_an_inner_loop_that_does_not_hold_both_gradients_cannot_tell_how_they_agree(run, inner_loop):
    with pytest.raises(ConfigurationError, match=r'reward is "alignment".* Take "exact".* or the reward "query_loss"'):
        run(inner_loop=inner_loop, top=episodes())


def test_validation_teaches_no_bandit(run):
    judged = {
        "validation_data_loader": episodes()["data_loader"],
        "validation_dataset_reader": {"type": "tiny_numbers"},
    }
    with pytest.raises(ConfigurationError, match=r"validation_data_loader\.languages chooses .* judging teaches it"):
        run(top=judged)


def test_a_loader_that_draws_ahead_is_refused_in_the_first_meta_step(run, monkeypatch):
    draw = EpisodeDataLoader.__iter__

    def ahead(self: Any) -> Any:
        batches = draw(self)
        waiting = [next(batches)]
        for batch in batches:
            waiting.append(batch)
            yield waiting.pop(0)
        yield from waiting

    monkeypatch.setattr(EpisodeDataLoader, "__iter__", ahead)
    with pytest.raises(ConfigurationError, match=r"3 episodes were drawn since it last heard, and it hears of 2"):
        run(inner_loop=EXACT, top=episodes())


def test_the_signal_is_the_cosine_and_nought_where_a_gradient_is():
    products = [{"alignment": torch.tensor(each)} for each in ([25.0, -12.0, 9.0], [0.0, 0.0, 4.0])]
    assert SIGNALS["alignment"](products) == [-0.8, 0.0]
