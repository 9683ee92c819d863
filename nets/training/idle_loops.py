"""Idle loops: training loops kept ready, so that the next `advance` need not build one."""

from collections.abc import Sequence
from contextlib import suppress
from weakref import WeakKeyDictionary

from nets.data.examples import Data
from nets.training.loop import TrainingLoop, quick_loop
from nets.training.run import Run

LOOPS_KEPT = 2  # for each data


class _IdleLoops:
    """A few loops, kept for as long as somebody has the data that they train on."""

    def __init__(self) -> None:
        self._loops: WeakKeyDictionary[Data, list[TrainingLoop]] = WeakKeyDictionary()

    def keep(self, runs: Sequence[Run], loop: TrainingLoop) -> None:
        """Keep a loop that has trained these runs, for as long as the first one's data."""
        loop.let_go()
        loops = self._loops.setdefault(runs[0].data, [])
        loops.append(loop)
        del loops[:-LOOPS_KEPT]

    def take(self, runs: Sequence[Run]) -> TrainingLoop:
        """Return a loop that begins with these runs: one of those kept, or a new one.

        A kept loop is taken out, so two threads never get the same one.
        """
        loops = self._loops.get(runs[0].data, [])
        for loop in [*loops]:
            if loop.fits(runs):
                with suppress(ValueError):  # somebody else may have taken it
                    loops.remove(loop)
                    loop.begin_with(runs)
                    return loop
        return quick_loop(runs)

    def forget(self, data: Data) -> None:
        """Forget the loops of these data, which take megabytes; nobody trains on them now."""
        self._loops.pop(data, None)


idle_loops = _IdleLoops()
