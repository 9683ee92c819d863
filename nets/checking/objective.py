"""The objective: what an update descends, whose slopes are gradients."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from jaxtyping import Float
from torch import Tensor

from nets.losses import LOSSES, Loss
from nets.penalty import Penalty
from nets.run import Run

EXAMPLES_AT_ONCE = 2**10


@dataclass(frozen=True)
class Objective:
    """What an update descends: the loss of all examples, summed or averaged, and the penalty.

    Attributes:
        inputs, targets: the examples, (N, n_input) and (N, n_output), float64.
        loss: of one example.
        reduction: "sum" over the examples or their "mean".
        penalty: on large weights, added once.
    """

    inputs: Float[Tensor, "N n_input"]
    targets: Float[Tensor, "N n_output"]
    loss: Loss
    reduction: str
    penalty: Penalty

    @classmethod
    def of(cls, run: Run) -> Self:
        """Take a run's examples, loss and reduction."""
        inputs, targets = (values.double() for values in (run.data.inputs, run.data.targets))
        penalty = Penalty(run.config.l1, run.config.l2)
        return cls(inputs, targets, LOSSES[run.config.loss], run.config.reduction, penalty)

    @property
    def at_once(self) -> int:
        """How many examples a part has, at the most."""
        return min(len(self.inputs), EXAMPLES_AT_ONCE)

    def parts(self) -> Iterator[tuple[Tensor, Tensor, float]]:
        """Cut the examples into parts that fit into memory: inputs, targets and their share.

        Whatever is reduced over a part counts with this share in what is reduced over all.
        """
        count = len(self.inputs)
        for begin in range(0, count, self.at_once):
            part = slice(begin, begin + self.at_once)
            inputs, targets = self.inputs[part], self.targets[part]
            yield inputs, targets, 1.0 if self.reduction == "sum" else len(inputs) / count

    def reduced(
        self,
        output: Float[Tensor, "*many batch n_output"],
        targets: Float[Tensor, "batch n_output"],
    ) -> Float[Tensor, "*many"]:
        """Sum or average the loss of the examples of a part."""
        mean = self.loss.value(output, targets)
        return mean * len(targets) if self.reduction == "sum" else mean
