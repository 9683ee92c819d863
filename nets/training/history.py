"""History: the loss of every epoch, and enough parameters to show any epoch again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import torch
from jaxtyping import Float, Shaped
from torch import Tensor


class AppendOnly:
    """Rows that are only added at the end, with free space behind them, so that few are copied.

    The first rows of any length never change, so a holder needs only its length. New rows are
    written behind them, or into a copy if another holder has written rows there already.
    """

    def __init__(self, rows: Shaped[Tensor, " rows *columns"], room: int = 0) -> None:
        """Copy some rows and leave free space behind them."""
        count = rows.shape[0]
        self._rows = rows.new_empty(max(room, count), *rows.shape[1:])
        self._rows[:count] = rows
        # The number of rows in use. Only the thread that takes the number out may add rows.
        self._in_use = [count]

    @property
    def nbytes(self) -> int:
        """The memory of all rows, with the free space behind them."""
        return self._rows.nbytes

    def first(self, length: int) -> Shaped[Tensor, " length *columns"]:
        """View the first rows."""
        return self._rows[:length]

    def with_more(self, length: int, more: Shaped[Tensor, " more *columns"]) -> Self:
        """Return an AppendOnly with the first `length` rows, then these."""
        end = length + more.shape[0]
        if end <= self._rows.shape[0] and self._claim(length):
            self._rows[length:end] = more
            self._in_use.append(end)
            return self
        grown = type(self)(self.first(length), room=end + end // 2)
        return grown.with_more(length, more)

    def with_last(self, length: int, row: Shaped[Tensor, " *columns"]) -> Self:
        """Return an AppendOnly with the first `length` rows, the last of them replaced by this."""
        changed = type(self)(self.first(length))
        changed.first(length)[-1] = row
        return changed

    def _claim(self, length: int) -> bool:
        """Take the right to write behind this number of rows, unless another holder has done so."""
        try:
            in_use = self._in_use.pop()
        except IndexError:
            return False
        if in_use != length:
            self._in_use.append(in_use)
            return False
        return True


KEPT_NUMBERS = 2**20  # of parameters and optimiser states that are kept for one run: 4 MB


class Setting(NamedTuple):
    """One parameter that was set by hand: in which epoch, its place in the row, and its value."""

    epoch: int
    place: int
    value: float


@dataclass(frozen=True)
class History:
    """The losses of a run, epoch by epoch, and parameters to return to any epoch.

    Attributes:
        epoch: the last epoch.
        rates: (epoch, learning rate from that epoch on).
        stride: parameters are kept of every `stride`-th epoch: 1 while all fit into
            `KEPT_NUMBERS`, then 2, 4, …. The epochs between are trained again when they are
            needed, which gives the same numbers.
        n_parameters: the number of parameters.
        losses, kept: the rows of `loss` and `parameters`; the optimiser's state follows the
            parameters of a kept epoch.
        test_losses: the rows of `test_loss`, if there are test data.
        settings: parameters that were set by hand, in order of their epochs. The loss and the
            parameters of such an epoch are those after it.
    """

    epoch: int
    rates: tuple[tuple[int, float], ...]
    stride: int
    n_parameters: int
    losses: AppendOnly
    kept: AppendOnly
    test_losses: AppendOnly | None = None
    settings: tuple[Setting, ...] = ()

    @classmethod
    def begin(
        cls,
        loss: Float[Tensor, ""],
        parameters: Float[Tensor, " n_parameters"],
        rate: float,
        state: Float[Tensor, " n_state"],
        test_loss: Float[Tensor, ""] | None = None,
    ) -> Self:
        """Begin at epoch 0, with the first weights and their loss."""
        kept = AppendOnly(torch.cat((parameters, state))[None])
        tested = None if test_loss is None else AppendOnly(test_loss[None])
        return cls(0, ((0, rate),), 1, len(parameters), AppendOnly(loss[None]), kept, tested)

    @property
    def loss(self) -> Float[Tensor, " epochs"]:
        """The loss per example, one value an epoch, epoch 0 first."""
        return self.losses.first(self.epoch + 1)

    @property
    def test_loss(self) -> Float[Tensor, " epochs"] | None:
        """The loss on the test data; None without test data."""
        return None if self.test_losses is None else self.test_losses.first(self.epoch + 1)

    @property
    def last_choice(self) -> int:
        """The epoch from which on nothing but training has changed the run."""
        return max([self.rates[-1][0], *(setting.epoch for setting in self.settings[-1:])])

    @property
    def parameters(self) -> Float[Tensor, "rows n_parameters"]:
        """The parameters kept: of epoch 0 and every `stride`-th epoch, one flat row each."""
        return self._rows[:, : self.n_parameters]

    @property
    def rows(self) -> list[AppendOnly]:
        """All rows that the history keeps."""
        return [each for each in (self.losses, self.kept, self.test_losses) if each is not None]

    @property
    def _rows(self) -> Float[Tensor, "rows parameters_and_state"]:
        return self.kept.first(self.epoch // self.stride + 1)

    def nearest(
        self, epoch: int
    ) -> tuple[int, Float[Tensor, " n_parameters"], Float[Tensor, " n_state"]]:
        """Return the last kept epoch up to this one, its parameters and the optimiser's state."""
        number = epoch // self.stride
        row = self._rows[number]
        return number * self.stride, row[: self.n_parameters], row[self.n_parameters :]

    def until(self, epoch: int) -> Self:
        """Return the history up to an epoch."""
        rates = tuple(entry for entry in self.rates if entry[0] <= epoch)
        settings = tuple(entry for entry in self.settings if entry.epoch <= epoch)
        return replace(self, epoch=epoch, rates=rates, settings=settings)

    def with_rate(self, rate: float) -> Self:
        """Return the history with another learning rate from now on."""
        earlier = tuple(entry for entry in self.rates if entry[0] < self.epoch)
        return replace(self, rates=(*earlier, (self.epoch, rate)))

    def with_values(
        self,
        values: Mapping[int, float],
        loss: Float[Tensor, ""],
        row: Float[Tensor, " parameters_and_state"],
        test_loss: Float[Tensor, ""] | None = None,
    ) -> Self:
        """Return the history after parameters were set by hand in the present epoch.

        Args:
            values: by place in the row of parameters.
            loss: of the changed network.
            row: the changed parameters, and the optimiser's state.
            test_loss: of the changed network on the test data, if there are any.
        """
        now, kept, tested = self.epoch, self.kept, self.test_losses
        if now % self.stride == 0:
            kept = kept.with_last(now // self.stride + 1, row)
        if tested is not None and test_loss is not None:
            tested = tested.with_last(now + 1, test_loss)
        set_now = {one.place: one.value for one in self.settings if one.epoch == now} | {**values}
        return replace(
            self,
            losses=self.losses.with_last(now + 1, loss),
            kept=kept,
            test_losses=tested,
            settings=(
                *(one for one in self.settings if one.epoch < now),
                *(Setting(now, place, value) for place, value in set_now.items()),
            ),
        )

    def stride_for(self, epoch: int) -> int:
        """Return the stride with which the parameters up to an epoch can be kept."""
        stride, numbers = self.stride, self._rows.shape[1]
        while epoch // stride * numbers > KEPT_NUMBERS and stride < epoch:
            stride *= 2
        return stride

    def thinned(self, stride: int) -> Self:
        """Keep the parameters of fewer epochs: of every `stride`-th one."""
        if stride == self.stride:
            return self
        return replace(self, stride=stride, kept=AppendOnly(self._rows[:: stride // self.stride]))

    def with_epochs(
        self,
        loss: Float[Tensor, " epochs"],
        rows: Float[Tensor, "rows parameters_and_state"],
        test_loss: Float[Tensor, " epochs"] | None = None,
    ) -> Self:
        """Add epochs: the loss of each, and the rows of those that `stride` divides."""
        tested = self.test_losses
        if tested is not None and test_loss is not None:
            tested = tested.with_more(self.epoch + 1, test_loss)
        return replace(
            self,
            epoch=self.epoch + loss.shape[0],
            losses=self.losses.with_more(self.epoch + 1, loss),
            kept=self.kept.with_more(self.epoch // self.stride + 1, rows),
            test_losses=tested,
        )
