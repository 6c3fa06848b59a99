"""Some examples of a path, drawn once; and what a model makes of them, by plain steps."""

from copy import deepcopy

import pytest
import torch
from allennlp.commands.train import train_model
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader
from allennlp.models import load_archive

from tests.meta_training.tiny import config, write_data
from xlamaml_allennlp.languages.tag import tag_of


def drawn(path, **keys):
    reader = DatasetReader.from_params(Params({"type": "drawn", "reader": {"type": "tiny_numbers"}, **keys}))
    return [(tag_of(instance).language, tag_of(instance).id) for instance in reader.read(path)]


def test_the_same_seed_draws_the_same_examples_each_once(tmp_path):
    path = write_data(tmp_path, size=12)
    found = drawn(path, size=7, seed=1)
    assert len(set(found)) == len(found) == 7
    assert found == drawn(path, size=7, seed=1) != drawn(path, size=7, seed=2)
    assert len(set(drawn(path, size=36))) == 36


@pytest.mark.parametrize(("size", "message"), [(0, "size is 0; give at least 1"), (37, "size is 37, but .* only 36")])
def test_a_draw_that_cannot_be_is_refused(tmp_path, size, message):
    with pytest.raises(ConfigurationError, match=rf"dataset_reader\.{message}"):
        drawn(write_data(tmp_path, size=12), size=size)


@pytest.mark.parametrize("num_steps", [1, 2])
def test_what_the_adaptation_config_trains_is_theta_less_alpha_times_the_support_gradient(tmp_path, num_steps):
    """As lib/adapt.libsonnet has it: one batch an epoch, plain SGD."""
    path = write_data(tmp_path)
    params = config(path, model={"dropout": 0.0}).as_dict()
    reader = {"type": "drawn", "reader": {"type": "tiny_numbers", "languages": ["en"]}, "size": 5, "seed": 3}
    params |= {"dataset_reader": deepcopy(reader), "data_loader": {"batch_size": 5000, "shuffle": False}}
    params["trainer"] = {"type": "resumable", "num_epochs": num_steps, "optimizer": {"type": "sgd", "lr": 0.25}}
    del params["validation_data_path"]
    trained = train_model(Params(params), tmp_path / "run", return_model=True)
    adapted = load_archive(tmp_path / "run" / "model.tar.gz").model.state_dict()

    theta = type(trained)(trained.vocab, dropout=0.0)
    batch = [instance.as_tensor_dict() for instance in DatasetReader.from_params(Params(reader)).read(path)]
    numbers, labels = (torch.stack([each[key] for each in batch]) for key in ("numbers", "label"))
    for _ in range(num_steps):
        theta.zero_grad()
        theta(numbers, labels)["loss"].backward()
        with torch.no_grad():
            for parameter in theta.parameters():
                if parameter.grad is not None:
                    parameter -= 0.25 * parameter.grad
    for name, expected in theta.state_dict().items():
        torch.testing.assert_close(adapted[name], expected)
