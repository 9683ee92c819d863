"""Symptoms of a network: what can go wrong in its neurons and layers, and how it is found."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from nets.engine.activity import Activity
from nets.engine.backprop import backward
from nets.engine.losses import LOSSES
from nets.engine.network import Layer, Network
from nets.training.run import Run

# An activation is at an end of its range if it is within this share of the range.
END = 0.01
# The slope there as a share of the steepest slope, the same for sigmoid, tanh and softmax: 4 %.
# Backpropagation through this slope leaves at most 1/25 of a delta.
FLAT = 4 * END * (1 - END)
# A neuron is saturated if it is flat for this share of the examples. If it is flat for fewer, it
# still learns from the others; one unusual example in ten should not hide the problem.
SATURATED_SHARE = 0.9
# Gradients have vanished if the first layer's are this many times smaller than the last layer's.
# In a healthy shallow network the sigmoid's slope of at most ¼ makes them 4 to 16 times smaller. At
# 100 the first layer has hardly changed when the last has converged.
VANISHED = 100.0
# The relative and the absolute difference that rounding may make between identical neurons: float32
# has seven digits, and training may lose two. Random weights are never this close in all numbers.
SAME, SAME_AS_ZERO = 1e-5, 1e-7
MAX_COMPARED = 256  # neurons of a layer; wider layers are not searched for identical neurons


@dataclass(frozen=True)
class Neuron:
    """A neuron: its layer, 1 for the first after the inputs, and its index in the layer, from 0."""

    layer: int
    index: int


@dataclass(frozen=True)
class Saturated:
    """Neurons at a flat end of their activation, for most examples.

    An output neuron counts only for examples whose target is not at that end: at the right end it
    has learned its target.

    Attributes:
        neurons: which neurons.
        of: how many neurons the network has, without the inputs.
        least: each of them is flat for at least this many of the `examples`.
        steepness: their mean slope, as a share of the activation's steepest slope.
    """

    neurons: tuple[Neuron, ...]
    of: int
    least: int
    examples: int
    steepness: float


def find_saturated(
    network: Network, activity: Activity, targets: Float[Tensor, "batch n_output"]
) -> Saturated | None:
    """Find neurons whose slope is below `FLAT` for `SATURATED_SHARE` of the examples."""
    examples = len(targets)
    neurons: list[Neuron] = []
    counts: list[int] = []
    means: list[float] = []
    for number, slope, flat in _find_flat(network, activity, targets):
        count, mean = flat.sum(dim=0), slope.mean(dim=0)
        for index in _list_true(count >= SATURATED_SHARE * examples):
            neurons.append(Neuron(number, index))
            counts.append(int(count[index]))
            means.append(mean[index].item())
    if not neurons:
        return None
    steepness, of = sum(means) / len(means), sum(network.sizes[1:])
    return Saturated(tuple(neurons), of, min(counts), examples, steepness)


def _find_flat(
    network: Network, activity: Activity, targets: Float[Tensor, "batch n_output"]
) -> Iterator[tuple[int, Float[Tensor, "batch fan_out"], Bool[Tensor, "batch fan_out"]]]:
    """Yield the number of each layer that can saturate, its relative slopes, and the flat ones."""
    for number, layer in enumerate(network.layers, start=1):
        if (steepest := layer.activation.steepest) is not None:
            z, a = activity.sums[number - 1], activity.outputs[number - 1]
            slope = layer.activation.slope(z, a, torch.empty_like(z)) / steepest
            flat = slope < FLAT
            if number == len(network.layers):
                flat &= ~_is_at_target(layer, a, targets)
            yield number, slope, flat


def _is_at_target(
    layer: Layer, output: Float[Tensor, "batch n_output"], targets: Float[Tensor, "batch n_output"]
) -> Bool[Tensor, "batch n_output"]:
    """Check which outputs are as near to their target as the activation can be, up to `END`."""
    low, high = layer.activation.range
    return (targets.clamp(low, high) - output).abs() <= END * (high - low)


@dataclass(frozen=True)
class DeadRelus:
    """ReLUs whose output, and so their slope, is 0 for every example.

    An output neuron counts only if some target is above 0.

    Attributes:
        neurons: which neurons.
        of: how many ReLUs the network has.
        examples: how many examples were checked.
    """

    neurons: tuple[Neuron, ...]
    of: int
    examples: int


def find_dead_relus(
    network: Network, activity: Activity, targets: Float[Tensor, "batch n_output"]
) -> DeadRelus | None:
    """Find ReLUs that are 0 for every example, and outputs only where a target is above 0."""
    neurons: list[Neuron] = []
    of = 0
    for number, (layer, a) in enumerate(zip(network.layers, activity.outputs, strict=True), 1):
        if layer.activation.name != "relu":
            continue
        of += a.shape[1]
        dead = (a == 0).all(dim=0)
        if number == len(network.layers):
            dead &= (targets > 0).any(dim=0)
        neurons += [Neuron(number, index) for index in _list_true(dead)]
    return DeadRelus(tuple(neurons), of, len(targets)) if neurons else None


@dataclass(frozen=True)
class VanishingGradients:
    """Gradients that are much smaller in the first layer than in the last.

    This must hold for the gradients of the weights and for the deltas, because small inputs alone
    make the first small.

    Attributes:
        first, last: the mean |gradient| of the first and of the last layer's weights.
        ratio: `last` / `first`, infinite where `first` is 0.
    """

    first: float
    last: float

    @property
    def ratio(self) -> float:
        """How many times larger the gradients of the last layer are."""
        return self.last / self.first if self.first else math.inf


def find_vanishing_gradients(
    run: Run, activity: Activity, targets: Float[Tensor, "batch n_output"]
) -> VanishingGradients | None:
    """Compare the mean |gradient| of the weights, and the mean |delta|, of first and last layer."""
    gradients = backward(run.network, activity, targets, LOSSES[run.config.loss])
    pairs = [
        (tensors[0].abs().mean().item(), tensors[-1].abs().mean().item())
        for tensors in (gradients.weights, gradients.deltas)
    ]
    if not all(0 < last < math.inf and last >= VANISHED * first for first, last in pairs):
        return None
    return VanishingGradients(*pairs[0])


@dataclass(frozen=True)
class Symmetric:
    """Hidden neurons with the same incoming weights, bias and outgoing weights.

    Attributes:
        groups: the neurons, in groups that are identical up to rounding.
        difference: the largest difference within a group; 0 if they are exactly equal.
    """

    groups: tuple[tuple[Neuron, ...], ...]
    difference: float


def find_symmetric(network: Network) -> Symmetric | None:
    """Find hidden neurons that are identical up to rounding."""
    groups: list[tuple[Neuron, ...]] = []
    difference = 0.0
    for number in range(1, len(network.layers)):
        into, out_of = network.layers[number - 1].matrix, network.layers[number].weights
        neurons = torch.cat((into.T, out_of), dim=1)
        for alike in _group_identical(neurons) if len(neurons) <= MAX_COMPARED else ():
            groups.append(tuple(Neuron(number, index) for index in alike))
            difference = max(difference, (neurons[alike] - neurons[alike[0]]).abs().max().item())
    return Symmetric(tuple(groups), difference) if groups else None


def _group_identical(neurons: Float[Tensor, "fan_out numbers"]) -> Iterator[list[int]]:
    """Yield the indices of rows that are identical up to rounding, in groups of at least two."""
    left = set(range(len(neurons)))
    while left:
        first = neurons[min(left)]
        same = torch.isclose(neurons, first, rtol=SAME, atol=SAME_AS_ZERO).all(dim=1)
        group = sorted(left.intersection(_list_true(same)))
        left.difference_update(group)
        if len(group) > 1:
            yield group


def _list_true(those: Bool[Tensor, " n"]) -> list[int]:
    """List the indices that are true."""
    return cast(Any, those.nonzero().flatten()).tolist()
