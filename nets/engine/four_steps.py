"""The four steps of training: forward propagation, loss, backpropagation, update.

This is the only place that puts them together. The training loop, the numbers on the page and the
gradient check all come here. Read `forward.py`, `backprop.py` and `update.py` next.
"""

from dataclasses import dataclass
from typing import Protocol

from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Activity, Gradients
from nets.engine.backprop import backward
from nets.engine.forward import forward
from nets.engine.losses import Loss
from nets.engine.network import Network
from nets.engine.regularization import Regularization


@dataclass(frozen=True)
class LearningRule:
    """What an update descends: the loss of a batch and the penalty on large weights.

    Attributes:
        loss: of an example.
        bias_rule: a key of `BIAS_RULES`: what moves the biases.
        reduction: "sum" over the examples of a batch, or their "mean".
        regularization: the penalty on large weights, if there is one.
    """

    loss: Loss
    bias_rule: str = "gradient"
    reduction: str = "sum"
    regularization: Regularization | None = None


class Updater(Protocol):
    """Something that moves the parameters of a network by its gradients, in place."""

    def update(self, gradients: Gradients) -> None:
        """Make one update."""
        ...


def four_steps(
    network: Network,
    x: Float[Tensor, "*many batch _"],
    y: Float[Tensor, "*many batch n_output"],
    rule: LearningRule,
    optimizer: Updater,
    activity: Activity | None = None,
    gradients: Gradients | None = None,
) -> None:
    """Update the parameters once, from one batch of examples: the notebook's cells 7 to 16.

    Backpropagation begins with the slope of the loss. The value of the loss is not needed for an
    update; the training loop computes it for many epochs at once.

    Args:
        network: the network, whose parameters `optimizer` changes in place.
        x: the inputs, (batch, n_input).
        y: the targets, (batch, n_output).
        rule: what the update descends.
        optimizer: how it descends.
        activity: made for this network and batch, to be filled again.
        gradients: made for them too, to be filled again.
    """
    activity, gradients = forward_and_backward(network, x, y, rule, activity, gradients)
    optimizer.update(gradients)


def forward_and_backward(
    network: Network,
    x: Float[Tensor, "*many batch _"],
    y: Float[Tensor, "*many batch n_output"],
    rule: LearningRule,
    activity: Activity | None = None,
    gradients: Gradients | None = None,
) -> tuple[Activity, Gradients]:
    """Take steps 1 to 3: compute everything, but do not change the parameters."""
    activity = forward(network, x, activity)
    gradients = backward(
        network,
        activity,
        y,
        rule.loss,
        bias_rule=rule.bias_rule,
        reduction=rule.reduction,
        out=gradients,
    )
    if rule.regularization is not None:
        rule.regularization.add_slope(network, gradients.weights)
    return activity, gradients
