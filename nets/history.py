"""History: the loss of every epoch, and enough parameters to show any epoch again."""

from dataclasses import dataclass, field, replace
from typing import Self

import torch
from jaxtyping import Float, Int
from torch import Tensor

KEPT_NUMBERS = 2**20  # parameters kept for one run: 4 MB


@dataclass(frozen=True)
class History:
    """What a run leaves behind, epoch by epoch.

    Attributes:
        loss: per example, one value an epoch, epoch 0 first.
        kept: the epochs whose parameters are kept: every `stride`-th, epoch 0 first.
        parameters: theirs, one flat row an epoch.
        stride: 1 while all epochs fit into `KEPT_NUMBERS`, then 2, 4, …; the epochs between are
            trained again when they are asked for, which gives the same numbers.
        rates: (epoch, learning rate from that epoch on).
    """

    loss: Float[Tensor, " epochs"]
    kept: Int[Tensor, " rows"]
    parameters: Float[Tensor, "rows n_parameters"]
    stride: int = 1
    rates: tuple[tuple[int, float], ...] = field(default=())

    @property
    def epoch(self) -> int:
        """The last epoch there is."""
        return len(self.loss) - 1

    def rate_at(self, epoch: int) -> float:
        """Return the learning rate that the update after this epoch used."""
        return next(rate for start, rate in reversed(self.rates) if start <= epoch)

    def nearest(self, epoch: int) -> tuple[int, Float[Tensor, " n_parameters"]]:
        """Return the last kept epoch up to this one, and its parameters."""
        row = int(torch.searchsorted(self.kept, epoch, right=True)) - 1
        return int(self.kept[row]), self.parameters[row]

    def until(self, epoch: int) -> Self:
        """Forget everything after an epoch."""
        rows = self.kept <= epoch
        return replace(
            self,
            loss=self.loss[: epoch + 1],
            kept=self.kept[rows],
            parameters=self.parameters[rows],
            rates=tuple(entry for entry in self.rates if entry[0] <= epoch),
        )

    def thinned_for(self, epoch: int) -> Self:
        """Return a history whose stride leaves room to go on to an epoch."""
        stride, n_parameters = self.stride, self.parameters.shape[1]
        while epoch // stride * n_parameters > KEPT_NUMBERS and stride < epoch:
            stride *= 2
        if stride == self.stride:
            return self
        rows = self.kept % stride == 0
        return replace(self, kept=self.kept[rows], parameters=self.parameters[rows], stride=stride)


class Record:
    """Room for the next epochs of a history, while they are being trained.

    Attributes:
        rows: for each of these epochs where its parameters go, or None if they are not kept.
    """

    def __init__(self, history: History, epochs: int) -> None:
        self.past = history.thinned_for(history.epoch + epochs)
        new = range(history.epoch + 1, history.epoch + epochs + 1)
        self.kept = [epoch for epoch in new if epoch % self.past.stride == 0]
        self.parameters = history.parameters.new_empty(len(self.kept), history.parameters.shape[1])
        free = iter(self.parameters.unbind())
        self.rows = [next(free) if epoch % self.past.stride == 0 else None for epoch in new]

    def history(self, loss: Float[Tensor, " epochs"]) -> History:
        """Return the history with these epochs behind it."""
        past = self.past
        return replace(
            past,
            loss=torch.cat([past.loss, loss]),
            kept=torch.cat([past.kept, past.kept.new_tensor(self.kept)]),
            parameters=torch.cat([past.parameters, self.parameters]),
        )
