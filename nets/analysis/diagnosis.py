"""Diagnosis: what can be seen to go wrong in a run, each with its evidence, and only when true."""

import math
from collections.abc import Iterator
from typing import Any, cast

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from nets.analysis.rising_loss import rising_loss
from nets.analysis.separability import inseparable
from nets.analysis.symptoms import (
    DeadRelus,
    Inseparable,
    Neuron,
    RisingLoss,
    Saturated,
    Symmetric,
    VanishingGradients,
)
from nets.data.examples import Data
from nets.engine.activity import Activity
from nets.engine.backprop import backward
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.network import Layer, Network
from nets.training.run import Divergence, Run

# How near an end of its range an activation is there: 1 % of the range.
END = 0.01
# The slope at that distance, as a share of the steepest, the same for all of these: 4 %. A delta
# that comes through so flat a place is at most a 25th of what it could be.
FLAT = 4 * END * (1 - END)
# The share of the examples that makes a habit: what is flat for a few only still learns from the
# others, and one strange example in ten does not hide what holds for the rest.
MOST = 0.9
# How many times smaller the first layer's gradients are than the last's when they have vanished. A
# sigmoid's slope of at most ¼ makes 4 to 16 of it in a healthy shallow network; at 100 the first
# layer has hardly moved when the last has arrived.
VANISHED = 100.0
# How far rounding may lead equal neurons apart: float32 has seven digits, of which training can
# cost two. Weights drawn at random never come so close in all their numbers.
SAME, SAME_AS_ZERO = 1e-5, 1e-7
# Neurons in a layer that are still compared with each other, each with each.
WIDEST = 256
SAMPLE = 10_000  # examples looked at; of more, evenly spaced ones, as data may be sorted

Diagnosis = (
    Divergence | Inseparable | RisingLoss | Saturated | DeadRelus | VanishingGradients | Symmetric
)


def diagnose(run: Run) -> list[Diagnosis]:
    """Say what is conspicuous in a run as it stands now; nothing, if nothing is.

    One forward propagation and one backpropagation of all examples, of evenly spaced ones where
    there are more than `SAMPLE`; where the loss has risen, a few epochs are trained again besides.
    The run stays as it is.
    """
    data, network = _sample(run.data), run.network
    activity = forward(network, data.inputs)
    found = (
        run.divergence,
        inseparable(network, data),
        rising_loss(run),
        saturated(network, activity, data.targets),
        dead_relus(network, activity, data.targets),
        vanishing_gradients(run, activity, data.targets),
        symmetric(network),
    )
    return [diagnosis for diagnosis in found if diagnosis is not None]


def _sample(data: Data) -> Data:
    """Take evenly spaced examples, where there are too many."""
    stride = -(-len(data) // SAMPLE)
    return data if stride == 1 else Data(data.inputs[::stride], data.targets[::stride])


def saturated(
    network: Network, activity: Activity, targets: Float[Tensor, "batch n_output"]
) -> Saturated | None:
    """Find the neurons whose slope is below `FLAT` of the steepest in `MOST` of the examples."""
    examples = len(targets)
    neurons: list[Neuron] = []
    counts: list[int] = []
    means: list[float] = []
    for number, slope, flat in _flatness(network, activity, targets):
        count, mean = flat.sum(dim=0), slope.mean(dim=0)
        for index in _places(count >= MOST * examples):
            neurons.append(Neuron(number, index))
            counts.append(int(count[index]))
            means.append(mean[index].item())
    if not neurons:
        return None
    steepness, of = sum(means) / len(means), sum(network.sizes[1:])
    return Saturated(tuple(neurons), of, min(counts), examples, steepness)


def _flatness(
    network: Network, activity: Activity, targets: Float[Tensor, "batch n_output"]
) -> Iterator[tuple[int, Float[Tensor, "batch fan_out"], Bool[Tensor, "batch fan_out"]]]:
    """Yield of each layer that flattens its number, its slopes, and where its neurons are stuck.

    The slopes are shares of the steepest.
    """
    for number, layer in enumerate(network.layers, start=1):
        if (steepest := layer.activation.steepest) is not None:
            z, a = activity.sums[number - 1], activity.outputs[number - 1]
            slope = layer.activation.slope(z, a, torch.empty_like(z)) / steepest
            flat = slope < FLAT
            if number == len(network.layers):
                flat &= ~_at_its_target(layer, a, targets)
            yield number, slope, flat


def _at_its_target(
    layer: Layer, output: Float[Tensor, "batch n_output"], targets: Float[Tensor, "batch n_output"]
) -> Bool[Tensor, "batch n_output"]:
    """Say which outputs are within `END` of what their activation can come to."""
    low, high = layer.activation.range
    return (targets.clamp(low, high) - output).abs() <= END * (high - low)


def dead_relus(
    network: Network, activity: Activity, targets: Float[Tensor, "batch n_output"]
) -> DeadRelus | None:
    """Find the ReLUs that give 0 for every example, where something else is wanted."""
    neurons: list[Neuron] = []
    of = 0
    for number, (layer, a) in enumerate(zip(network.layers, activity.outputs, strict=True), 1):
        if layer.activation.name != "relu":
            continue
        of += a.shape[1]
        dead = (a == 0).all(dim=0)
        if number == len(network.layers):
            dead &= (targets > 0).any(dim=0)
        neurons += [Neuron(number, index) for index in _places(dead)]
    return DeadRelus(tuple(neurons), of, len(targets)) if neurons else None


def vanishing_gradients(
    run: Run, activity: Activity, targets: Float[Tensor, "batch n_output"]
) -> VanishingGradients | None:
    """Compare the mean |gradient| of the last layer's weights, and |delta|, with the first's."""
    gradients = backward(run.network, activity, targets, LOSSES[run.config.loss])
    pairs = [
        (tensors[0].abs().mean().item(), tensors[-1].abs().mean().item())
        for tensors in (gradients.weights, gradients.deltas)
    ]
    if not all(0 < last < math.inf and last >= VANISHED * first for first, last in pairs):
        return None
    return VanishingGradients(*pairs[0])


def symmetric(network: Network) -> Symmetric | None:
    """Find hidden neurons that are equal, but for rounding, in all that they consist of.

    Layers wider than `WIDEST` are left out.
    """
    groups: list[tuple[Neuron, ...]] = []
    apart = 0.0
    for number in range(1, len(network.layers)):
        into, out_of = network.layers[number - 1].matrix, network.layers[number].weights
        neurons = torch.cat((into.T, out_of), dim=1)
        for alike in _alike(neurons) if len(neurons) <= WIDEST else ():
            groups.append(tuple(Neuron(number, index) for index in alike))
            apart = max(apart, (neurons[alike] - neurons[alike[0]]).abs().max().item())
    return Symmetric(tuple(groups), apart) if groups else None


def _alike(neurons: Float[Tensor, "fan_out numbers"]) -> Iterator[list[int]]:
    """Yield the rows that are equal to each other but for rounding, at least two at a time."""
    left = set(range(len(neurons)))
    while left:
        first = neurons[min(left)]
        same = torch.isclose(neurons, first, rtol=SAME, atol=SAME_AS_ZERO).all(dim=1)
        group = sorted(left.intersection(_places(same)))
        left.difference_update(group)
        if len(group) > 1:
            yield group


def _places(those: Bool[Tensor, " n"]) -> list[int]:
    """List the places that are true."""
    return cast(Any, those.nonzero().flatten()).tolist()
