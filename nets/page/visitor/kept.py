"""Kept: what takes long is computed once, and kept for the visit as long as it stays true.

What may take more than half a second is computed by another thread, off the turns of all visitors.
The page says so meanwhile, and asks again until it is done.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple, TypeVar

import streamlit as st

from nets.page.visitor.memory import gate
from nets.page.visitor.reception import is_served

T = TypeVar("T")
STORE = "kept"  # the key of all that is kept for a visitor
ASKED = "sweep_asked"  # in it, the key of the last sweep
MOST_REFUSALS = 8  # that are kept for a key, besides one result
SMALL_FILE = 100_000  # bytes, which are read in less than a tenth of a second
BYTES_OF_READING = 15  # that reading a file takes for each of its bytes
THREADS = 2  # that compute, for all visitors together
WAIT = 0.2  # seconds that the page waits for a result before it says that it is being computed
POLL = 0.5  # seconds between two times that the browser asks whether a result is there


class Kept(NamedTuple):
    """What was computed, or the sentence that says why it cannot be, and what it was computed of.

    What was wrong is kept as a sentence, because an exception holds on to all that it passed.
    """

    of: object
    result: Any = None
    wrong: str | None = None

    @classmethod
    def computed(cls, of: object, compute: Callable[[], object]) -> "Kept":
        """Compute something, and keep the result or the sentence of a ValueError."""
        try:
            return cls(of, compute())
        except ValueError as error:
            return cls(of, wrong=str(error))


_line: list["Work"] = []  # that wait, of all visitors, in the order in which they came
_thread = threading.local()  # its `work` is what it computes


class Work:
    """Something that another thread computes.

    Attributes:
        of: what it is computed of.
        drawn: whether the page says that it is being computed.
        done: the share that is done, from 0 to 1, where it is known.
        is_cancelled: whether nobody waits for it any more.
    """

    def __init__(self, of: object, compute: Callable[[], object], size: int) -> None:
        """Have something computed that takes this number of bytes meanwhile."""
        self.of, self.drawn, self.done, self._begun = of, False, 0.0, 0.0
        self.is_cancelled = False
        _line.append(self)
        self._future = _threads().submit(self._compute, compute, size)

    def _compute(self, compute: Callable[[], object], size: int) -> Kept:
        with gate.through(size):
            self._leave_the_line()
            self._begun, _thread.work = time.monotonic(), self
            return Kept.computed(self.of, compute)

    def _leave_the_line(self) -> None:
        with suppress(ValueError):
            _line.remove(self)

    def result(self, seconds: float | None) -> Kept | None:
        """Wait for the result, for some seconds or to the end; None if it is not there by then."""
        try:
            return self._future.result(seconds)
        except (TimeoutError, CancelledError):
            return None

    @property
    def is_over(self) -> bool:
        """Whether the result is there, or nobody waits for it any more."""
        return self._future.done()

    @property
    def progress(self) -> str:
        """How far it has come, in words."""
        if not self._begun:
            with suppress(ValueError):  # it has left the line just now
                place = _line.index(self) + 1
                return f"waiting for other visitors' work, number {place} in the queue."
        share = f"{self.done:.0%} done, " if self.done else ""
        seconds = time.monotonic() - self._begun if self._begun else 0.0
        return f"{share}{seconds:.0f} s so far."

    def cancel(self) -> None:
        """Do not begin; if it has begun, end when it next reports."""
        self.is_cancelled = True
        if self._future.cancel():
            self._leave_the_line()


def report(done: float) -> None:
    """Note how much of this thread's work is done, from 0 to 1; elsewhere it changes nothing.

    Raises:
        CancelledError: if nobody waits for this work any more.
    """
    work: Work | None = getattr(_thread, "work", None)
    if work is not None:
        work.done = done
        if work.is_cancelled:
            raise CancelledError


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, "work")


class NotYet(Exception):
    """What the page needs is being computed."""

    def __init__(self, work: Work, words: str) -> None:
        """Say what is being done, in words such as "Reading the file"."""
        super().__init__(words)
        self.work, self.words = work, words

    def show(self) -> None:
        """Say so on the page, until it is done."""
        self.work.drawn = True
        _show_progress(self.work, self.words)


@st.fragment(run_every=POLL)
def _show_progress(work: Work, words: str) -> None:
    if work.is_over or not work.drawn:
        st.rerun()
    st.caption(f":material/hourglass_top: {words}: {work.progress}")


class Store(dict[str, list[Kept]]):
    """All that is kept for a visitor, by key, the newest last, and the work that is under way."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.works: dict[str, Work] = {}

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        for work in self.works.values():
            work.cancel()
        self.works.clear()

    def is_drawn_again(self) -> None:
        """Note that the page no longer says what is under way, until it says so again."""
        for work in self.works.values():
            work.drawn = False

    def find(self, key: str, of: object) -> Kept | None:
        """Return what is kept for a key and an equal `of`."""
        return next((each for each in self.get(key, []) if each.of == of), None)

    def asked(self, key: str) -> list[Any]:
        """List what is computed now for a key, and what was: each time, what it is computed of."""
        work = self.works.get(key)
        return [*([work.of] if work else []), *(each.of for each in reversed(self.get(key, [])))]

    def add(self, key: str, found: Kept) -> None:
        """Keep the last result of a key, and the last few refusals, which are short."""
        refusals = [each for each in self.get(key, []) if each.wrong is not None]
        self[key] = [*refusals[-MOST_REFUSALS:], found]


def when_large(content: bytes, words: str) -> tuple[int, str]:
    """The last arguments of `kept` for work on a file: only a large one is left to another thread.

    Returns:
        The bytes that the work takes, and the words, or none.
    """
    return BYTES_OF_READING * len(content), words if len(content) > SMALL_FILE else ""


def store() -> Store:
    """Return all that is kept for this visitor."""
    return st.session_state.setdefault(STORE, Store())


def forget(key: str) -> None:
    """Forget what is kept for a key."""
    store().pop(key, None)


def kept(key: str, of: object, compute: Callable[[], T], size: int = 0, later: str = "") -> T:
    """Compute something, or return what an earlier call with this key and an equal `of` gave.

    Args:
        key: of the result: the last one is kept.
        of: what it is computed of.
        compute: computes it.
        size: the bytes that it takes meanwhile.
        later: if another thread is to compute it, what the page says, such as "Reading the file".

    Raises:
        NotYet: while another thread computes it.
        ValueError: if `compute` does, or did for an equal `of`.
    """
    found = store().find(key, of)
    if found is None:
        if later:
            found = _later(key, of, compute, size, later)
        else:
            with gate.through(size):
                found = Kept.computed(of, compute)
        store().add(key, found)
    if found.wrong is not None:
        raise ValueError(found.wrong)
    return found.result


def _later(key: str, of: object, compute: Callable[[], T], size: int, words: str) -> Kept:
    """Return what another thread has computed; it begins now, unless it is at work already."""
    works = store().works
    work = works.get(key)
    if work is None or work.of != of:
        if work is not None:
            work.cancel()
        work = works[key] = Work(of, compute, size)
    try:
        found = work.result(WAIT if is_served() else None)
    finally:
        if work.is_over:
            works.pop(key, None)
    if found is None:
        raise NotYet(work, words)
    return found
