"""Finite differences: how much the loss changes when one parameter changes a little."""

from collections.abc import Callable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from nets.analysis.autograd import Objective
from nets.engine.activations import Activation
from nets.engine.activity import Activity
from nets.engine.forward import forward
from nets.engine.network import Network

NUMBERS_AT_ONCE = 2**19  # in networks that are computed side by side: 4 MB; more is not faster
# The rounding error of a central difference is about eps / step, its truncation error step².
STEP = torch.finfo(torch.float64).eps ** (1 / 3)


def compute_finite_differences(
    network: Network,
    objective: Objective,
    indices: Int[Tensor, " count"],
    input_scales: Float[Tensor, " length"],
    report: Callable[[float], object] = lambda done: None,
) -> tuple[Float[Tensor, " count"], Bool[Tensor, " count"]]:
    """Estimate the gradient by changing one parameter at a time, up and down.

    (f(p + h) - f(p - h)) / 2h, with h = ∛eps · max(1, |p|) / input scale: about 6e-6 in float64.

    Args:
        network: in float64; it does not change.
        objective: what is differentiated.
        indices: which parameters, by their indices in the flat tensor.
        input_scales: of each parameter, the largest |input| that it multiplies; at least 1.
        report: is told the share that is done, from 0 to 1.

    Returns:
        The estimates, and whether each is unreliable: the two changes put a neuron on different
        sides of a kink (such as that of ReLU at 0), which mixes the slopes of both sides, or an
        output where the loss is rough.
    """
    steps = STEP * network.parameters.abs().clamp(min=1) / input_scales
    neurons = objective.at_once * sum(network.sizes)
    at_once = max(1, NUMBERS_AT_ONCE // (2 * max(neurons, len(network.parameters))))
    parts: list[tuple[Tensor, Tensor]] = []
    for begin in range(0, len(indices), at_once):
        report(begin / len(indices))
        some = indices[begin : begin + at_once]
        parts.append(_difference_some(network, objective, some, steps[some]))
    slopes, unreliable = zip(*parts, strict=True)
    return torch.cat(slopes), torch.cat(unreliable)


def _difference_some(
    network: Network,
    objective: Objective,
    indices: Int[Tensor, " count"],
    steps: Float[Tensor, " count"],
) -> tuple[Float[Tensor, " count"], Bool[Tensor, " count"]]:
    """Do this for some parameters at once: two networks for each, all side by side."""
    both, count = torch.tensor([[1.0], [-1.0]], dtype=steps.dtype), len(indices)
    parameters = network.parameters.repeat(2, count, 1)
    parameters[:, torch.arange(count), indices] += both * steps
    apart = parameters[0] - parameters[1]
    networks = network.with_parameters(parameters)
    penalty = objective.penalty
    total = parameters.new_zeros(parameters.shape[:-1])
    total += 0.0 if penalty is None else penalty.value(networks)
    unreliable = _crossed_zero(networks) if penalty and penalty.l1 else torch.zeros(count).bool()
    for inputs, targets, share in objective.parts():
        activity = forward(networks, inputs.expand(2, count, -1, -1))
        total += share * objective.reduce(activity.output, targets)
        unreliable |= _crossed_kink(networks, activity)
        if objective.loss.rough is not None:
            rough = objective.loss.rough(activity.output[0], activity.output[1], targets)
            unreliable |= rough.flatten(1).any(dim=1)
    return (total[0] - total[1]) / apart[torch.arange(count), indices], unreliable


def _crossed_zero(networks: Network) -> Bool[Tensor, " count"]:
    """Find the pairs of networks in which a weight changed its sign, at the kink of L1."""
    sides = [layer.weights.sign() for layer in networks.layers]
    crossed = [(side[0] != side[1]).flatten(1).any(dim=1) for side in sides]
    return torch.stack(crossed).any(0)


def _crossed_kink(networks: Network, activity: Activity) -> Bool[Tensor, " count"]:
    """Find the pairs of networks in which a neuron is on different sides of its kink."""
    sides = [
        z > 0
        for activation, z in zip(networks.activations, activity.sums, strict=True)
        if has_kink(activation)
    ]
    crossed = [(side[0] != side[1]).flatten(1).any(dim=1) for side in sides]
    return torch.stack([torch.zeros(activity.sums[0].shape[1], dtype=torch.bool), *crossed]).any(0)


def has_kink(activation: Activation) -> bool:
    """Check whether an activation has a kink at 0: different slopes on its two sides."""
    around = torch.tensor([[-1e-6], [0.0], [1e-6]], dtype=torch.float64)
    rises = activation.value(around, torch.empty_like(around)).diff(dim=0)
    return abs(rises[1].item() - rises[0].item()) > 1e-9
