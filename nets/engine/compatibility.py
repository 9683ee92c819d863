"""Compatibility: which loss fits which outputs and targets, and what to choose where none fits."""

from collections.abc import Mapping

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from nets.engine.activations import ACTIVATIONS
from nets.engine.losses import LOSSES
from nets.engine.softmax import FOR_OUTPUTS

ROUNDING = 1e-4  # of the sum of an example's targets


class IncompatibleChoice(ValueError):
    """Choices that do not fit each other.

    Attributes:
        remedy: fields of a Config with values that fit.
    """

    def __init__(self, sentence: str, remedy: Mapping[str, str]) -> None:
        super().__init__(sentence)
        self.remedy = remedy


def require_fitting_output(loss: str, output_activation: str, n_output: int) -> None:
    """Raise an IncompatibleChoice unless the loss accepts every output of such a network."""
    row, (low, high) = LOSSES[loss], range_of(output_activation)
    if row.probabilities and not row.squash and (low < 0 or high > 1):
        fitting = "sigmoid" if n_output == 1 else "sigmoid or softmax"
        raise IncompatibleChoice(
            f"output_activation must be {fitting} for {loss}, which takes outputs from 0 to 1; "
            f"got {output_activation}.",
            {"output_activation": "sigmoid"},
        )
    if row.squash == "softmax" and n_output == 1:
        raise IncompatibleChoice(
            f"n_output must be at least 2 for {loss}, one for each class; got 1. "
            "For a single output choose BCEWithLogitsLoss.",
            {"loss": "BCEWithLogitsLoss", "output_activation": "linear"},
        )
    if output_activation == "softmax" and n_output == 1:
        raise IncompatibleChoice(
            "n_output must be at least 2 for a softmax output, because softmax outputs add up to "
            "1; got 1. A single output would always be 1. A sigmoid output can be anything from 0 "
            "to 1.",
            {"output_activation": "sigmoid"},
        )


def require_fitting_targets(loss: str, targets: Float[Tensor, "N n_output"]) -> None:
    """Raise an IncompatibleChoice unless the loss accepts these targets."""
    row = LOSSES[loss]
    outside = targets[(targets < 0) | (targets > 1)]
    if row.probabilities and len(outside):
        raise IncompatibleChoice(
            f"targets must be from 0 to 1 for {loss}; got {outside[0].item():g}. "
            "For numbers of any size choose MSELoss.",
            {"loss": "MSELoss"},
        )
    totals = targets.sum(dim=1)
    if row.squash == "softmax" and not ((totals - 1).abs() <= ROUNDING).all():
        worst = totals[(totals - 1).abs().argmax()].item()
        raise IncompatibleChoice(
            f"targets must add up to 1 in every example for {loss}, one for each class; got "
            f"{worst:g}. Where one example can belong to several classes choose BCEWithLogitsLoss.",
            {"loss": "BCEWithLogitsLoss", "output_activation": "linear"},
        )


def range_of(activation: str) -> tuple[float, float]:
    """Return the lowest and the highest output of an activation, ±∞ where it has no limit."""
    return (ACTIVATIONS | FOR_OUTPUTS)[activation].range


def out_of_reach(
    targets: Float[Tensor, "N n_output"], activation: str
) -> Bool[Tensor, "N n_output"]:
    """Find the targets outside an activation's range.

    A target at an end of the range, such as 1 for a sigmoid, is not outside: the loss can come
    arbitrarily close to 0.
    """
    low, high = range_of(activation)
    exact = targets.to(torch.float64)
    return (exact < low) | (exact > high)


def lowest_loss(targets: Float[Tensor, "N n_output"], activation: str, loss: str) -> float:
    """Compute the lowest possible loss per example, where targets are out of reach.

    It is the loss of outputs as near to their targets as the activation allows, in float64; for
    SquaredError ½ Σ (distance of the target from the range)², averaged over the examples. A network
    need not reach it. 0 for a loss without a known bound.
    """
    if not LOSSES[loss].by_distance or not out_of_reach(targets, activation).any():
        return 0.0
    exact = targets.to(torch.float64)
    return LOSSES[loss].value(exact.clamp(*range_of(activation)), exact).item()
