"""Mini-batches: the examples in the order in which one epoch goes through them."""

from collections.abc import Iterator

import torch
from torch import Tensor

from nets.datasets import Data
from nets.forward import forward
from nets.network import Activity, Gradients, Network
from nets.seeds import stream

Batch = tuple[Tensor, Tensor, Activity, Gradients]


class Batches:
    """All batches of a training, with the room that the four steps need for each, made once.

    Without a batch size, or with one that takes in all examples, there is one batch and nothing
    is shuffled: the notebook's training.
    """

    def __init__(self, data: Data, network: Network, size: int | None, seed: int) -> None:
        self.data, self.network, self.seed = data, network, seed
        self.shuffles = size is not None and size < len(data)
        inputs = data.inputs.to(network.parameters.dtype)
        targets = data.targets.to(network.parameters.dtype)
        self.inputs, self.targets = inputs, targets
        if self.shuffles:
            inputs, targets = inputs.clone(), targets.clone()
        self.shuffled = inputs, targets
        self.batches: list[Batch] = [
            (x, y, Activity.empty(network, x), Gradients.empty(network, len(x)))
            for x, y in zip(
                inputs.split(size or len(data)), targets.split(size or len(data)), strict=True
            )
        ]
        self.before = Activity.empty(network, self.inputs) if self.shuffles else self.batches[0][2]

    def of_epoch(self, epoch: int) -> Iterator[Batch]:
        """Go through the examples once, in this epoch's order.

        `before` then holds what the network answered to all examples before the epoch: for a
        single batch that is its own forward propagation, for several it is computed here.
        """
        if self.shuffles:
            forward(self.network, self.inputs, self.before)
            order = torch.randperm(len(self.data), generator=stream(self.seed, f"batch/{epoch}"))
            for source, shuffled in zip((self.inputs, self.targets), self.shuffled, strict=True):
                torch.index_select(source, 0, order, out=shuffled)
        return iter(self.batches)
