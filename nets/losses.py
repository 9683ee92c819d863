"""Loss functions: how wrong an output is, and which way it should move."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Loss:
    """A loss per example and its derivative by the output.

    `value(output, targets)` takes (..., batch, n_output) twice, where axes before those may be
    many epochs or networks, and returns the mean over the batch, shape (...).
    `slope(output, targets, out)` fills `out`, (..., batch, n_output), with the derivative of each
    example's own loss by its outputs, and returns it.
    """

    name: str
    value: Callable[[Tensor, Tensor], Tensor]
    slope: Callable[[Tensor, Tensor, Tensor], Tensor]


def squared_error(
    output: Float[Tensor, "*many batch n_output"], targets: Float[Tensor, "*some batch n_output"]
) -> Float[Tensor, "*many"]:
    """½ Σ (y - ŷ)² over the outputs, averaged over the examples.

    The notebook's `loss = y - output` is a signed error; this is the quantity that its update
    descends, because the derivative of ½ (y - ŷ)² by ŷ is -(y - ŷ).
    """
    return (output - targets).square_().sum(dim=(-2, -1)) / (2 * targets.shape[-2])


def squared_error_slope(
    output: Float[Tensor, "*many batch n_output"],
    targets: Float[Tensor, "*many batch n_output"],
    out: Float[Tensor, "*many batch n_output"],
) -> Float[Tensor, "*many batch n_output"]:
    """ŷ - y: the notebook's error with its sign turned."""
    return torch.sub(output, targets, out=out)


LOSSES = {loss.name: loss for loss in (Loss("SquaredError", squared_error, squared_error_slope),)}
