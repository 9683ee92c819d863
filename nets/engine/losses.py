"""Loss functions: how wrong an output is, and which way it should move."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from nets.engine.activations import ONE

# The value of log 0 in torch.nn.BCELoss, and the smallest divisor of its slope.
LOWEST_LOG, LOWEST_DIVISOR = -100.0, 1e-12
NEARLY_CERTAIN = 1e-6  # of p (1 - p): finite differences need more digits

Outputs = Float[Tensor, "*many batch n_output"]
Targets = Float[Tensor, "*some batch n_output"]
Values = Float[Tensor, "*many"]
Marks = Bool[Tensor, "*many batch n_output"]


@dataclass(frozen=True)
class Loss:
    """A loss per example, its derivative by the output, and what it accepts.

    `value(output, targets)` takes (..., batch, n_output) twice, where axes before those may be
    many epochs or networks, and returns the mean over the batch, shape (...).
    `slope(output, targets, out)` fills `out`, (..., batch, n_output), with the derivative of each
    example's own loss by its outputs, and returns it.

    Losses that torch.nn has are named as there, with its defaults. The loss of an example is the
    mean over its outputs, or one number for CrossEntropyLoss, so the mean over the batch is
    torch's own with reduction="mean".

    Attributes:
        name: as in `Config` and in a link.
        notebook: minus the slope, in the notebook's style: its error `y - output` for other losses.
        oracle: torch's own, by its name in torch.nn.functional; empty where torch has none.
        own_value: the loss in the notebook's style, needed where torch has none.
        probabilities: whether the targets must be probabilities, from 0 to 1.
        squash: the activation inside the loss, "sigmoid" or "softmax"; empty where there is none.
        by_distance: whether the loss grows with every output's distance from its target.
        half_after: output activations after which it is best to answer ½ for two pairs of examples
            with equal sums of inputs and opposite targets. For a loss that is convex in z this
            follows from equal sums of z; for a squared error after a sigmoid a test searches all z.
        rough: `rough(one, other, targets)` says for which of two outputs near each other a finite
            difference is unreliable: at a kink, or near an end.
    """

    name: str
    value: Callable[[Tensor, Tensor], Tensor]
    slope: Callable[[Tensor, Tensor, Tensor], Tensor]
    notebook: str
    oracle: str = ""
    own_value: str = ""
    probabilities: bool = False
    squash: str = ""
    by_distance: bool = False
    half_after: tuple[str, ...] = ()
    rough: Callable[[Tensor, Tensor, Tensor], Tensor] | None = None

    @property
    def notebook_value(self) -> str:
        """The loss in the notebook's style, of `output` and `y`."""
        return self.own_value or f"torch.nn.functional.{self.oracle}(output, y)"

    @property
    def threshold(self) -> float:
        """The output above which a single output means class 1: the probability there is ½."""
        return 0.0 if self.squash else 0.5


def squared_error(output: Outputs, targets: Targets) -> Values:
    """½ Σ (y - ŷ)² over the outputs, averaged over the examples.

    The notebook's `loss = y - output` is a signed error; this is the quantity that its update
    descends, because the derivative of ½ (y - ŷ)² by ŷ is -(y - ŷ).
    """
    return (output - targets).square_().sum(dim=(-2, -1)) / (2 * targets.shape[-2])


def squared_error_slope(output: Outputs, targets: Outputs, out: Outputs) -> Outputs:
    """ŷ - y: the notebook's error with the opposite sign."""
    return torch.sub(output, targets, out=out)


def mean_squared_error(output: Outputs, targets: Targets) -> Values:
    """(ŷ - y)², so that one large error counts more than many small ones."""
    return (output - targets).square_().mean(dim=(-2, -1))


def mean_squared_error_slope(output: Outputs, targets: Outputs, out: Outputs) -> Outputs:
    """2 (ŷ - y) / n_output."""
    return torch.sub(output, targets, out=out).mul_(2 / targets.shape[-1])


def absolute_error(output: Outputs, targets: Targets) -> Values:
    """|ŷ - y|, so that outliers count less than with squares."""
    return (output - targets).abs().mean(dim=(-2, -1))


def absolute_error_slope(output: Outputs, targets: Outputs, out: Outputs) -> Outputs:
    """The sign of ŷ - y, 0 where they are equal, / n_output."""
    return torch.sub(output, targets, out=out).sign_().div_(targets.shape[-1])


def on_both_sides(one: Outputs, other: Outputs, targets: Targets) -> Marks:
    """Find where only one of two outputs is above its target: there is a kink between them."""
    return (one > targets) != (other > targets)


def huber(output: Outputs, targets: Targets) -> Values:
    """½ (ŷ - y)² up to a distance of 1, above it |ŷ - y| - ½, so that outliers count less."""
    distance = (output - targets).abs()
    near = distance.clamp(max=1)
    return (near * (distance - near / 2)).mean(dim=(-2, -1))


def huber_slope(output: Outputs, targets: Outputs, out: Outputs) -> Outputs:
    """ŷ - y, limited to -1 and 1, / n_output."""
    return torch.sub(output, targets, out=out).clamp_(-1, 1).div_(targets.shape[-1])


