"""Updating the parameters: one small step downhill."""

import torch
from jaxtyping import Float
from torch import Tensor

from nets.activity import Gradients
from nets.network import Network


def update(
    network: Network,
    gradients: Gradients,
    learning_rate: Float[Tensor, "*many_rates"],
    out: Float[Tensor, "*many n_parameters"] | None = None,
) -> Float[Tensor, "*many n_parameters"]:
    """Move every weight and bias of the network, in place, against its gradient.

    The notebook's cells 14 to 16. The product is rounded before it is subtracted, as there; a
    fused multiply-add would differ in the last bit.

    Args:
        network: the network to change.
        gradients: of the same shape.
        learning_rate: how far to go; a tensor of no dimension, because torch wraps a Python
            number anew at every call; for several networks side by side one rate each, (many, 1).
        out: room for the change, which is returned: what was subtracted from the parameters.
    """
    change = torch.mul(gradients.parameters, learning_rate, out=out)
    network.parameters.sub_(change)
    return change
