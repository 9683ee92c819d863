"""Early stopping: training ends at the first epoch that meets a condition."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from nets.data.examples import CLASSES, Data
from nets.training.metrics import accuracy_of
from nets.training.run import Run
from nets.validate import require_choice, require_number, require_whole

LOSS, ACCURACY, PATIENCE = CONDITIONS = ("loss below", "accuracy above", "no improvement")
MOST_PATIENCE = 100_000


@dataclass(frozen=True)
class EarlyStopping:
    """A condition that ends training. It is measured on the test data, if there are any.

    Attributes:
        condition: "loss below" a value, "accuracy above" a fraction from 0 to 1, or "no
            improvement" of the lowest loss for a number of epochs.
        value: this loss, fraction or number of epochs.
        since: the first epoch whose loss counts.

    Raises:
        ValueError: for an impossible value; names the field, the value and the range.
    """

    condition: str
    value: float
    since: int = 0

    def __post_init__(self) -> None:
        require_choice("condition", self.condition, CONDITIONS)
        if self.condition == PATIENCE:
            require_whole("number of epochs without improvement", self.value, 1, MOST_PATIENCE)
        else:
            highest = 1 if self.condition == ACCURACY else 1e30
            require_number(self.condition, self.value, 0, highest)


def require_stoppable(run: Run, stop: EarlyStopping) -> None:
    """Raise a ValueError if a run can never meet a condition because its targets are numbers."""
    if stop.condition == ACCURACY and watched(run).task != CLASSES:
        raise ValueError("condition must not be accuracy if the targets are numbers.")


def watched(run: Run) -> Data:
    """Return the data on which a condition is measured."""
    return run.data if run.test is None else run.test


def watched_loss(run: Run) -> Float[Tensor, " epochs"]:
    """Return the losses on which a condition is measured, epoch 0 first."""
    return run.history.loss if run.history.test_loss is None else run.history.test_loss


def first_met(run: Run, stop: EarlyStopping, begin: int) -> int | None:
    """Return the first epoch from `begin` on that meets the condition, or None.

    The accuracy is measured at the present epoch only.
    """
    if begin > run.epoch:
        return None
    if stop.condition == ACCURACY:
        share = accuracy_of(run.network, run.config, watched(run))
        return run.epoch if share > stop.value else None
    losses = watched_loss(run)[stop.since :]
    if stop.condition == LOSS:
        good = losses < stop.value
    else:
        good = epochs_without_improvement(losses) >= stop.value
    epochs = good[max(0, begin - stop.since) :].nonzero()
    return max(begin, stop.since) + int(epochs[0]) if len(epochs) else None


def epochs_without_improvement(losses: Float[Tensor, " epochs"]) -> Tensor:
    """Count for each epoch how many epochs ago the lowest loss so far was first reached."""
    lowest, _ = losses.cummin(dim=0)
    improved = losses.new_ones(len(losses)).bool()
    improved[1:] = lowest[1:] < lowest[:-1]
    epochs = losses.new_ones(len(losses)).long().cumsum(dim=0) - 1
    latest, _ = (epochs * improved).cummax(dim=0)
    return epochs - latest
