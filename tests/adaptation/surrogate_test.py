"""The scalar that carries a gradient."""

import pytest
import torch
from torch.nn import Parameter
from torch.utils._python_dispatch import TorchDispatchMode

from xlamaml_allennlp.adaptation.rows import Rows
from xlamaml_allennlp.adaptation.surrogate import loss_with_gradient
from xlamaml_allennlp.adaptation.vector import Vector


def test_backward_gives_the_gradient_times_what_the_loss_was_multiplied_by():
    parameters = {name: Parameter(torch.zeros(2)) for name in ("given", "not given")}
    loss = loss_with_gradient(torch.tensor(7.0), parameters, Vector({"given": torch.tensor([1.0, -2.0])}))
    assert loss.item() == 7.0
    (3 * loss).backward()
    assert parameters["given"].grad.tolist() == [3.0, -6.0]
    assert parameters["not given"].grad is None


def test_rows_become_a_dense_gradient_as_optimizers_want_it():
    parameters = {"words": Parameter(torch.zeros(4, 1))}
    for _ in range(2):
        rows = Rows(torch.tensor([0, 2]), torch.tensor([[1.0], [5.0]]), height=4)
        loss_with_gradient(torch.tensor(0.0), parameters, Vector({"words": rows})).backward()
    assert parameters["words"].grad.layout == torch.strided
    assert parameters["words"].grad.flatten().tolist() == [2.0, 0.0, 10.0, 0.0]


def test_the_gradient_keeps_the_parameters_precision_when_the_loss_has_another():
    parameters = {"w": Parameter(torch.zeros(1))}
    loss = loss_with_gradient(torch.tensor(1.0, dtype=torch.bfloat16), parameters, Vector({"w": torch.tensor([0.1])}))
    loss.float().mul(0.5).backward()
    assert parameters["w"].grad.item() == pytest.approx(0.05, rel=1e-6)


def test_the_gradient_can_be_asked_for_without_accumulating():
    parameters = {"w": Parameter(torch.zeros(1))}
    loss = loss_with_gradient(torch.tensor(1.0), parameters, Vector({"w": torch.tensor([2.0])}))
    (gradient,) = torch.autograd.grad(loss, parameters["w"])
    assert gradient.item() == 2.0
    assert parameters["w"].grad is None


class Questions(TorchDispatchMode):
    """Counts how often Python asks a tensor for its number, for which it would wait for a GPU."""

    asked = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.asked += function is torch.ops.aten._local_scalar_dense.default
        return function(*args, **(kwargs or {}))


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_backward_asks_for_the_scale_once_however_many_parameters_there_are(scale):
    parameters = {str(number): Parameter(torch.zeros(2)) for number in range(5)}
    gradient = Vector({name: torch.tensor([1.0, -2.0]) for name in parameters})
    loss = scale * loss_with_gradient(torch.tensor(7.0), parameters, gradient)
    with Questions() as questions:
        loss.backward()
    assert questions.asked == 1
    assert all(parameter.grad.tolist() == [scale, -2 * scale] for parameter in parameters.values())
