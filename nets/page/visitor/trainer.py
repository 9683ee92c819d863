"""The trainer: it trains a run in short parts and stops early if the visitor does something."""

import time
from collections.abc import Callable

from nets.page.visitor.turns import SLICE, slices
from nets.training.advance import Training, rewind
from nets.training.early_stopping import ACCURACY, EarlyStopping, first_met
from nets.training.recipe import RecordedRun
from nets.training.run import Run

PART = 0.05  # seconds of training in one part


class Trainer:
    """Trains the run of a visitor, in turn with those of others.

    An epoch that is not finished when time is over continues with the next call, unless the run
    has changed by then.
    """

    def __init__(self) -> None:
        """Begin without an unfinished epoch."""
        self._unfinished: tuple[Training, int] | None = None  # with its number of epochs
        self._size = 1  # epochs in one part
        self.waited = 0.0  # seconds of the last call in which only others trained

    def train(
        self,
        recorded: RecordedRun,
        epochs: int,
        stop: EarlyStopping | None,
        deadline: float,
        is_awaited: Callable[[], bool],
    ) -> tuple[RecordedRun, bool]:
        """Train for some epochs, or until the deadline, a divergence, a stop or a waiting deed.

        The deadline is put off by the time in which only others trained: see `waited`. Returns the
        run with its recipe, and whether it meets the stop condition.
        """
        goal, self._size, self.waited = recorded.run.epoch + epochs, 1, 0.0
        stopped = stop is not None and first_met(recorded.run, stop, recorded.run.epoch) is not None

        def is_over() -> bool:
            return is_awaited() or time.perf_counter() > deadline + self.waited

        while not (stopped or _is_done(recorded.run, goal)):
            with slices.one(is_awaited) as waited:
                if waited is None:
                    break
                self.waited += waited
                recorded, stopped = self._train_for_a_slice(recorded, goal, stop, is_over)
            if is_over():
                break
        return recorded, stopped

    def _train_for_a_slice(
        self,
        recorded: RecordedRun,
        goal: int,
        stop: EarlyStopping | None,
        is_over: Callable[[], bool],
    ) -> tuple[RecordedRun, bool]:
        end = time.perf_counter() + SLICE
        while not _is_done(recorded.run, goal):
            begun, before = time.perf_counter(), recorded.run
            training = self._training_of(before, goal - before.epoch)
            trained = training.work(lambda: is_over() or time.perf_counter() > end)
            if trained is None:
                break
            self._unfinished = None
            met = None if stop is None else first_met(trained, stop, before.epoch + 1)
            recorded = recorded.on_at(trained if met is None else rewind(trained, met))
            if met is not None:
                return recorded, True
            if is_over() or time.perf_counter() > end:
                break
            seconds = max(time.perf_counter() - begun, 1e-6)
            self._size = max(1, min(2 * self._size, int(self._size * PART / seconds)))
            if stop is not None and stop.condition == ACCURACY:
                self._size = 1  # the accuracy is known for the present network only
        return recorded, False

    def _training_of(self, run: Run, most: int) -> Training:
        """Return the unfinished training of this run, or begin one of at most `most` epochs."""
        training, epochs = self._unfinished or (None, 0)
        if training is None or training.run is not run or epochs > most:
            epochs = min(self._size, most)
            training = Training(run, epochs)
            self._unfinished = training, epochs
        return training


def _is_done(run: Run, goal: int) -> bool:
    return run.epoch >= goal or run.divergence is not None
