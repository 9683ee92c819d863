"""Turns: the order in which scripts run, of one visitor and of all visitors.

Streamlit may run two threads for one visitor at the same time: a widget of the sidebar starts a new
one while the other still trains. One lock for each visitor puts their deeds in order. It covers
drawing too, so that what is drawn comes from one state; a compare-and-set of the state alone could
not promise that. Training looks up after each update and gives way to a deed that waits.

The scripts of different visitors run one after the other, because threads of Python share one core
and would spend much of it on switching. Training hardly needs Python, so it has turns of its own:
in short slices (see `Slices`).
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from nets.page.visitor.inbox import Inbox

PATIENCE = 0.1  # seconds, after which a turn no longer waits for the one before it

P = ParamSpec("P")
R = TypeVar("R")
Ordered = TypeVar("Ordered", bound="InOrder")


class Turn:
    """One script's turn: whether it has begun, and whether it has ended."""

    def __init__(self) -> None:
        """Make a turn that has not begun."""
        self.begun, self.ended = threading.Event(), threading.Event()

    def wait_for(self, before: "Turn", seconds: float) -> None:
        """Begin when the turn before has ended, or this long after it has begun."""
        before.begun.wait()
        before.ended.wait(seconds)
        self.begun.set()

    def end(self) -> None:
        """Let the next turn begin, even if this one never has."""
        self.begun.set()
        self.ended.set()


class Queue:
    """Turns one after the other. Each waits for the one before it only."""

    def __init__(self, patience: float = PATIENCE) -> None:
        """Make an empty queue, in which nobody is waited for longer than this."""
        self.patience = patience
        self._last, self._lock, self._thread = Turn(), threading.Lock(), threading.local()
        self._last.end()

    @property
    def is_busy(self) -> bool:
        """Whether somebody has a turn, or waits for one."""
        return not self._last.ended.is_set()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and take it; a turn inside a turn is the same one."""
        if getattr(self._thread, "has_turn", False):
            yield
            return
        own = Turn()
        with self._lock:
            before, self._last = self._last, own
        try:
            own.wait_for(before, self.patience)
            self._thread.has_turn = True
            yield
        finally:
            self._thread.has_turn = False
            own.end()


_scripts = Queue()
turn = _scripts.turn

SLICE = 0.02  # seconds of training, after which somebody else may train
LOOK_UP = 0.02  # seconds between two looks of somebody who waits
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Slices:
    """Slices of training, in the order in which they are asked for: at most one for each core.

    One core is left for scripts while one runs, and while more want to train than there are cores.
    """

    def __init__(self, cores: int, is_busy: Callable[[], bool]) -> None:
        """Ask with this function whether a script runs."""
        self._cores, self._is_busy = cores, is_busy
        self._waiting, self._taken = deque[threading.Event](), 0
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def _most(self) -> int:
        """How many may train at the same time now."""
        is_crowded = self._taken + len(self._waiting) > self._cores
        return max(1, self._cores - (is_crowded or self._is_busy()))

    @contextmanager
    def one(self, is_over: Callable[[], bool]) -> Iterator[float | None]:
        """Wait for a slice until waiting is over; yield how long, or None without a slice."""
        own, begun = threading.Event(), time.perf_counter()
        self._waiting.append(own)
        try:
            self._give()
            while not own.wait(LOOK_UP) and not is_over():
                self._give()
            yield time.perf_counter() - begun if own.is_set() else None
        finally:
            with self._lock:
                if own.is_set():
                    self._taken -= 1
                else:
                    self._waiting.remove(own)
            self._give()

    def _give(self) -> None:
        """Give slices to the first who wait, as many as there are now."""
        with self._lock:
            while self._waiting and self._taken < self._most:
                self._taken += 1
                self._waiting.popleft().set()


slices = Slices(CORES, lambda: _scripts.is_busy)


class InOrder:
    """Something whose deeds happen one after the other, whatever threads they come from."""

    def __new__(cls, *_: Any, **__: Any) -> Any:
        """Make the lock before anything else."""
        new = super().__new__(cls)
        new._lock, new._waiting, new._mail = threading.RLock(), [], None
        return new

    _lock: Any
    _waiting: list[None]  # one for each deed that waits
    _mail: Inbox | None  # the messages of the visitor's browser

    @contextmanager
    def in_order(self) -> Iterator[None]:
        """Wait until no other deed is being done."""
        self._waiting.append(None)
        with self._lock:
            self._waiting.pop()
            yield

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Draw a part of the page: in order with this visitor's deeds, in turn with the others'."""
        with self.in_order(), turn():
            yield

    def is_awaited(self) -> bool:
        """Whether another deed waits for the one that is being done."""
        return bool(self._waiting) or (self._mail is not None and self._mail.is_waiting)

    def listen(self, inbox: Inbox) -> None:
        """Let a message that arrives in this inbox count as a deed that waits."""
        self._mail = inbox

    def become(self, other: "InOrder") -> None:
        """Take over all that another one has, except its order."""
        kept = {"_lock": self._lock, "_waiting": self._waiting, "_mail": self._mail}
        vars(self).update(vars(other) | kept)


def deed(method: Callable[Concatenate[Ordered, P], R]) -> Callable[Concatenate[Ordered, P], R]:
    """Let a method run in order with the other deeds."""

    @wraps(method)
    def in_order(self: Ordered, *args: P.args, **named: P.kwargs) -> R:
        with self.in_order():
            return method(self, *args, **named)

    return in_order
