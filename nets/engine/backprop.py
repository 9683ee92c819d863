"""Backpropagation: how much each weight and bias is to blame for the loss."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Activity, Gradients
from nets.engine.losses import Loss
from nets.engine.network import Network


def notebook_rule(
    delta: Float[Tensor, "*many batch fan_out"], out: Float[Tensor, "*many 1 fan_out"]
) -> Float[Tensor, "*many 1 fan_out"]:
    """One number for the whole layer, as the notebook's `b += d.sum() * lr` has it.

    It sums over neurons that have nothing to do with each other, so for a layer of several
    neurons it is not the gradient of any bias.
    """
    return out.copy_(delta.sum((-2, -1), True))


def gradient_rule(
    delta: Float[Tensor, "*many batch fan_out"], out: Float[Tensor, "*many 1 fan_out"]
) -> Float[Tensor, "*many 1 fan_out"]:
    """Each bias its own gradient: the sum of its neuron's delta over the batch."""
    return torch.sum(delta, dim=-2, keepdim=True, out=out)


@dataclass(frozen=True)
class BiasRule:
    """What every bias of a layer follows.

    Attributes:
        name: as a Config has it.
        title: as people read it.
        gradient: computes it from delta, (batch, fan_out), into (1, fan_out).
    """

    name: str
    title: str
    gradient: Callable[[Tensor, Tensor], Tensor]


BIAS_RULES = {
    rule.name: rule
    for rule in (
        BiasRule("notebook", "as in the notebook", notebook_rule),
        BiasRule("gradient", "own gradient for each bias", gradient_rule),
    )
}


def backward(
    network: Network,
    activity: Activity,
    targets: Float[Tensor, "*many batch n_output"],
    loss: Loss,
    *,
    bias_rule: str = "gradient",
    reduction: str = "sum",
    out: Gradients | None = None,
) -> Gradients:
    """Pass the error back from the output to the first layer, by the chain rule.

    The notebook's cells 11 and 12, and the products of cells 14 to 16. Signs are those of the
    gradient of the loss; the notebook's `d_outp` and `d_hidn` are the same numbers negated.

    Args:
        network: the network that was propagated forward, left as it is.
        activity: what forward propagation computed.
        targets: the true outputs, (batch, n_output).
        loss: the loss whose gradient is wanted.
        bias_rule: a key of `BIAS_RULES`.
        reduction: "sum" over the examples of the batch, or their "mean".
        out: Gradients made for this network and activity, to be filled again.
    """
    gradients = out or Gradients.empty(network, activity)
    layers, outputs, transposed = network.layers, activity.outputs, activity.transposed
    deltas, slopes, products = gradients.deltas, gradients.slopes, gradients.products
    loss.slope(outputs[-1], targets, deltas[-1])
    if reduction == "mean":
        deltas[-1].div_(targets.shape[-2])
    for (activation, z, a), of_alike in zip(activity.alike, gradients.alike, strict=True):
        activation.slope(z, a, of_alike)
    # The product with augmented inputs has the gradients of the biases already.
    covered = activity.augmented and bias_rule == "gradient"
    bias_gradient = None if covered else BIAS_RULES[bias_rule].gradient
    for i in range(len(layers) - 1, -1, -1):
        layer, delta = layers[i], deltas[i]
        if layer.activation.back is None:
            delta.mul_(slopes[i])
        else:
            layer.activation.back(delta, outputs[i])
        torch.matmul(transposed[i], delta, out=products[i])
        if bias_gradient is not None:
            bias_gradient(delta, gradients.biases[i])
        if i > 0:
            torch.matmul(delta, layer.transposed, out=deltas[i - 1])
    return gradients
