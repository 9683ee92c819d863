"""Turns: the visitors' scripts run one after the other, in the order in which they were asked for.

Threads of Python share one core; where many run at once they spend a good part of it on handing it
to each other.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LONG = 0.1  # seconds, after which whoever has the turn is not waited for any more


class Turn:
    """One visitor's turn: whether it has begun, and whether it has ended."""

    def __init__(self) -> None:
        """Begin with a turn that is still to come."""
        self.begun, self.ended = threading.Event(), threading.Event()

    def wait_for(self, before: "Turn", seconds: float) -> None:
        """Begin when the turn before has ended, or so many seconds after its beginning."""
        before.begun.wait()
        before.ended.wait(seconds)
        self.begun.set()

    def end(self) -> None:
        """Let the next one begin, even if this one never has."""
        self.begun.set()
        self.ended.set()


class Queue:
    """Those who wait for each other. Each knows only who came before."""

    def __init__(self, long: float = LONG) -> None:
        """Begin with nobody; whoever has the turn is waited for at most so many seconds."""
        self.long = long
        self._last, self._lock, self._thread = Turn(), threading.Lock(), threading.local()
        self._last.end()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and have it; a turn within a turn is the same one."""
        if getattr(self._thread, "has_turn", False):
            yield
            return
        own = Turn()
        with self._lock:
            before, self._last = self._last, own
        try:
            own.wait_for(before, self.long)
            self._thread.has_turn = True
            yield
        finally:
            self._thread.has_turn = False
            own.end()


turn = Queue().turn
