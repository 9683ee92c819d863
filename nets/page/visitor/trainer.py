"""The trainer: it trains a run in short parts and stops early if the visitor does something."""

import time
from collections.abc import Callable

from nets.training.advance import Training, rewind
from nets.training.early_stopping import ACCURACY, EarlyStopping, first_met
from nets.training.recipe import RecordedRun

PART = 0.05  # seconds of training in one part


class Trainer:
    """Trains the run of a visitor.

    An epoch that is not finished when time is over continues with the next call, unless the run
    has changed by then.
    """

    def __init__(self) -> None:
        """Begin without an unfinished epoch."""
        self._unfinished: Training | None = None

    def train(
        self,
        recorded: RecordedRun,
        epochs: int,
        stop: EarlyStopping | None,
        deadline: float,
        is_awaited: Callable[[], bool],
    ) -> tuple[RecordedRun, bool]:
        """Train for some epochs, or until the deadline, a divergence, a stop or a waiting deed.

        Returns the run with its recipe, and whether it meets the stop condition.
        """
        goal, size = recorded.run.epoch + epochs, 1
        stopped = stop is not None and first_met(recorded.run, stop, recorded.run.epoch) is not None
        while recorded.run.epoch < goal and not (stopped or recorded.run.divergence):
            begun, before = time.perf_counter(), recorded.run
            training = self._training_of(recorded, min(size, goal - before.epoch))
            trained = training.work(lambda: is_awaited() or time.perf_counter() > deadline)
            if trained is None:
                break
            self._unfinished = None
            met = None if stop is None else first_met(trained, stop, before.epoch + 1)
            stopped = met is not None
            recorded = recorded.on_at(trained if met is None else rewind(trained, met))
            if is_awaited() or time.perf_counter() > deadline:
                break
            seconds = max(time.perf_counter() - begun, 1e-6)
            size = max(1, min(2 * size, int(size * PART / seconds)))
            if stop is not None and stop.condition == ACCURACY:
                size = 1  # the accuracy is known for the present network only
        return recorded, stopped

    def _training_of(self, recorded: RecordedRun, epochs: int) -> Training:
        """Return the unfinished training of this run, or begin one."""
        if self._unfinished is None or self._unfinished.run is not recorded.run:
            self._unfinished = Training(recorded.run, epochs)
        return self._unfinished
