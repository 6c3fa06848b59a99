"""Costs and errors of estimators on a small network, in this process."""

import math

import pytest
from allennlp.common.checks import ConfigurationError

from tests.meta_training.tiny import config, write_data
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
