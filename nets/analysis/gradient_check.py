"""Gradients: those found by hand, by autograd and by finite differences, side by side."""

import itertools
from dataclasses import replace

import torch
from jaxtyping import Float, Int
from torch import Tensor

from nets.analysis.autograd import by_autograd
from nets.analysis.finite_differences import (
    STEP,
    Objective,
    finite_differences,
    lever_of,
    places_of,
)
from nets.analysis.verdict import (
    NEAR,
    CheckedGradient,
    Estimates,
    QuickCheck,
    judged,
    near,
)
from nets.engine.activity import Activity, augment
from nets.engine.backprop import backward
from nets.engine.forward import forward
from nets.engine.names import bias_name, weight_name
from nets.engine.network import Network
from nets.seeds import stream
from nets.training.run import Run

# Parameters that are moved one at a time: all of a small network, of a large one a sample.
MOST_MOVED, LEAST_MOVED = 400, 8
WORK = 2**31  # parameters times examples times parameters moved: a second or two of one core
# What rounding does to a gradient of size 1, with much to spare: smaller ones are not told apart.
ROUNDING = 1000 * torch.finfo(torch.float64).eps

QUICK_CHECK_WORK = 2**20  # parameters times examples of a glance: a few milliseconds


def check_gradients(run: Run) -> list[CheckedGradient]:
    """Find the gradient of every parameter by hand, by autograd and by finite differences.

    All three are of what an update with all examples descends, the sum or the mean of their loss
    and the penalty on large weights, at the run's present epoch, in float64. Of a large network
    with many examples only some parameters are moved for a finite difference; a random stream of
    this purpose chooses them. At the corner of a ReLU, by hand and by autograd the slope is that of
    the left side. The run stays as it is.

    Returns:
        One row a parameter, in the order of the network: each layer's weights, then its biases.
    """
    network, objective = run.network.copy(torch.float64), Objective.of(run)
    places, lever = places_of(network), lever_of(network, objective)
    autograd, value = by_autograd(network, objective)
    by_hand = by_hand_of(network, objective, run.config.bias_rule)
    shared = shared_by_layer(network, autograd, run.config.bias_rule)
    chosen = places[chosen_to_move(run, len(places))]
    moved = torch.full_like(autograd, torch.nan)
    crossed = torch.zeros(len(moved), dtype=torch.bool)
    moved[chosen], crossed[chosen] = finite_differences(network, objective, chosen, lever)
    examples = len(run.data) if objective.reduction == "sum" else 1
    largest = network.parameters.abs().max().clamp(min=1)
    rounding = ROUNDING * (value + examples) * largest * lever
    numbers = by_hand, autograd, shared, moved, crossed, rounding, rounding / STEP
    return judged(names_of(network), Estimates(*(column[places] for column in numbers)))


def quick_check(run: Run) -> QuickCheck:
    """Compare every gradient by hand with autograd's, and count; quick enough for every step.

    Of many examples only the first ones are used, which is as good for telling a wrong gradient.
    """
    objective = Objective.of(run)
    most = max(1, QUICK_CHECK_WORK // len(run.network.parameters))
    objective = replace(objective, inputs=objective.inputs[:most], targets=objective.targets[:most])
    network = run.network.copy(torch.float64)
    places, lever = places_of(network), lever_of(network, objective)
    autograd, value = by_autograd(network, objective)
    by_hand = by_hand_of(network, objective, run.config.bias_rule)
    shared = shared_by_layer(network, autograd, run.config.bias_rule)
    rounding = ROUNDING * (value + most) * network.parameters.abs().max().clamp(min=1) * lever
    agrees = near(by_hand, autograd, NEAR, rounding)[places]
    as_shared = near(by_hand, shared, NEAR, rounding)[places] & ~agrees
    return QuickCheck(len(places), int(as_shared.sum()), int((~agrees & ~as_shared).sum()))


def names_of(network: Network) -> list[str]:
    """Name every parameter, each layer's weights, then its biases."""
    names: list[str] = []
    for number, (fan_in, fan_out) in enumerate(itertools.pairwise(network.sizes), start=1):
        names += [weight_name(number, i, j) for i in range(fan_in) for j in range(fan_out)]
        names += [bias_name(number, j) for j in range(fan_out)]
    return names


def by_hand_of(network: Network, objective: Objective, bias_rule: str) -> Float[Tensor, " length"]:
    """Run our own forward propagation and backpropagation over all examples, as training does."""
    total, augmented = torch.zeros_like(network.parameters), bias_rule == "gradient"
    for inputs, targets, share in objective.parts():
        fed = augment(inputs) if augmented else inputs
        activity = forward(network, fed, Activity.empty(network, fed, augmented=augmented))
        gradients = backward(
            network,
            activity,
            targets,
            objective.loss,
            bias_rule=bias_rule,
            reduction=objective.reduction,
        )
        total += share * gradients.parameters
    weights = [layer.weights for layer in network.with_parameters(total).layers]
    objective.penalty.add_slope(network, weights)
    return total


def shared_by_layer(
    network: Network, gradients: Float[Tensor, " length"], bias_rule: str
) -> Float[Tensor, " length"]:
    """Say what the notebook's rule, where it holds, makes of the gradients of the biases."""
    shared = network.with_parameters(torch.full_like(gradients, torch.nan))
    if bias_rule == "notebook":
        of_layers = network.with_parameters(gradients).layers
        for layer, gradient in zip(shared.layers, of_layers, strict=True):
            layer.biases.fill_(gradient.biases.sum().item())
    return shared.parameters


def chosen_to_move(run: Run, parameters: int) -> Int[Tensor, " chosen"]:
    """Choose the parameters that are moved, by their numbers: all, or as many as time allows."""
    affordable = max(LEAST_MOVED, WORK // (parameters * len(run.data)))
    count = min(parameters, MOST_MOVED, affordable)
    if count == parameters:
        return torch.arange(parameters)
    order = torch.randperm(parameters, generator=stream(run.config.seed, "gradient check"))
    return order[:count].sort().values
