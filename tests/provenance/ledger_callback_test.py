"""What the ledger says of a run, against episodes dealt by hand and losses computed by hand."""

from itertools import cycle
from typing import Any

import pytest
import torch
from allennlp.data import Vocabulary
from allennlp.nn import RegularizerApplicator
from allennlp.nn.regularizers import L2Regularizer

from tests.episodes.tagged import find
from tests.meta_training.tiny import LANGUAGES, TinyClassifier
from tests.meta_training.trainer_test import ALPHA, NoData, by_hand, side, tagged
from tests.provenance.recorded import told
from xlamaml_allennlp.adaptation import ExactInnerLoop, HigherInnerLoop, InnerLoop
from xlamaml_allennlp.episodes import Episode, EpisodeSampler
from xlamaml_allennlp.meta_training import MetaTrainer
from xlamaml_allennlp.provenance import EpisodeLedger, read_ledger

HANDS = [
    ([("en", "3"), ("en", "0")], [("hi", "5"), ("hi", "3")]),
    ([("en", "1"), ("hi", "4"), ("en", "2")], [("ur", "7")]),
    ([("en", "3")], [("ur", "0"), ("ur", "1"), ("ur", "2")]),
]


@EpisodeSampler.register("dealt_for_test")
class Dealt(EpisodeSampler):
    """Deals the same three episodes for ever."""

    def stream(self, material: Any) -> Any:
        for hand in cycle(HANDS):
            yield Episode.of(*([find(material.pool, *each) for each in cards] for cards in hand))

    def episodes_per_pass(self, material: Any) -> int:
        return len(HANDS)


def test_lines_hold_the_episodes_that_were_dealt_in_their_order(run, data, tmp_path):
    rows = data.read_text().splitlines()
    files = {language: tmp_path / f"{language}.tsv" for language in LANGUAGES}
    for language, file in files.items():
        file.write_text("\n".join(row for row in rows if row.startswith(language)))
    top = {
        "dataset_reader": {"type": "tagged", "reader": "tiny_numbers"},
        "train_data_path": {language: str(file) for language, file in files.items()},
        "data_loader": {
            "type": "episodes",
            "languages": {"type": "cross_lingual", "support": ["en", "hi"], "query": ["hi", "ur"]},
            "sampler": {"type": "dealt_for_test", "support_size": 1, "query_size": 1},
        },
    }
    run(top=top)

    def block(language: str, *ids: int) -> dict[str, Any]:
        return {"language": language, "source": str(files[language]), "ids": list(map(str, ids)), "rows": list(ids)}

    sides = [
        ([block("en", 3, 0)], [block("hi", 5, 3)]),
        ([block("en", 1), block("hi", 4), block("en", 2)], [block("ur", 7)]),
        ([block("en", 3)], [block("ur", 0, 1, 2)]),
    ]
    # Two epochs of three episodes, two to a meta step: the second step of an epoch has one.
    steps, epochs = (1, 1, 2, 3, 3, 4), (0, 0, 0, 1, 1, 1)
    expected = [
        {"episode": number + 1, "epoch": epochs[number], "step": steps[number], "worker": 0}
        | {"support": sides[number % 3][0], "query": sides[number % 3][1]}
        for number in range(6)
    ]
    lines = told(tmp_path / "out" / "episodes_w0.jsonl")
    assert [{key: line[key] for key in expected[0]} for line in lines] == expected
    # The episodes of one step share its gradient.
    norms = [line["meta_gradient_norm"] for line in lines]
    assert norms[0] == norms[1] != norms[2]
    assert norms[3] == norms[4] != norms[5]


def train(model: TinyClassifier, folder: Any, inner_loop: InnerLoop, batches: list[Any], ledger: Any = True) -> Any:
    made: Any = MetaTrainer
    optimizer, loader = torch.optim.SGD(model.parameters(), lr=0.1), NoData(batches)
    keys = {"num_epochs": 1, "cuda_device": -1, "serialization_dir": str(folder), "ledger": ledger}
    made(model, optimizer, loader, inner_loop=inner_loop, num_gradient_accumulation_steps=2, **keys).train()
    return list(read_ledger(folder))


