"""Backpropagation: how much each weight and bias is to blame for the loss."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from nets.losses import Loss
from nets.network import Activity, Gradients, Network


def notebook_rule(
    delta: Float[Tensor, "batch fan_out"],
    ones: Float[Tensor, "1 batch"],
    out: Float[Tensor, "1 fan_out"],
) -> Float[Tensor, "1 fan_out"]:
    """One number for the whole layer, as the notebook's `b += d.sum() * lr` has it.

    It sums over neurons that have nothing to do with each other, so for a layer of several
    neurons it is not the gradient of any bias.
    """
    return out.copy_(delta.sum())


def gradient_rule(
    delta: Float[Tensor, "batch fan_out"],
    ones: Float[Tensor, "1 batch"],
    out: Float[Tensor, "1 fan_out"],
) -> Float[Tensor, "1 fan_out"]:
    """Each bias its own gradient: the sum of its neuron's delta over the batch."""
    return torch.mm(ones, delta, out=out)


BIAS_RULES: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "notebook": notebook_rule,
    "gradient": gradient_rule,
}


def backward(
    network: Network,
    activity: Activity,
    targets: Float[Tensor, "batch n_output"],
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
        out: Gradients made for this network and batch, to be filled again.
    """
    gradients = out or Gradients.empty(network, len(targets))
    error = loss.slope(activity.output, targets, gradients.errors[-1])
    if reduction == "mean":
        error.div_(len(targets))
    bias_gradient = BIAS_RULES[bias_rule]
    for i in reversed(range(len(network.layers))):
        layer, delta = network.layers[i], gradients.deltas[i]
        layer.activation.slope(activity.sums[i], activity.outputs[i], delta).mul_(error)
        torch.mm(activity.transposed[i], delta, out=gradients.weights[i])
        bias_gradient(delta, gradients.ones, gradients.biases[i])
        if i > 0:
            error = torch.mm(delta, layer.transposed, out=gradients.errors[i - 1])
    return gradients
