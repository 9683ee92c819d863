"""Autograd: the gradients that torch computes, with its own activations and losses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Self

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from nets.engine.activations import Activation
from nets.engine.losses import LOSSES, Loss
from nets.engine.network import Network
from nets.engine.regularization import Regularization
from nets.training.run import Run

EXAMPLES_AT_ONCE = 2**10


@dataclass(frozen=True)
class Objective:
    """What an update makes smaller: the summed or mean loss of all examples, plus the penalty.

    Attributes:
        inputs, targets: the examples, (N, n_input) and (N, n_output), float64.
        loss: of one example.
        reduction: "sum" over the examples or their "mean".
        penalty: L1 and L2, added once; None if both are 0.
    """

    inputs: Float[Tensor, "N n_input"]
    targets: Float[Tensor, "N n_output"]
    loss: Loss
    reduction: str
    penalty: Regularization | None

    @classmethod
    def of(cls, run: Run) -> Self:
        """Take a run's examples, loss and reduction."""
        inputs, targets = (values.double() for values in (run.data.inputs, run.data.targets))
        l1, l2 = run.config.l1, run.config.l2
        penalty = Regularization(l1, l2) if l1 or l2 else None
        return cls(inputs, targets, LOSSES[run.config.loss], run.config.reduction, penalty)

    @property
    def at_once(self) -> int:
        """The largest number of examples in a part."""
        return min(len(self.inputs), EXAMPLES_AT_ONCE)

    def parts(self) -> Iterator[tuple[Tensor, Tensor, float]]:
        """Split the examples into parts that fit into memory: inputs, targets and a factor.

        The loss over all examples is the sum of factor · loss over the parts.
        """
        count = len(self.inputs)
        for begin in range(0, count, self.at_once):
            part = slice(begin, begin + self.at_once)
            inputs, targets = self.inputs[part], self.targets[part]
            yield inputs, targets, 1.0 if self.reduction == "sum" else len(inputs) / count

    def reduce(
        self,
        output: Float[Tensor, "*many batch n_output"],
        targets: Float[Tensor, "batch n_output"],
    ) -> Float[Tensor, "*many"]:
        """Sum or average the loss over the examples of a part."""
        mean = self.loss.value(output, targets)
        return mean * len(targets) if self.reduction == "sum" else mean


def differentiate_by_torch(
    network: Network, objective: Objective
) -> tuple[Float[Tensor, " length"], Float[Tensor, ""]]:
    """Differentiate the objective by torch, with torch's own functions; return its value too."""
    total, value = torch.zeros_like(network.parameters), network.parameters.new_zeros(())
    loss = objective.loss
    own = replace(loss, value=find_torch_loss(loss))
    objective = replace(objective, loss=own)
    for inputs, targets, share in objective.parts():
        with torch.enable_grad():
            parameters = network.parameters.clone().requires_grad_()
            output = inputs
            for layer in network.with_parameters(parameters).layers:
                z = output @ layer.weights + layer.biases
                output = find_torch_activation(layer.activation)(z)
            reduced = share * objective.reduce(output, targets)
            (gradient,) = torch.autograd.grad(reduced, parameters)
        total += gradient
        value += reduced.detach()
    if objective.penalty is None:
        return total, value
    with torch.enable_grad():
        parameters = network.parameters.clone().requires_grad_()
        penalty = objective.penalty.value(network.with_parameters(parameters))
        (gradient,) = torch.autograd.grad(penalty, parameters)
    return total + gradient, value + penalty.detach()


def find_torch_activation(activation: Activation) -> Callable[[Tensor], Tensor]:
    """Return torch's version of an activation, or ours in a form that autograd can follow."""
    found = activation.oracle or getattr(torch.nn.functional, activation.name, None)
    if found is not None:
        return found

    def ours(z: Tensor) -> Tensor:
        return activation.value(z, torch.empty_like(z))

    return torch.func.functionalize(ours)


def find_torch_loss(loss: Loss) -> Callable[[Tensor, Tensor], Tensor]:
    """Return torch's version of a loss, the mean over the batch, or ours if torch has none."""
    return getattr(torch.nn.functional, loss.oracle) if loss.oracle else loss.value


def nearly_equal(
    one: Float[Tensor, " n"],
    other: Float[Tensor, " n"],
    tolerance: float,
    rounding: Float[Tensor, " n"],
) -> Bool[Tensor, " n"]:
    """Compare numbers, up to a relative tolerance and an absolute rounding error."""
    return (one - other).abs() <= tolerance * one.abs().maximum(other.abs()) + rounding
