"""Regularization: the L1 and L2 penalties on large weights, which pull every weight towards 0."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.network import Network


@dataclass(frozen=True)
class Regularization:
    """l1 · Σ |w| + l2 / 2 · Σ w², over all weights of a network and none of its biases.

    An update descends the loss of its batch plus this penalty, which counts once, for any
    number of examples. The gradient of a weight is that of the loss plus l1 · sign(w) + l2 · w,
    where the sign of 0 is 0. Without L1 this is `weight_decay` of torch.optim, for weights alone.
    Biases are left out because they do not make a function steeper (Goodfellow et al., Deep
    Learning, 2016, chapter 7.1), as in TensorFlow Playground.

    Attributes:
        l1, l2: the strength of each penalty; 0 turns it off.
    """

    l1: float = 0.0
    l2: float = 0.0

    def value(self, network: Network) -> Float[Tensor, "*many"]:
        """Add the penalty up over all weights."""
        total = network.parameters.new_zeros(network.parameters.shape[:-1])
        for layer in network.layers:
            sizes, squares = layer.weights.abs(), layer.weights.square()
            total = total + (self.l1 * sizes + self.l2 / 2 * squares).sum(dim=(-2, -1))
        return total

    def add_slope(self, network: Network, gradients: Sequence[Float[Tensor, "*many _ _"]]) -> None:
        """Add the penalty's derivative to the weights' gradients, layer by layer, in place."""
        for layer, gradient in zip(network.layers, gradients, strict=True):
            if self.l2:
                gradient.add_(layer.weights, alpha=self.l2)
            if self.l1:
                gradient.add_(torch.sign(layer.weights), alpha=self.l1)
