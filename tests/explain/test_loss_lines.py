"""Derivation of the losses: loss and slope agree with torch, and the lines compute them."""

import pytest
import torch

from nets import Config, start
from nets.config import REDUCTIONS
from nets.data.examples import Data
from nets.engine.losses import LOSSES
from nets.engine.names import symbol
from nets.explain.arithmetic import format_line, gives
from nets.explain.derivation import derive
from nets.explain.losses import LOSS_LINES
from nets.explain.phases import phases, trace_update
from nets.explain.quantities import Quantities

OUTPUTS = 3
# BCELoss takes outputs from 0 to 1 only.
FITTING = [
    (loss, activation)
    for loss in LOSSES
    for activation in ("sigmoid", "relu", "linear")
    if loss != "BCELoss" or activation == "sigmoid"
]


def update_of(loss, activation, reduction, seed, outputs=OUTPUTS):
    """Compute an update for one-hot targets, which every loss accepts."""
    config = Config(
        sizes=(2, 4, outputs), output_activation=activation, loss=loss, reduction=reduction,
        examples=5, seed=seed,
    )  # fmt: skip
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(5, 2, generator=generator)
    classes = torch.randint(OUTPUTS, (5,), generator=generator)
    targets = torch.eye(OUTPUTS)[classes, :outputs]
    return trace_update(start(config, data=Data(inputs, targets)))


def own_loss(loss, step, row):
    """Compute the loss of one example and ∂loss/∂output by torch."""
    output = step.activity.output[row : row + 1].clone().requires_grad_()
    targets = step.targets[row : row + 1]
    if loss == "SquaredError":
        value = torch.nn.MSELoss(reduction="sum")(output, targets) / 2
    else:
        value = getattr(torch.nn, loss)()(output, targets)
    return value.item(), torch.autograd.grad(value, output)[0][0].tolist()


def line_of(name, lines):
    """Return the only line of this name."""
    (line,) = (line for line in lines if line.name == name)
    return line


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("loss", "activation"), FITTING)
def test_the_slope_of_the_loss_agrees_with_autograd_even_behind_a_slope_of_0(
    loss, activation, reduction
):
    dead = 0
    for seed in range(4):
        step = update_of(loss, activation, reduction, seed)
        for row in range(5):
            _, expected = own_loss(loss, step, row)
            for neuron in range(OUTPUTS):
                lines = derive(Quantities(step, row), phases(2)[3], neuron)
                slope = line_of("∂loss/∂" + symbol("ŷ", neuron), lines)
                assert slope.value == pytest.approx(expected[neuron], rel=1e-9, abs=1e-12)
                dead += step.gradients.slopes[-1][row, neuron].item() == 0
    assert bool(dead) == (activation == "relu")


@pytest.mark.parametrize(("loss", "activation"), FITTING)
def test_the_loss_of_an_example_agrees_with_torch(loss, activation):
    step = update_of(loss, activation, "mean", 1)
    for row in range(5):
        expected, _ = own_loss(loss, step, row)
        loss_line = derive(Quantities(step, row), phases(2)[2], 0)[-1]
        assert loss_line.name == "loss of this example"
        assert loss_line.value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("loss", "activation", "outputs"),
    [
        (*fitting, outputs)
        for fitting in FITTING
        for outputs in (1, OUTPUTS)
        if outputs > 1 or fitting[0] != "CrossEntropyLoss"  # which has a column for every class
    ],
)
def test_the_lines_of_every_loss_lead_to_it_and_add_up(loss, activation, outputs):
    for row in range(5):
        factors = Quantities(update_of(loss, activation, "mean", 1, outputs), row)
        for phase in phases(2):
            for line in derive(factors, phase, 0, 1):
                shown = format_line(line, 4)
                assert gives(line, shown.factors, shown.result), line.name


def test_a_loss_without_lines_of_its_own_still_has_its_numbers(monkeypatch):
    monkeypatch.delitem(LOSS_LINES, "MSELoss")
    factors = Quantities(update_of("MSELoss", "linear", "sum", 1), 0)
    for phase, name in ((2, "loss of this example"), (3, "∂loss/∂ŷ₁")):
        line = line_of(name, derive(factors, phases(2)[phase], 0))
        assert (line.terms, line.function) == ((), None)