@pytest.mark.parametrize("inner_loop", [HigherInnerLoop, ExactInnerLoop])
def test_losses_are_the_models_at_theta_and_at_theta_prime_and_norms_those_of_its_gradients(tmp_path, inner_loop):
    regularizer = RegularizerApplicator([("out.weight", L2Regularizer(0.5))])
    model = TinyClassifier(Vocabulary(), dropout=0.0, regularizer=regularizer)
    episodes = [{"support": tagged(side(n), "en"), "query": tagged(side(n + 1), "hi")} for n in (1, 3)]
    computed = [by_hand(model, episode) for episode in episodes]
    # The gradient of a step is the mean of its episodes', and that of the penalty, out.weight.
    mean = {name: (computed[0][2][name] + computed[1][2][name]) / 2 for name in computed[0][2]}
    mean["out.weight"] = mean["out.weight"] + model.out.weight.detach()
    length = torch.cat([gradient.reshape(-1) for gradient in mean.values()]).norm().item()

    lines = train(model, tmp_path, inner_loop(lr=ALPHA), episodes)

    for line, (support_loss, query_loss, _) in zip(lines, computed, strict=True):
        assert line.support_loss == pytest.approx(support_loss.item())
        assert line.query_loss == pytest.approx(query_loss.item())
        assert line.meta_gradient_norm == pytest.approx(length, rel=1e-5)
        assert (line.step, line.languages, line.support[3].id) == (1, "en -> hi", "3")
        assert line.seconds > 0
        assert (line.support_gradient_norm, line.query_gradient_norm, line.cosine) == (None, None, None)


def test_gradients_that_the_inner_loop_holds_are_told_by_length_and_angle_where_the_key_asks(tmp_path):
    model = TinyClassifier(Vocabulary(), dropout=0.0)
    support, query = (model(**side(number))["loss"] for number in (1, 2))
    parameters = [model.hidden.weight, model.hidden.bias, model.out.weight, model.out.bias]
    # At a tiny step the query gradient at theta' is that at theta.
    one, other = (
        torch.cat([each.reshape(-1) for each in torch.autograd.grad(loss, parameters)]) for loss in (support, query)
    )
    episode = {"support": side(1), "query": side(2)}
    (line,) = train(model, tmp_path, ExactInnerLoop(lr=1e-7), [episode], "gradients")
    assert line.support_gradient_norm == pytest.approx(one.norm().item(), rel=1e-5)
    assert line.query_gradient_norm == pytest.approx(other.norm().item(), rel=1e-5)
    assert line.cosine == pytest.approx(torch.cosine_similarity(one, other, dim=0).item(), rel=1e-4)
    assert line.languages == "unknown -> unknown"  # nothing tags these


def test_an_episode_without_inner_steps_is_told_with_both_its_languages_and_learns_as_its_query_batch_does(tmp_path):
    episode = {"support": tagged(side(1), "en"), "query": tagged(side(2), "hi")}
    models, lines = [], []
    for batch in (episode, tagged(side(2), "hi")):
        torch.manual_seed(1)
        models.append(TinyClassifier(Vocabulary(), dropout=0.5))
        told_of = train(models[-1], tmp_path / str(len(lines)), ExactInnerLoop(num_steps=0), [batch] * 3, "gradients")
        lines.append(told_of[0])
    assert [line.languages for line in lines] == ["en -> hi", "hi"]
    assert lines[0].support_loss is None
    assert lines[0].query_loss == lines[1].query_loss
    assert all(map(torch.equal, *(model.state_dict().values() for model in models)))


def test_a_stock_batch_is_a_line_without_support(tmp_path):
    model = TinyClassifier(Vocabulary(), dropout=0.0)
    loss = model(**side(1))["loss"].item()
    (line,) = train(model, tmp_path, HigherInnerLoop(lr=ALPHA), [tagged(side(1), "hi")])
    assert (line.support, line.support_loss, line.languages) == ((), None, "hi")
    assert line.query_loss == pytest.approx(loss)


def test_figures_of_a_step_come_from_the_device_in_one_piece(tmp_path, monkeypatch):
    waits: list[str] = []

    def waiting(name: str) -> Any:
        stock = getattr(torch.Tensor, name)

        def method(*arguments: Any) -> Any:
            waits.append(name)
            return stock(*arguments)

        return method

    for name in ("tolist", "item", "cpu", "numpy", "__float__", "__bool__"):
        monkeypatch.setattr(torch.Tensor, name, waiting(name))
    on_batch, counts = EpisodeLedger.on_batch, []

    def counted(self: Any, *arguments: Any, **keys: Any) -> None:
        before = len(waits)
        on_batch(self, *arguments, **keys)
        counts.append(waits[before:])

    monkeypatch.setattr(EpisodeLedger, "on_batch", counted)
    episode = {"support": side(1), "query": side(2)}
    train(TinyClassifier(Vocabulary()), tmp_path, ExactInnerLoop(lr=0.1), [episode] * 4, "gradients")
    assert counts == [["tolist"], ["tolist"]]


def test_there_is_no_ledger_where_it_is_switched_off(run, tmp_path):
    run(ledger=False)
    assert (tmp_path / "out" / "metrics.json").exists()
    assert list((tmp_path / "out").glob("episodes*")) == []
