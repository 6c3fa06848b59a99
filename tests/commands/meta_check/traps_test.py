import random

import pytest
import torch

from xlamaml_allennlp.commands.meta_check.traps import traps_of_config, traps_of_model

CLEAN = {
    "validation_dataset_reader": {},
    "validation_data_loader": {},
    "vocabulary": {"type": "empty"},
    "include_in_archive": ["encoder"],
    "model": {"type": "cross_lingual_pair_classifier", "model_name": "x"},
    "data_loader": {"episodes_per_epoch": 500},
    "trainer": {
        "num_epochs": 1,
        "optimizer": {"type": "adamw", "weight_decay": 0.01},
        "learning_rate_scheduler": {"type": "linear_with_warmup", "warmup_steps": 0},
    },
}


def test_a_config_of_this_project_has_no_trap():
    assert list(traps_of_config(CLEAN)) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"trainer": {"optimizer": {"type": "adam", "weight_decay": 0.01}}}, 'optimizer.type "adam"'),
        (
            {
                "trainer": {"num_epochs": 1, "learning_rate_scheduler": {"type": "linear_with_warmup"}},
                "data_loader": {"episodes_per_epoch": 100},
            },
            "warms up for 100 of 100 meta steps",
        ),
        ({"model": {"type": "from_archive"}}, "from_archive"),
        ({"include_in_archive": []}, "include_in_archive"),
        ({"vocabulary": {}}, "vocabulary.type"),
        ({"validation_data_loader": None}, "validation_data_loader"),
    ],
)
def test_each_trap_of_a_config_is_named(change, named):
    params = {key: value for key, value in {**CLEAN, **change}.items() if value is not None}
    (trap,) = traps_of_config(params)
    assert named in trap


class Net(torch.nn.Module):
    def __init__(self, odd: str = "") -> None:
        super().__init__()
        self.linear = torch.nn.Linear(3, 1)
        self.dropout = torch.nn.Dropout(0.5)
        self.norm = torch.nn.BatchNorm1d(1)
        self.odd = odd

    def forward(self, x):
        y = self.dropout(self.linear(x)).tanh()
        if self.odd == "python's random numbers":
            y = y + random.random()
        if self.odd == "buffers":
            y = self.norm(y)
        return y.float() if self.odd == "cast" else y


class Loss:
    def __init__(self, x, reduce="mean"):
        self.x, self.reduce = x, reduce

    @property
    def size(self):
        return len(self.x)

    def __call__(self, net):
        return getattr(net(self.x) ** 2, self.reduce)()

    def split(self, size):
        return [(len(part) / len(self.x), Loss(part, self.reduce)) for part in self.x.split(size)]


@pytest.mark.parametrize(
    ("odd", "reduce", "named"),
    [
        ("", "mean", []),
        ("python's random numbers", "mean", ["random numbers that are not torch's"]),
        ("buffers", "mean", ["changes the buffers norm.running_mean"]),
        ("cast", "mean", ["casts to that type"]),
        ("", "sum", ["no mean over examples"]),
    ],
)
def test_each_trap_of_a_model_is_found_and_nothing_else(odd, reduce, named):
    torch.manual_seed(3)
    net = Net(odd).double()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    found = list(traps_of_model(net, Loss(torch.randn(5, 3, dtype=torch.float64), reduce)))
    # What is random differs between the whole and its parts as well.
    assert len(found) == len(named) + (odd == "python's random numbers")
    assert all(name in trap for name, trap in zip(named, found, strict=False))
    assert not net.training
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
