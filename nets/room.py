"""Room: a number for every neuron and every example, in one flat tensor for all layers."""

from dataclasses import dataclass
from typing import Self

import torch
from jaxtyping import Float
from torch import Tensor

from nets.flat import Flat
from nets.network import Network


@dataclass(frozen=True)
class Room:
    """Room for one number per neuron and example.

    Attributes:
        neurons: one tensor a layer, (batch, fan_out).
        fed: what the next layer is fed: `neurons`, or when augmented the same with one more column
            that is always 1, (batch, fan_out + 1). Examples then lie in columns, which is quick
            for many of them.
        alike: neighbouring layers that share an activation as one flat tensor.
    """

    neurons: tuple[Float[Tensor, "*many batch _"], ...]
    fed: tuple[Float[Tensor, "*many batch _"], ...]
    alike: tuple[Tensor, ...]

    @classmethod
    def empty(cls, network: Network, batch: int, *, augmented: bool) -> Self:
        """Make room for so many examples, full of ones."""
        sizes = network.sizes[1:]
        shapes = [(size + 1, batch) if augmented else (batch, size) for size in sizes]
        flat = Flat.filled(network.parameters, shapes, 1.0)
        fed = tuple(rows.mT for rows in flat.matrices) if augmented else flat.matrices
        neurons = tuple(x[..., :-1] for x in fed) if augmented else fed
        return cls(neurons, fed, tuple(flat.span(*ends) for ends in network.alike))


def augment(examples: Float[Tensor, "*many batch n_input"]) -> Float[Tensor, "*many batch _"]:
    """Give examples one more input that is always 1."""
    return torch.cat([examples, torch.ones_like(examples[..., :1])], dim=-1)
