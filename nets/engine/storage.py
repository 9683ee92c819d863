"""Flat: matrices that lie one behind the other in one long row of numbers."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from jaxtyping import Float
from torch import Tensor

# Matrices start at a multiple of 16 numbers, because torch.mm may round another way where a matrix
# does not lie on a boundary of 64 bytes as a tensor of its own does. The few numbers skipped stay
# what they were at first.
ALIGNMENT = 16

Shape = tuple[int, int]


@dataclass(frozen=True)
class Flat:
    """One tensor, and matrices that are views of it.

    Attributes:
        whole: all numbers; the last axis is the long row, axes before it hold several such rows.
        matrices: (..., rows, columns), in order.
        starts: where in the row each matrix begins, and where the last one's place ends.
    """

    whole: Float[Tensor, "*many length"]
    matrices: tuple[Float[Tensor, "*many _ _"], ...]
    starts: tuple[int, ...]

    @classmethod
    def over(cls, whole: Float[Tensor, "*many length"], shapes: Sequence[Shape]) -> Self:
        """View a tensor that is there as matrices of these shapes, without copying it."""
        starts = starts_of(shapes)
        matrices = (
            whole[..., start : start + rows * columns].view(*whole.shape[:-1], rows, columns)
            for start, (rows, columns) in zip(starts, shapes, strict=False)
        )
        return cls(whole, tuple(matrices), starts)

    @classmethod
    def filled(cls, like: Float[Tensor, "*many _"], shapes: Sequence[Shape], value: float) -> Self:
        """Make room for matrices of these shapes, with the precision and first axes of another."""
        whole = like.new_full((*like.shape[:-1], starts_of(shapes)[-1]), value)
        return cls.over(whole, shapes)

    def span(self, first: int, last: int) -> Float[Tensor, "*many _"]:
        """Return the part of the row from one matrix to another, both included."""
        return self.whole[..., self.starts[first] : self.starts[last + 1]]


def starts_of(shapes: Sequence[Shape]) -> tuple[int, ...]:
    """Say where each matrix begins, and after the last one the length of the row."""
    lengths = (-(-rows * columns // ALIGNMENT) * ALIGNMENT for rows, columns in shapes)
    return tuple(itertools.accumulate(lengths, initial=0))
