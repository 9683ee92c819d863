"""Fitting: which loss goes with which outputs and targets, and what to choose where it does not."""

from collections.abc import Mapping

from jaxtyping import Float
from torch import Tensor

from nets.engine.reach import range_of

# Losses that take targets for probabilities, and those of them that squash the outputs themselves.
OF_PROBABILITIES = ("BCELoss", "BCEWithLogitsLoss", "CrossEntropyLoss")
SQUASHING = {"BCEWithLogitsLoss": "sigmoid", "CrossEntropyLoss": "softmax"}
ROUNDING = 1e-4  # of shares that add up to 1


class IncompatibleChoice(ValueError):
    """Choices that do not fit each other.

    Attributes:
        remedy: fields of a Config with values that fit.
    """

    def __init__(self, sentence: str, remedy: Mapping[str, str]) -> None:
        super().__init__(sentence)
        self.remedy = remedy


def require_fitting_output(loss: str, output_activation: str, n_output: int) -> None:
    """Raise a Misfit unless the loss can take every output of such a network."""
    low, high = range_of(output_activation)
    if loss == "BCELoss" and not 0 <= low <= high <= 1:
        fitting = "sigmoid" if n_output == 1 else "sigmoid or softmax"
        raise IncompatibleChoice(
            f"output_activation must be {fitting} for BCELoss, which takes outputs from 0 to 1; "
            f"got {output_activation}.",
            {"output_activation": "sigmoid"},
        )
    if loss == "CrossEntropyLoss" and n_output == 1:
        raise IncompatibleChoice(
            "n_output must be at least 2 for CrossEntropyLoss, one a class; got 1. "
            "For a single output there is BCEWithLogitsLoss.",
            {"loss": "BCEWithLogitsLoss", "output_activation": "linear"},
        )
    if output_activation == "softmax" and n_output == 1:
        raise IncompatibleChoice(
            "n_output must be at least 2 for a softmax output, which shares 1 out among them; "
            "got 1. A single output would always be 1; a sigmoid one is free.",
            {"output_activation": "sigmoid"},
        )


def require_fitting_targets(loss: str, targets: Float[Tensor, "N n_output"]) -> None:
    """Raise a Misfit unless the loss can take these targets."""
    if loss not in OF_PROBABILITIES:
        return
    outside = targets[(targets < 0) | (targets > 1)]
    if len(outside):
        raise IncompatibleChoice(
            f"targets must be from 0 to 1 for {loss}; got {outside[0].item():g}. "
            "For numbers of any size there is MSELoss.",
            {"loss": "MSELoss"},
        )
    totals = targets.sum(dim=1)
    if loss == "CrossEntropyLoss" and not ((totals - 1).abs() <= ROUNDING).all():
        worst = totals[(totals - 1).abs().argmax()].item()
        raise IncompatibleChoice(
            f"targets must add up to 1 in every example for {loss}, one a class; got {worst:g}. "
            "For answers that do not exclude each other there is BCEWithLogitsLoss.",
            {"loss": "BCEWithLogitsLoss", "output_activation": "linear"},
        )


def squashed_twice(loss: str, output_activation: str) -> str:
    """Say what is doubtful about a loss that squashes outputs which are not linear, if it is so.

    It works, as it does in torch, but no output is then free to be as sure as the targets are.
    """
    if loss not in SQUASHING or output_activation == "linear":
        return ""
    return (
        f"{loss} has its own {SQUASHING[loss]} inside. After a {output_activation} output "
        "it seldom learns all it could; a linear output fits."
    )
