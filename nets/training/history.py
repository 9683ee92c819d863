"""History: the loss of every epoch, and enough parameters to show any epoch again."""

from dataclasses import dataclass, replace
from typing import Self

import torch
from jaxtyping import Float, Shaped
from torch import Tensor


class AppendOnly:
    """A tensor with room to spare behind its rows, so that adding one does not copy them all.

    Whoever holds a Growing and a length has that many rows, and they never change. Adding to it
    writes behind the rows in use if these are the ones that one has, and otherwise, where somebody
    else has gone on from the same rows, to a copy.
    """

    def __init__(self, rows: Shaped[Tensor, " rows *columns"], room: int = 0) -> None:
        """Copy some rows and leave room behind them."""
        self._rows = rows.new_empty(max(room, len(rows)), *rows.shape[1:])
        self._rows[: len(rows)] = rows
        # How many rows are in use. Whoever takes the number out may add; two threads cannot both.
        self._in_use = [len(rows)]

    def first(self, length: int) -> Shaped[Tensor, " length *columns"]:
        """View the first rows."""
        return self._rows[:length]

    def with_more(self, length: int, more: Shaped[Tensor, " more *columns"]) -> Self:
        """Return what has the first `length` rows and then these."""
        end = length + len(more)
        if end <= len(self._rows) and self._claim(length):
            self._rows[length:end] = more
            self._in_use.append(end)
            return self
        grown = type(self)(self.first(length), room=end + end // 2)
        return grown.with_more(length, more)

    def _claim(self, length: int) -> bool:
        """Take the right to add behind this many rows, if nobody has added or adds there."""
        try:
            in_use = self._in_use.pop()
        except IndexError:
            return False
        if in_use != length:
            self._in_use.append(in_use)
            return False
        return True


KEPT_NUMBERS = 2**20  # kept of parameters and memory for one run: 4 MB


@dataclass(frozen=True)
class History:
    """What a run leaves behind, epoch by epoch.

    Attributes:
        epoch: the last epoch there is.
        rates: (epoch, learning rate from that epoch on).
        stride: every how many epochs parameters are kept: 1 while all fit into `KEPT_NUMBERS`,
            then 2, 4, …; the epochs between are trained again when they are asked for, which
            gives the same numbers.
        n_parameters: how many parameters there are.
        losses, kept: the rows behind `loss` and `parameters`; behind the parameters of a kept epoch
            lies what the optimiser remembered then.
        test_losses: those behind `test_loss`, where some data is kept aside.
    """

    epoch: int
    rates: tuple[tuple[int, float], ...]
    stride: int
    n_parameters: int
    losses: AppendOnly
    kept: AppendOnly
    test_losses: AppendOnly | None = None

    @classmethod
    def begun(
        cls,
        loss: Float[Tensor, ""],
        parameters: Float[Tensor, " n_parameters"],
        rate: float,
        memory: Float[Tensor, " remembered"],
        test_loss: Float[Tensor, ""] | None = None,
    ) -> Self:
        """Begin at epoch 0, with the first weights and their loss."""
        kept = AppendOnly(torch.cat((parameters, memory))[None])
        tested = None if test_loss is None else AppendOnly(test_loss[None])
        return cls(0, ((0, rate),), 1, len(parameters), AppendOnly(loss[None]), kept, tested)

    @property
    def loss(self) -> Float[Tensor, " epochs"]:
        """The loss per example, one value an epoch, epoch 0 first."""
        return self.losses.first(self.epoch + 1)

    @property
    def test_loss(self) -> Float[Tensor, " epochs"] | None:
        """The same of the data kept aside; None where there is none."""
        return None if self.test_losses is None else self.test_losses.first(self.epoch + 1)

    @property
    def parameters(self) -> Float[Tensor, "rows n_parameters"]:
        """The parameters kept: of epoch 0, then of every `stride`-th epoch, one flat row each."""
        return self._rows[:, : self.n_parameters]

    @property
    def _rows(self) -> Float[Tensor, "rows parameters_and_memory"]:
        return self.kept.first(self.epoch // self.stride + 1)

    def nearest(
        self, epoch: int
    ) -> tuple[int, Float[Tensor, " n_parameters"], Float[Tensor, " remembered"]]:
        """Return the last kept epoch up to this one, its parameters and the optimiser's memory."""
        number = epoch // self.stride
        row = self._rows[number]
        return number * self.stride, row[: self.n_parameters], row[self.n_parameters :]

    def until(self, epoch: int) -> Self:
        """Forget everything after an epoch."""
        rates = tuple(entry for entry in self.rates if entry[0] <= epoch)
        return replace(self, epoch=epoch, rates=rates)

    def with_rate(self, rate: float) -> Self:
        """Note that another learning rate holds from now on."""
        earlier = tuple(entry for entry in self.rates if entry[0] < self.epoch)
        return replace(self, rates=(*earlier, (self.epoch, rate)))

    def stride_for(self, epoch: int) -> int:
        """Return the stride that leaves room to go on to an epoch."""
        stride, numbers = self.stride, self._rows.shape[1]
        while epoch // stride * numbers > KEPT_NUMBERS and stride < epoch:
            stride *= 2
        return stride

    def thinned(self, stride: int) -> Self:
        """Keep the parameters of fewer epochs: of every `stride`-th."""
        if stride == self.stride:
            return self
        return replace(self, stride=stride, kept=AppendOnly(self._rows[:: stride // self.stride]))

    def with_more(
        self,
        loss: Float[Tensor, " epochs"],
        rows: Float[Tensor, "rows parameters_and_memory"],
        test_loss: Float[Tensor, " epochs"] | None = None,
    ) -> Self:
        """Add epochs: the losses of each, and what is kept of those at a multiple of `stride`."""
        tested = self.test_losses
        if tested is not None and test_loss is not None:
            tested = tested.with_more(self.epoch + 1, test_loss)
        return replace(
            self,
            epoch=self.epoch + len(loss),
            losses=self.losses.with_more(self.epoch + 1, loss),
            kept=self.kept.with_more(self.epoch // self.stride + 1, rows),
            test_losses=tested,
        )
