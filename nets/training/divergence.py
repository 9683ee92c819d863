"""Divergence: which number first stopped being finite, when a run runs away."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from nets.engine.activity import Activity, Gradients
from nets.engine.names import outputs_name
from nets.engine.network import Network


@dataclass(frozen=True)
class Divergence:
    """Where a run ran away: the tensor that stopped being finite, and in which epoch.

    The run itself stands at the epoch before, the last one with finite numbers only.
    """

    tensor: str
    epoch: int


def first_not_finite(network: Network, activity: Activity, gradients: Gradients) -> str | None:
    """Name the first tensor of a step, in the order of computing, that is not finite."""
    for name, tensor in _in_order(network, activity, gradients):
        if not tensor.isfinite().all():
            return name
    return None


def _in_order(
    network: Network, activity: Activity, gradients: Gradients
) -> Iterator[tuple[str, Tensor]]:
    last = len(network.layers)
    for number, (z, a) in enumerate(zip(activity.sums, activity.outputs, strict=True), start=1):
        yield f"z{number}", z
        yield outputs_name(number, last), a
    for number, delta in reversed(list(enumerate(gradients.deltas, start=1))):
        yield f"delta{number}", delta
    for number, layer in enumerate(network.layers, start=1):
        yield f"w{number}", layer.weights
        yield f"b{number}", layer.biases
