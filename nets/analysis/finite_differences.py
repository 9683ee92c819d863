"""Finite differences: how much the loss changes when one parameter is moved a little."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from nets.engine.activations import Activation
from nets.engine.activity import Activity
from nets.engine.forward import forward
from nets.engine.losses import LOSSES, Loss
from nets.engine.network import Network
from nets.engine.regularization import Regularization
from nets.training.run import Run

EXAMPLES_AT_ONCE = 2**10


@dataclass(frozen=True)
class Objective:
    """What an update descends: the loss of all examples, summed or averaged, and the penalty.

    Attributes:
        inputs, targets: the examples, (N, n_input) and (N, n_output), float64.
        loss: of one example.
        reduction: "sum" over the examples or their "mean".
        penalty: on large weights, added once.
    """

    inputs: Float[Tensor, "N n_input"]
    targets: Float[Tensor, "N n_output"]
    loss: Loss
    reduction: str
    penalty: Regularization

    @classmethod
    def of(cls, run: Run) -> Self:
        """Take a run's examples, loss and reduction."""
        inputs, targets = (values.double() for values in (run.data.inputs, run.data.targets))
        penalty = Regularization(run.config.l1, run.config.l2)
        return cls(inputs, targets, LOSSES[run.config.loss], run.config.reduction, penalty)

    @property
    def at_once(self) -> int:
        """How many examples a part has, at the most."""
        return min(len(self.inputs), EXAMPLES_AT_ONCE)

    def parts(self) -> Iterator[tuple[Tensor, Tensor, float]]:
        """Cut the examples into parts that fit into memory: inputs, targets and their share.

        Whatever is reduced over a part counts with this share in what is reduced over all.
        """
        count = len(self.inputs)
        for begin in range(0, count, self.at_once):
            part = slice(begin, begin + self.at_once)
            inputs, targets = self.inputs[part], self.targets[part]
            yield inputs, targets, 1.0 if self.reduction == "sum" else len(inputs) / count

    def reduced(
        self,
        output: Float[Tensor, "*many batch n_output"],
        targets: Float[Tensor, "batch n_output"],
    ) -> Float[Tensor, "*many"]:
        """Sum or average the loss of the examples of a part."""
        mean = self.loss.value(output, targets)
        return mean * len(targets) if self.reduction == "sum" else mean


NUMBERS_AT_ONCE = 2**21  # that networks moved side by side may hold: 16 MB
# Central differences round off like eps / step and cut off like step²: the best is between.
STEP = torch.finfo(torch.float64).eps ** (1 / 3)


def places_of(network: Network) -> Int[Tensor, " n_parameters"]:
    """Say where in the flat tensor the parameters lie: each layer's weights, then its biases."""
    numbers = torch.arange(len(network.parameters), dtype=torch.float64)
    layers = network.with_parameters(numbers).layers
    return torch.cat([layer.matrix.flatten() for layer in layers]).long()


def lever_of(network: Network, objective: Objective) -> Float[Tensor, " length"]:
    """Say how strongly each parameter acts: the largest |a| that it multiplies, or 1."""
    lever = network.with_parameters(torch.ones_like(network.parameters))
    for inputs, _, _ in objective.parts():
        for layer, fed in zip(lever.layers, forward(network, inputs).inputs, strict=True):
            layer.weights.copy_(layer.weights.maximum(fed.abs().amax(dim=0)[:, None]))
    return lever.parameters


def finite_differences(
    network: Network,
    objective: Objective,
    places: Int[Tensor, " count"],
    lever: Float[Tensor, " length"],
) -> tuple[Float[Tensor, " count"], Bool[Tensor, " count"]]:
    """Find the slope of the objective by moving one parameter at a time, up and down.

    (f(p + h) - f(p - h)) / 2h, with h = ∛eps · max(1, |p|) / lever: about 6e-6 in float64.

    Args:
        network: in float64, left as it is.
        objective: what is differentiated.
        places: which parameters, by their places in the flat tensor.
        lever: of each parameter, as `lever_of` has it; a strong one is moved less.

    Returns:
        The slopes, and whether the two moves left a neuron on either side of a corner of its
        activation (that of ReLU at 0), where a finite difference mixes the slopes of both sides,
        or an output where the loss is rough.
    """
    steps = STEP * network.parameters.abs().clamp(min=1) / lever
    neurons = objective.at_once * sum(network.sizes)
    at_once = max(1, NUMBERS_AT_ONCE // (2 * max(neurons, len(network.parameters))))
    moved = [
        _moved(network, objective, some, steps[some])
        for some in (places[i : i + at_once] for i in range(0, len(places), at_once))
    ]
    slopes, crossed = zip(*moved, strict=True)
    return torch.cat(slopes), torch.cat(crossed)


def _moved(
    network: Network,
    objective: Objective,
    places: Int[Tensor, " count"],
    steps: Float[Tensor, " count"],
) -> tuple[Float[Tensor, " count"], Bool[Tensor, " count"]]:
    """Do so for some parameters at once: two networks each, all side by side."""
    both, count = torch.tensor([[1.0], [-1.0]], dtype=steps.dtype), len(places)
    parameters = network.parameters.repeat(2, count, 1)
    parameters[:, torch.arange(count), places] += both * steps
    apart = parameters[0] - parameters[1]
    networks = network.with_parameters(parameters)
    total = objective.penalty.value(networks)
    crossed = _crossed_zero(networks) if objective.penalty.l1 else torch.zeros(count).bool()
    for inputs, targets, share in objective.parts():
        activity = forward(networks, inputs.expand(2, count, -1, -1))
        total += share * objective.reduced(activity.output, targets)
        crossed |= _crossed(networks, activity)
        if objective.loss.rough is not None:
            rough = objective.loss.rough(activity.output[0], activity.output[1], targets)
            crossed |= rough.flatten(1).any(dim=1)
    return (total[0] - total[1]) / apart[torch.arange(count), places], crossed


def _crossed_zero(networks: Network) -> Bool[Tensor, " count"]:
    """Say in which pairs of networks a weight has passed 0, where the penalty has a corner."""
    sides = [layer.weights.sign() for layer in networks.layers]
    crossed = [(side[0] != side[1]).flatten(1).any(dim=1) for side in sides]
    return torch.stack(crossed).any(0)


def _crossed(networks: Network, activity: Activity) -> Bool[Tensor, " count"]:
    """Say in which pairs of networks any neuron stands on either side of its corner."""
    sides = [
        z > 0
        for activation, z in zip(networks.activations, activity.sums, strict=True)
        if has_corner(activation)
    ]
    crossed = [(side[0] != side[1]).flatten(1).any(dim=1) for side in sides]
    return torch.stack([torch.zeros(activity.sums[0].shape[1], dtype=torch.bool), *crossed]).any(0)


def has_corner(activation: Activation) -> bool:
    """Say whether an activation bends sharply at 0: whether its slopes on both sides differ."""
    beside = torch.tensor([[-1e-6], [0.0], [1e-6]], dtype=torch.float64)
    rises = activation.value(beside, torch.empty_like(beside)).diff(dim=0)
    return abs(rises[1].item() - rises[0].item()) > 1e-9
