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
    """One number for the whole layer, as in the notebook: `b += d.sum() * lr`.

    It adds up the deltas of all neurons, so in a layer of several neurons it is not the gradient
    of any bias.
    """
    if out.shape[-1] == 1:
        return torch.sum(delta, (-2, -1), True, out=out)
    return out.copy_(delta.sum((-2, -1), True))


def gradient_rule(
    delta: Float[Tensor, "*many batch fan_out"], out: Float[Tensor, "*many 1 fan_out"]
) -> Float[Tensor, "*many 1 fan_out"]:
    """The gradient of each bias: the sum of its neuron's delta over the batch."""
    return torch.sum(delta, dim=-2, keepdim=True, out=out)


@dataclass(frozen=True)
class BiasRule:
    """How the biases of a layer get their gradients.

    Attributes:
        name: as in `Config`.
        title: its name on the page.
        gradient: computes the gradients from delta, (batch, fan_out), into (1, fan_out).
    """

    name: str
    title: str
    gradient: Callable[[Tensor, Tensor], Tensor]


BIAS_RULES = {
    rule.name: rule
    for rule in (
        BiasRule("notebook", "shared per layer (notebook)", notebook_rule),
        BiasRule("gradient", "gradient (standard)", gradient_rule),
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

    The notebook's cells 11 and 12, and the products of cells 14 to 16. The signs are those of the
    gradient of the loss; the notebook's `d_outp` and `d_hidn` have the opposite sign.

    Args:
        network: the network that was propagated forward; it is not changed.
        activity: what forward propagation computed.
        targets: the true outputs, (batch, n_output).
        loss: the loss whose gradient is computed.
        bias_rule: a key of `BIAS_RULES`.
        reduction: "sum" over the examples of the batch, or their "mean".
        out: Gradients made for this network and activity, to be filled again.
    """
    gradients = out or Gradients.empty(network, activity)
    layers, outputs, transposed = network.layers, activity.outputs, activity.transposed
    deltas, slopes, products = gradients.deltas, gradients.slopes, gradients.products
    loss.slope(outputs[-1], targets, deltas[-1])  # ∂loss/∂a of the output, for now
    if reduction == "mean":
        deltas[-1].div_(targets.shape[-2])
    for (activation, z, a), slope in zip(activity.groups, gradients.groups, strict=True):
        if activation.back is None:
            activation.slope(z, a, slope)
    # The product with augmented inputs contains the gradients of the biases.
    covered = activity.augmented and bias_rule == "gradient"
    bias_gradient = None if covered else BIAS_RULES[bias_rule].gradient
    for i in range(len(layers) - 1, -1, -1):
        layer, delta = layers[i], deltas[i]
        if layer.activation.back is None:
            delta.mul_(slopes[i])  # ∂loss/∂z = ∂loss/∂a · ∂a/∂z
        else:
            layer.activation.back(delta, outputs[i])
        torch.matmul(transposed[i], delta, out=products[i])
        if bias_gradient is not None:
            bias_gradient(delta, gradients.biases[i])
        if i > 0:
            torch.matmul(delta, layer.transposed, out=deltas[i - 1])  # ∂loss/∂a of the layer before
    return gradients


def fill_slopes(activity: Activity, gradients: Gradients) -> None:
    """Compute every slope, to show them: `backward` leaves out those that it does not need."""
    for (activation, z, a), slope in zip(activity.groups, gradients.groups, strict=True):
        activation.slope(z, a, slope)
