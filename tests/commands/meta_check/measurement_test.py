"""Costs and errors of estimators on a small network, in this process."""

import math

import pytest
from allennlp.common.checks import ConfigurationError

from tests.meta_training.tiny import LANGUAGES, config, write_data
from xlamaml_allennlp.commands.meta_check.measurement import measure
from xlamaml_allennlp.commands.meta_check.reference import reference_of
from xlamaml_allennlp.commands.meta_check.subject import build


@pytest.fixture(scope="module")
def params(tmp_path_factory):
    return config(write_data(tmp_path_factory.mktemp("data"))).as_dict(quiet=True)


@pytest.fixture(scope="module")
def references(params, tmp_path_factory):
    folder = tmp_path_factory.mktemp("references")
    subject = build(params, str(tmp_path_factory.mktemp("run")))
    paths = []
    episodes = subject.doubled(2)
    subject.model.eval()
    for number, (support, query) in enumerate(episodes):
        paths.append(folder / f"{number}.pt")
        reference_of(subject.model, support, query, {"lr": 0.1}).save(paths[-1])
    return paths


@pytest.mark.parametrize(
    ("keys", "largest"),
    [
        ({"type": "higher"}, {"gradient": 1e-5, "second_order": 1e-3, "slope": 1e-5, "second_order_slope": 1e-3}),
        ({"type": "exact"}, {"gradient": 1e-5, "second_order": 1e-3, "slope": 1e-5, "second_order_slope": 1e-3}),
        ({"type": "exact", "micro_batch_size": 1}, {"gradient": 1e-5, "second_order": 1e-3}),
        ({"type": "hessian_free", "relative_step": 1e-3, "scheme": "central"}, {"gradient": 1e-3}),
    ],
)
def test_what_is_exact_agrees_with_float64_and_with_finite_differences(tmp_path, params, references, keys, largest):
    own = {**params, "trainer": {**params["trainer"], "inner_loop": {**keys, "lr": 0.1}}}
    outcome = measure(own, references, repeats=1, folder=str(tmp_path))
    for name, limit in largest.items():
        assert outcome["errors"][name] < limit, name
    assert outcome["cost"]["seconds"] > 0


def test_first_order_lacks_the_whole_second_order_term(tmp_path, params, references):
    own = {**params, "trainer": {**params["trainer"], "inner_loop": {"type": "first_order", "lr": 0.1}}}
    errors = measure(own, references, repeats=1, folder=str(tmp_path))["errors"]
    assert errors["second_order"] == pytest.approx(1)
    assert 1e-4 < errors["gradient"] < 1


def test_bfloat16_shows_in_the_gradient(tmp_path, params, references):
    trainer = {**params["trainer"], "inner_loop": {"type": "exact", "lr": 0.1}, "precision": "bf16"}
    errors = measure({**params, "trainer": trainer}, references, repeats=1, folder=str(tmp_path))["errors"]
    # bfloat16 has 8 bits of mantissa.
    assert 1e-4 < errors["gradient"] < 0.1


@pytest.mark.parametrize("explode_at", [6, 8])
def test_an_error_that_is_not_a_number_is_the_worst_whichever_episode_has_it(tmp_path, params, references, explode_at):
    # Two meta steps for the cost, two passes each; then two passes per episode: the query passes are numbers 6 and 8.
    model = {**params["model"], "explode_at": explode_at}
    trainer = {**params["trainer"], "inner_loop": {"type": "first_order", "lr": 0.1}}
    outcome = measure({**params, "model": model, "trainer": trainer}, references, repeats=1, folder=str(tmp_path))
    assert math.isnan(outcome["errors"]["gradient"])


def test_a_config_of_another_trainer_is_refused(tmp_path, params):
    trainer = {"type": "gradient_descent", "optimizer": "adam"}
    with pytest.raises(ConfigurationError, match=r'trainer.type is "gradient_descent"'):
        build({**params, "trainer": trainer}, str(tmp_path))


def test_an_objective_with_agreement_is_what_is_measured(tmp_path, params):
    examples = [(language, shift, i) for shift, language in enumerate(LANGUAGES) for i in range(6)]
    rows = [f"{language}\t{i}\t{i % 2}\t{i + shift}\t-2\t3\t0.{i}" for language, shift, i in examples]
    data, run = tmp_path / "translations.tsv", tmp_path / "run"
    data.write_text("\n".join(rows), encoding="utf-8")
    sampler = {"type": "random", "support_size": 3, "query_size": 3, "parallel": True}
    agreeing = {
        **params,
        "train_data_path": str(data),
        "data_loader": {**params["data_loader"], "sampler": sampler},
        "trainer": {**params["trainer"], "agreement": {"weight": 0.5}},
    }
    subject = build(agreeing, str(run))
    ((support, objective),) = subject.doubled(1)
    said = []
    handle = subject.model.eval().register_forward_hook(lambda module, given, outputs: said.append(outputs))
    value = objective(subject.model)
    support(subject.model)
    handle.remove()
    # L_Q + lambda times the mean of KL(p_S || p_Q) + KL(p_Q || p_S).
    query, ours = said[0], said[-1]
    p, q = (each["logits"].softmax(-1) for each in (ours, query))
    distance = (p * (p / q).log() + q * (q / p).log()).sum(-1).mean()
    assert distance > 1e-4
    assert value.item() == pytest.approx((query["loss"] + 0.5 * distance).item(), rel=1e-6)
