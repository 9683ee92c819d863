"""Divergence: what stops being finite first, in the order in which an update computes."""

from collections.abc import Iterator

import torch
from torch import Tensor

from nets.engine.activity import Activity, Gradients
from nets.engine.names import outputs_name
from nets.engine.network import Network
from nets.training.loop import TrainingLoop
from nets.training.run import Run


def cause_of_divergence(run: Run) -> str:
    """Name what stops being finite in the next epoch: a tensor of the four steps, or the loss."""
    loop = TrainingLoop([run])
    with torch.inference_mode():
        for batch in loop.batches.of_epoch(run.epoch + 1, loop.seeds):
            loop.step(batch)
            name = first_not_finite(loop.network, batch.activity, batch.gradients)
            if name is not None:
                return name
    return "loss"


def first_not_finite(network: Network, activity: Activity, gradients: Gradients) -> str | None:
    """Name the first tensor of an update, in the order of computing, that is not finite."""
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
