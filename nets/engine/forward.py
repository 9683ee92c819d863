"""Forward propagation: from the inputs, layer by layer, to the output."""

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Activity
from nets.engine.network import Network


def forward(
    network: Network, inputs: Float[Tensor, "*many batch _"], out: Activity | None = None
) -> Activity:
    """Compute every layer's weighted sums z = x @ weights + biases and activations a = f(z).

    The notebook's cells 7 and 8, for any number of layers.

    Args:
        network: the network; it is not changed.
        inputs: the examples, (batch, n_input), in the network's precision.
        out: an Activity made for this network and these inputs, to be filled again.
    """
    activity = out or Activity.empty(network, inputs)
    for layer, x, z, a in zip(
        network.layers, activity.fed, activity.sums, activity.outputs, strict=True
    ):
        if activity.augmented:
            torch.matmul(x, layer.matrix, out=z)
        else:
            torch.matmul(x, layer.weights, out=z).add_(layer.biases)
        layer.activation.value(z, a)
    return activity
