"""Growing: rows that are only ever added at the end, shared by all who know the beginning."""

from typing import Self

from jaxtyping import Shaped
from torch import Tensor


class Growing:
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
