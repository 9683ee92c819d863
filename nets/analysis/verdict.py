"""The verdict of a gradient check: one row per parameter, and their summary."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckedGradient:
    """The gradient of one parameter, computed in three ways.

    Attributes:
        parameter: its name, as on the page: w1[2, 1] or b2[0].
        by_hand: what backpropagation gives under the run's bias rule; an update changes the
            parameter by minus the learning rate times this.
        autograd: its gradient by torch's automatic differentiation.
        finite_difference: its gradient by a central difference; None if it was not computed.
        difference: the larger distance of `by_hand` from the other two. An unreliable finite
            difference does not count.
        agrees: whether `by_hand` is the gradient, within the rounding of float64.
        is_layer_sum: whether `by_hand` is not the gradient but the sum of the gradients of all
            biases of the layer, as the notebook's bias rule has it.
        unreliable: whether the finite difference is off because its step crossed a kink of an
            activation or loss, or an output is too near 0 or 1; then autograd alone decides.
    """

    parameter: str
    by_hand: float
    autograd: float
    finite_difference: float | None
    difference: float
    agrees: bool
    is_layer_sum: bool
    unreliable: bool

    @property
    def is_bias(self) -> bool:
        """Whether the parameter is a bias."""
        return self.parameter.startswith("b")

    @property
    def wrong(self) -> bool:
        """Whether `by_hand` is neither the gradient nor the sum of the notebook's bias rule."""
        return not (self.agrees or self.is_layer_sum)

    @property
    def uphill(self) -> bool:
        """Whether an update moves the parameter uphill, against its own gradient."""
        opposite = self.by_hand > 0 > self.autograd or self.by_hand < 0 < self.autograd
        return opposite and not self.agrees


@dataclass(frozen=True)
class Verdict:
    """The summary of a gradient check.

    Attributes:
        parameters: how many were checked.
        agreeing, layer_sums, uphill, wrong, unreliable: the rows for which that is true.
        biases: the rows of biases.
        compared: the rows that have a finite difference.
        largest_difference: among the rows that agree; 0 if there are none.
        largest_gradient: the largest |gradient|, to compare it with.
    """

    parameters: int
    agreeing: list[CheckedGradient]
    layer_sums: list[CheckedGradient]
    uphill: list[CheckedGradient]
    wrong: list[CheckedGradient]
    unreliable: list[CheckedGradient]
    biases: list[CheckedGradient]
    compared: list[CheckedGradient]
    largest_difference: float
    largest_gradient: float


@dataclass(frozen=True)
class QuickCheck:
    """The summary of a quick check, without finite differences.

    Attributes:
        parameters: how many there are.
        layer_sums: how many biases move by the sum over their layer instead of their gradient.
        wrong: how many gradients are wrong.
    """

    parameters: int
    layer_sums: int
    wrong: int


def summarize(rows: Sequence[CheckedGradient]) -> Verdict:
    """Summarise a gradient check."""
    agreeing = [row for row in rows if row.agrees]
    return Verdict(
        len(rows),
        agreeing,
        layer_sums=[row for row in rows if row.is_layer_sum],
        uphill=[row for row in rows if row.uphill],
        wrong=[row for row in rows if row.wrong],
        unreliable=[row for row in rows if row.unreliable],
        biases=[row for row in rows if row.is_bias],
        compared=[row for row in rows if row.finite_difference is not None],
        largest_difference=max((row.difference for row in agreeing), default=0.0),
        largest_gradient=max(abs(row.autograd) for row in rows),
    )
