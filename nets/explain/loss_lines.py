"""Losses: how the loss of an example, and its slope by an output, are computed, line by line."""

from collections.abc import Callable

import torch

from nets.engine.losses import LOSSES
from nets.explain import cross_entropy, distance_losses
from nets.explain.arithmetic import Line
from nets.explain.distance_losses import LossLines
from nets.explain.quantities import Quantities

# How the loss of an example comes about, and its slope by one of the outputs.
WAYS: dict[
    str, tuple[Callable[[Quantities], LossLines], Callable[[Quantities, int], LossLines]]
] = {
    "SquaredError": (distance_losses.squared_error, distance_losses.squared_error_slope),
    "MSELoss": (distance_losses.mean_squared_error, distance_losses.mean_squared_error_slope),
    "L1Loss": (distance_losses.absolute_error, distance_losses.absolute_error_slope),
    "SmoothL1Loss": (distance_losses.huber, distance_losses.huber_slope),
    "HuberLoss": (distance_losses.huber, distance_losses.huber_slope),
    "BCELoss": (cross_entropy.of_two, cross_entropy.of_two_slope),
    "BCEWithLogitsLoss": (cross_entropy.logistic, cross_entropy.logistic_slope),
    "CrossEntropyLoss": (cross_entropy.of_classes, cross_entropy.of_classes_slope),
}
UNKNOWN: LossLines = [], (), None  # of a loss that is not in the table there is only the number


def losses(factors: Quantities, neuron: int) -> list[Line]:
    """The signed error of an output, and what the loss makes of all outputs, last."""
    name, (output, targets) = factors.step.run.config.loss, factors.outputs_and_targets
    before, terms, function = WAYS[name][0](factors) if name in WAYS else UNKNOWN
    value = LOSSES[name].value(output, targets).item()
    loss = Line("loss of this example", value, terms, function)
    return [distance_losses.error(factors, neuron), *before, loss]


def slopes(factors: Quantities, neuron: int) -> list[Line]:
    """∂loss/∂output of the example, last, and before it what it takes."""
    name, (output, targets) = factors.step.run.config.loss, factors.outputs_and_targets
    before, terms, function = WAYS[name][1](factors, neuron) if name in WAYS else UNKNOWN
    value = LOSSES[name].slope(output, targets, torch.empty_like(output))[0, neuron].item()
    return [*before, Line(f"∂loss/∂output[{neuron}]", value, terms, function)]
