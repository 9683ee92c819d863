"""The verdict: whether three numbers that should be one gradient are one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from jaxtyping import Bool, Float
from torch import Tensor

# How far two numbers that mean the same may lie apart, as a share of the larger one.
NEAR, NEAR_DIFFERENCE = 1e-9, 1e-4


@dataclass(frozen=True)
class Estimates:
    """What was found for every parameter, one number each, float64.

    Attributes:
        by_hand, autograd: the gradient by our backpropagation and by torch.
        shared: where the notebook's rule holds, what it moves a bias by: the sum of the gradients
            of all biases of the layer, by torch; elsewhere not a number.
        moved: the gradient by a finite difference, not a number where that was left out.
        crossed: whether the finite difference led over a corner of an activation or to where
            the loss is rough.
        rounding, moved_rounding: how far rounding alone may put the first two apart, and a finite
            difference from them.
    """

    by_hand: Float[Tensor, " n_parameters"]
    autograd: Float[Tensor, " n_parameters"]
    shared: Float[Tensor, " n_parameters"]
    moved: Float[Tensor, " n_parameters"]
    crossed: Bool[Tensor, " n_parameters"]
    rounding: Float[Tensor, " n_parameters"]
    moved_rounding: Float[Tensor, " n_parameters"]


@dataclass(frozen=True, slots=True)
class CheckedGradient:
    """The gradient of one parameter, found in three ways.

    Attributes:
        parameter: its name, as on the page: w1[2, 1] or b2[0].
        by_hand: what backpropagation gives under the run's bias rule; an update moves the
            parameter by minus the learning rate times this.
        autograd: its gradient by torch's automatic differentiation.
        finite_difference: its gradient by a central difference; None where that was left out.
        difference: how far `by_hand` is from the other two, whichever is further.
        agrees: whether `by_hand` is the gradient, as far as float64 can tell.
        shared: whether it is instead, as the notebook's rule for biases has it, the sum of the
            gradients of all biases of the layer.
        corner: whether the finite difference is off only because its step led over the corner of
            a ReLU, where there is no slope, or to where the loss is rough. It then has no say, not
            even in `difference`.
    """

    parameter: str
    by_hand: float
    autograd: float
    finite_difference: float | None
    difference: float
    agrees: bool
    shared: bool
    corner: bool

    @property
    def is_bias(self) -> bool:
        """Whether the parameter is a bias."""
        return self.parameter.startswith("b")

    @property
    def mistaken(self) -> bool:
        """Whether `by_hand` is neither the gradient nor what the notebook's rule makes of it."""
        return not (self.agrees or self.shared)

    @property
    def wrong_way(self) -> bool:
        """Whether an update moves the parameter uphill, against its own gradient."""
        uphill = self.by_hand > 0 > self.autograd or self.by_hand < 0 < self.autograd
        return uphill and not self.agrees


@dataclass(frozen=True)
class Verdict:
    """What a check comes to.

    Attributes:
        parameters: how many were checked.
        agreeing, shared, wrong_way, mistaken, corners: the rows of which that is so.
        biases: the rows of biases.
        compared: the rows that have a finite difference.
        difference: the largest among those that agree, 0 if none does.
        gradient: the largest magnitude of a gradient, to compare it with.
    """

    parameters: int
    agreeing: list[CheckedGradient]
    shared: list[CheckedGradient]
    wrong_way: list[CheckedGradient]
    mistaken: list[CheckedGradient]
    corners: list[CheckedGradient]
    biases: list[CheckedGradient]
    compared: list[CheckedGradient]
    difference: float
    gradient: float


@dataclass(frozen=True)
class QuickCheck:
    """What a glance at all gradients comes to.

    Attributes:
        parameters: how many there are.
        shared: biases that the notebook's rule moves by something that is not their gradient.
        mistaken: gradients that are wrong.
    """

    parameters: int
    shared: int
    mistaken: int


def verdict_on(rows: Sequence[CheckedGradient]) -> Verdict:
    """Sum up a check."""
    agreeing = [row for row in rows if row.agrees]
    return Verdict(
        len(rows),
        agreeing,
        shared=[row for row in rows if row.shared],
        wrong_way=[row for row in rows if row.wrong_way],
        mistaken=[row for row in rows if row.mistaken],
        corners=[row for row in rows if row.corner],
        biases=[row for row in rows if row.is_bias],
        compared=[row for row in rows if row.finite_difference is not None],
        difference=max((row.difference for row in agreeing), default=0.0),
        gradient=max(abs(row.autograd) for row in rows),
    )


def judged(names: Sequence[str], found: Estimates) -> list[CheckedGradient]:
    """Compare what was found: one row a parameter, in the order of the names."""
    meets = near(found.autograd, found.moved, NEAR_DIFFERENCE, found.moved_rounding)
    corner = found.crossed & ~meets
    sound = meets | corner | found.moved.isnan()
    agrees = sound & near(found.by_hand, found.autograd, NEAR, found.rounding)
    shared = sound & ~agrees & near(found.by_hand, found.shared, NEAR, found.rounding)
    beside = (found.by_hand - found.moved).abs().masked_fill(corner, 0).nan_to_num(0)
    difference = (found.by_hand - found.autograd).abs().maximum(beside)
    columns = found.by_hand, found.autograd, found.moved, difference
    numbers = cast(Any, torch.stack(columns, dim=1)).tolist()
    marks = cast(Any, torch.stack((agrees, shared, corner), dim=1)).tolist()
    return [
        CheckedGradient(
            name, by_hand, autograd, None if math.isnan(moved) else moved, apart, *which
        )
        for name, (by_hand, autograd, moved, apart), which in zip(
            names, numbers, marks, strict=True
        )
    ]


def near(
    one: Float[Tensor, " n"],
    other: Float[Tensor, " n"],
    share: float,
    rounding: Float[Tensor, " n"],
) -> Bool[Tensor, " n"]:
    """Say which numbers are the same but for a share of their size and for rounding."""
    return (one - other).abs() <= share * one.abs().maximum(other.abs()) + rounding