def binary_cross_entropy(output: Outputs, targets: Targets) -> Values:
    """-y log ŷ - (1 - y) log(1 - ŷ), for outputs and targets from 0 to 1; log 0 counts as -100."""
    yes = output.log().clamp(min=LOWEST_LOG)
    no = torch.log1p(-output).clamp(min=LOWEST_LOG)
    return ((targets - 1) * no - targets * yes).mean(dim=(-2, -1))


def binary_cross_entropy_slope(output: Outputs, targets: Outputs, out: Outputs) -> Outputs:
    """(ŷ - y) / (ŷ (1 - ŷ)) / n_output, the divisor kept above 1e-12 as in torch.

    Where that limit applies, for outputs very near 0 or 1, this is less than the derivative.
    """
    divisor = torch.sub(ONE, output, out=out).mul_(output).clamp_(min=LOWEST_DIVISOR)
    return torch.div(output - targets, divisor, out=out).div_(targets.shape[-1])


def nearly_certain(one: Outputs, other: Outputs, targets: Targets) -> Marks:
    """Find outputs so near 0 or 1 that the distance has too few digits, or the loss is limited."""
    return torch.minimum(one * (1 - one), other * (1 - other)) < NEARLY_CERTAIN


def logistic(output: Outputs, targets: Targets) -> Values:
    """Cross entropy of sigmoid(ŷ), as (1 - y) ŷ + log(1 + exp(-ŷ)): no overflow, no log 0."""
    rest = output.neg().clamp(min=0) + output.abs().neg_().exp_().log1p_()
    return ((1 - targets) * output + rest).mean(dim=(-2, -1))


def logistic_slope(output: Outputs, targets: Outputs, out: Outputs) -> Outputs:
    """(sigmoid(ŷ) - y) / n_output."""
    return torch.sigmoid(output, out=out).sub_(targets).div_(targets.shape[-1])


def cross_entropy(output: Outputs, targets: Targets) -> Values:
    """-Σ y log softmax(ŷ) over the outputs, one for each class; the targets add up to 1.

    softmax(ŷ) = exp(ŷ) / Σ exp(ŷ) is part of the loss, as in torch: outputs may be any numbers.
    """
    return -(targets * output.log_softmax(dim=-1)).sum(dim=-1).mean(dim=-1)


def cross_entropy_slope(output: Outputs, targets: Outputs, out: Outputs) -> Outputs:
    """softmax(ŷ) Σ y - y, where Σ y is 1 except for rounding."""
    total = targets.sum(dim=-1, keepdim=True)
    return torch.softmax(output, dim=-1, out=out).mul_(total).sub_(targets)


HUBER = "(y - output).clamp(-1, 1) / y.shape[1]"
EITHER = ("sigmoid", "linear")
LOSSES = {
    loss.name: loss
    for loss in (
        Loss(
            "SquaredError",
            squared_error,
            squared_error_slope,
            "y - output",
            own_value="((y - output) ** 2).sum() / (2 * len(y))",
            by_distance=True,
            half_after=EITHER,
        ),
        Loss(
            "MSELoss",
            mean_squared_error,
            mean_squared_error_slope,
            "(y - output) * (2 / y.shape[1])",
            oracle="mse_loss",
            by_distance=True,
            half_after=EITHER,
        ),
        Loss(
            "L1Loss",
            absolute_error,
            absolute_error_slope,
            "(y - output).sign() / y.shape[1]",
            oracle="l1_loss",
            by_distance=True,
            rough=on_both_sides,
        ),
        # With torch's defaults, beta = 1 and delta = 1, these two are one function.
        *(
            Loss(name, huber, huber_slope, HUBER, oracle=oracle, by_distance=True)
            for name, oracle in (("SmoothL1Loss", "smooth_l1_loss"), ("HuberLoss", "huber_loss"))
        ),
        Loss(
            "BCELoss",
            binary_cross_entropy,
            binary_cross_entropy_slope,
            "(y - output) / (output * (1 - output)).clamp(min=1e-12) / y.shape[1]",
            oracle="binary_cross_entropy",
            probabilities=True,
            half_after=("sigmoid",),
            rough=nearly_certain,
        ),
        Loss(
            "BCEWithLogitsLoss",
            logistic,
            logistic_slope,
            "(y - torch.sigmoid(output)) / y.shape[1]",
            oracle="binary_cross_entropy_with_logits",
            probabilities=True,
            squash="sigmoid",
            half_after=("linear",),
        ),
        Loss(
            "CrossEntropyLoss",
            cross_entropy,
            cross_entropy_slope,
            "y - torch.softmax(output, 1) * y.sum(1, keepdim=True)",
            oracle="cross_entropy",
            probabilities=True,
            squash="softmax",
        ),
    )
}


def squashed_twice(loss: str, output_activation: str) -> str:
    """Return a warning if the loss squashes outputs that are squashed already, otherwise "".

    Training works, as in torch, but then no output can be as certain as its target.
    """
    squash = LOSSES[loss].squash
    if not squash or output_activation == "linear":
        return ""
    return (
        f"{loss} applies {squash} to the outputs itself. With a {output_activation} output the "
        "network usually learns less; choose a linear output."
    )
