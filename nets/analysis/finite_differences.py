"""Finite differences: how much the loss changes when one parameter changes a little."""

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
    """What an update makes smaller: the summed or mean loss of all examples, plus the penalty.

    Attributes:
        inputs, targets: the examples, (N, n_input) and (N, n_output), float64.
        loss: of one example.
        reduction: "sum" over the examples or their "mean".
        penalty: L1 and L2, added once.
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
        """The largest number of examples in a part."""
        return min(len(self.inputs), EXAMPLES_AT_ONCE)

    def parts(self) -> Iterator[tuple[Tensor, Tensor, float]]:
        """Split the examples into parts that fit into memory: inputs, targets and a factor.

        The loss over all examples is the sum of factor · loss over the parts.
        """
        count = len(self.inputs)
        for begin in range(0, count, self.at_once):
            part = slice(begin, begin + self.at_once)
            inputs, targets = self.inputs[part], self.targets[part]
            yield inputs, targets, 1.0 if self.reduction == "sum" else len(inputs) / count

    def reduce(
        self,
        output: Float[Tensor, "*many batch n_output"],
        targets: Float[Tensor, "batch n_output"],
    ) -> Float[Tensor, "*many"]:
        """Sum or average the loss over the examples of a part."""
        mean = self.loss.value(output, targets)
        return mean * len(targets) if self.reduction == "sum" else mean


NUMBERS_AT_ONCE = 2**21  # in networks that are computed side by side: 16 MB
# The rounding error of a central difference is about eps / step, its truncation error step².
STEP = torch.finfo(torch.float64).eps ** (1 / 3)


def list_indices(network: Network) -> Int[Tensor, " n_parameters"]:
    """List the index of each parameter in the flat tensor: a layer's weights, then its biases."""
    numbers = torch.arange(len(network.parameters), dtype=torch.float64)
    layers = network.with_parameters(numbers).layers
    return torch.cat([layer.matrix.flatten() for layer in layers]).long()


def raise_to_inputs(scales: Network, activity: Activity) -> None:
    """Raise the scale of each weight to the largest |input| that it multiplies, in place."""
    for layer, fed in zip(scales.layers, activity.inputs, strict=True):
        layer.weights.copy_(layer.weights.maximum(fed.abs().amax(dim=0)[:, None]))


def compute_finite_differences(
    network: Network,
    objective: Objective,
    indices: Int[Tensor, " count"],
    input_scales: Float[Tensor, " length"],
) -> tuple[Float[Tensor, " count"], Bool[Tensor, " count"]]:
    """Estimate the gradient by changing one parameter at a time, up and down.

    (f(p + h) - f(p - h)) / 2h, with h = ∛eps · max(1, |p|) / input scale: about 6e-6 in float64.

    Args:
        network: in float64; it does not change.
        objective: what is differentiated.
        indices: which parameters, by their indices in the flat tensor.
        input_scales: of each parameter, the largest |input| that it multiplies; at least 1.

    Returns:
        The estimates, and whether each is unreliable: the two changes put a neuron on different
        sides of a kink (such as that of ReLU at 0), which mixes the slopes of both sides, or an
        output where the loss is rough.
    """
    steps = STEP * network.parameters.abs().clamp(min=1) / input_scales
    neurons = objective.at_once * sum(network.sizes)
    at_once = max(1, NUMBERS_AT_ONCE // (2 * max(neurons, len(network.parameters))))
    parts = [
        _difference_some(network, objective, some, steps[some])
        for some in (indices[i : i + at_once] for i in range(0, len(indices), at_once))
    ]
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
    total = objective.penalty.value(networks)
    unreliable = _crossed_zero(networks) if objective.penalty.l1 else torch.zeros(count).bool()
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
