"""Derivation for torch's own losses: the slope of the loss at an output is autograd's."""

import pytest
import torch

from nets import Config, start
from nets.config import REDUCTIONS
from nets.datasets import Data
from nets.explaining.arithmetic import adds_up, write
from nets.explaining.derivation import lines_of
from nets.explaining.factors import Factors
from nets.explaining.phases import phases, step_of
from nets.losses import LOSSES

OUTPUTS = 3
# BCELoss takes outputs from 0 to 1 only.
FITTING = [
    (loss, activation)
    for loss in LOSSES
    for activation in ("sigmoid", "relu", "linear")
    if loss != "BCELoss" or activation == "sigmoid"
]


def update_of(loss, activation, reduction, seed):
    """An update for one-hot targets, which every loss can take."""
    config = Config(
        sizes=(2, 4, OUTPUTS), output_activation=activation, loss=loss, reduction=reduction,
        examples=5, seed=seed,
    )  # fmt: skip
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(5, 2, generator=generator)
    targets = torch.eye(OUTPUTS)[torch.randint(OUTPUTS, (5,), generator=generator)]
    return step_of(start(config, data=Data(inputs, targets)))


def own_slope(loss, step, row):
    """∂loss/∂output of one example, by torch."""
    output = step.activity.output[row : row + 1].clone().requires_grad_()
    targets = step.targets[row : row + 1]
    if loss == "SquaredError":
        value = torch.nn.MSELoss(reduction="sum")(output, targets) / 2
    else:
        value = getattr(torch.nn, loss)()(output, targets)
    return torch.autograd.grad(value, output)[0][0].tolist()


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("loss", "activation"), FITTING)
def test_the_slope_of_the_loss_is_autograd_s_even_behind_a_neuron_that_has_none(
    loss, activation, reduction
):
    dead = 0
    for seed in range(4):
        step = update_of(loss, activation, reduction, seed)
        for row in range(5):
            expected = own_slope(loss, step, row)
            for neuron in range(OUTPUTS):
                first, *_ = lines_of(Factors(step, row), phases(2)[3], neuron)
                assert first.name == f"∂loss/∂output[{neuron}]"
                assert first.value == pytest.approx(expected[neuron], rel=1e-9, abs=1e-12)
                dead += step.gradients.slopes[-1][row, neuron].item() == 0
    assert bool(dead) == (activation == "relu")


@pytest.mark.parametrize("loss", LOSSES)
def test_the_lines_of_every_loss_add_up(loss):
    step = update_of(loss, "sigmoid", "mean", 1)
    for phase in phases(2):
        for line in lines_of(Factors(step, 2), phase, 0, 1):
            shown = write(line, 4)
            assert not line.terms or adds_up(line, shown.factors, shown.result)
