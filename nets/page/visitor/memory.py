"""Memory: a budget for the heavy work of all visitors, and what is given back to the system.

Streamlit runs every script in a new thread. The C library gives each thread its own part of the
heap, and keeps what is freed in it. On a server that would add up, so it is told not to.
"""

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MEGABYTE = 2**20
BUDGET = 64 * MEGABYTE  # of all heavy work at one time
LIGHT = 8 * MEGABYTE  # up to which work is not heavy
PARTS = 2  # of the heap, for all threads together
MAPPED = MEGABYTE  # from this size on, memory goes back to the system when it is freed
ROOM = 4 * MEGABYTE  # that may stay free at the end of the heap
# The numbers of these options in malloc.h of the GNU C library.
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8


def configure() -> None:
    """Tell the GNU C library to keep little free memory. Other systems are left as they are."""
    library = _gnu_c_library()
    if library is not None:
        library.mallopt(ARENA_MAX, PARTS)
        library.mallopt(MMAP_THRESHOLD, MAPPED)
        library.mallopt(TRIM_THRESHOLD, ROOM)


def give_back() -> None:
    """Give free memory back to the system, where the GNU C library is."""
    library = _gnu_c_library()
    if library is not None:
        library.malloc_trim(0)


def _gnu_c_library() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):  # Windows
        return None
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None


class Busy(Exception):
    """Heavy work does not fit yet."""


class Gate:
    """A gate through which heavy work goes, in turn, while all of it fits into a budget of bytes.

    Light work need not wait. Work that is larger than the whole budget goes alone.
    """

    def __init__(self, budget: int, light: int = LIGHT) -> None:
        """Open a gate for heavy work of this number of bytes in all."""
        self.budget, self.light = budget, light
        self._inside: list[int] = []  # bytes of what is being done
        self._waiting: list[object] = []  # the first in the queue first
        self._changed, self._thread = threading.Condition(), threading.local()

    @property
    def in_use(self) -> int:
        """The bytes of all work that is being done."""
        return sum(self._inside)

    @property
    def queue(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @contextmanager
    def through(
        self,
        size: int,
        on_wait: Callable[[int], object] = lambda place: None,
        seconds: float | None = None,
    ) -> Iterator[None]:
        """Wait until work of this number of bytes fits, after those who came before.

        Work inside other work is a part of it.

        Args:
            size: the bytes.
            on_wait: is told the place in the queue, from 1, whenever it changes.
            seconds: to wait at the most, or None for any time.

        Raises:
            Busy: if the work does not fit by then.
        """
        if size <= self.light or getattr(self._thread, "inside", False):
            yield
            return
        own, begun = object(), time.monotonic()
        with self._changed:
            self._waiting.append(own)
            try:
                told = 0
                while not (self._waiting[0] is own and self.has_room(size)):
                    place = self._waiting.index(own) + 1
                    if place != told:
                        on_wait(told := place)
                    left = None if seconds is None else begun + seconds - time.monotonic()
                    if left is not None and left <= 0:
                        raise Busy
                    self._changed.wait(left)
                self._inside.append(size)
            finally:
                self._waiting.remove(own)
                self._changed.notify_all()
        self._thread.inside = True
        try:
            yield
        finally:
            self._thread.inside = False
            give_back()
            with self._changed:
                self._inside.remove(size)
                self._changed.notify_all()

    def has_room(self, size: int) -> bool:
        """Whether work of this number of bytes fits now, behind what waits already or not."""
        return not self._inside or self.in_use + size <= self.budget


gate = Gate(BUDGET)
