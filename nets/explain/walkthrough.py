"""Walking: through the phases of one epoch after the other, there and back."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

from nets.explain.phases import Phase, UpdateTrace, phases, trace_update, updates_an_epoch
from nets.training.advance import advance, rewind
from nets.training.run import Run


@dataclass(frozen=True)
class Walkthrough:
    """Where somebody stands inside an epoch.

    The engine computes an epoch whole, so walking through it gives what `advance` gives; a walk
    only says how much of it has been revealed.

    Attributes:
        start: the run at the beginning of the epoch.
        revealed: how many phases of the epoch have been revealed: none, some, or all.
        arrival: the run at the end of the epoch, where somebody comes back from beyond it: it may
            have got another learning rate there.
    """

    start: Run
    revealed: int = 0
    arrival: Run | None = None

    @cached_property
    def run(self) -> Run:
        """The run as it is here: with the last phase of its last update the epoch is done."""
        if self.revealed < self.length:
            return self.start
        return advance(self.start, 1) if self.arrival is None else self.arrival

    @property
    def length(self) -> int:
        """How many phases the epoch has."""
        return len(self._phases) * updates_an_epoch(self.start)

    @property
    def batch(self) -> int:
        """Which update of the epoch this is, from 0."""
        return max(0, self.revealed - 1) // len(self._phases)

    @property
    def phase(self) -> Phase | None:
        """The phase that was revealed last, or None where none was."""
        if self.revealed == 0:
            return None
        return self._phases[(self.revealed - 1) % len(self._phases)]

    @cached_property
    def step(self) -> UpdateTrace:
        """The update that is walked through, whole."""
        return trace_update(self.start, self.batch)

    def forth(self) -> Self:
        """Reveal the next phase, which may be the first one of the next epoch."""
        if self.revealed < self.length:
            return type(self)(self.start, self.revealed + 1)
        return type(self)(self.run, 1)

    def back(self) -> Self:
        """Go back by one phase, into the epoch before too; at epoch 0 nothing is left revealed.

        The end of an epoch and the beginning of the next, before its first phase, are one place.
        """
        if self.revealed > 1:
            return type(self)(self.start, self.revealed - 1)
        if self.start.epoch == 0:
            return type(self)(self.start)
        end = self._end_of_the_epoch_before()
        return end if self.revealed == 1 else end.back()

    def _end_of_the_epoch_before(self) -> Self:
        before = type(self)(rewind(self.start, self.start.epoch - 1))
        return type(self)(before.start, before.length, self.start)

    @property
    def _phases(self) -> list[Phase]:
        return phases(len(self.start.network.layers))
