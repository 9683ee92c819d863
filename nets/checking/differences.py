"""Finite differences: how much the loss changes when one parameter is moved a little."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from nets.activations import Activation
from nets.activity import Activity
from nets.checking.objective import Objective
from nets.forward import forward
from nets.network import Network

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
