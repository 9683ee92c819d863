"""Storage: flat tensors and buffers. It is there for speed alone; skip it at first reading."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from jaxtyping import Float
from torch import Tensor

# Matrices start at multiples of 16 numbers, because torch.mm may round differently where a matrix
# does not start on a boundary of 64 bytes, as a separate tensor does. The numbers between two
# matrices are never used.
ALIGNMENT = 16

Shape = tuple[int, int]


@dataclass(frozen=True)
class Flat:
    """One long row of numbers, and matrices that are views of it.

    Attributes:
        whole: all numbers. The last axis is the row; axes before it hold several such rows.
        matrices: (..., rows, columns), in order.
        starts: where each matrix begins in the row, then the length of the row.
    """

    whole: Float[Tensor, "*many length"]
    matrices: tuple[Float[Tensor, "*many _ _"], ...]
    starts: tuple[int, ...]

    @classmethod
    def over(cls, whole: Float[Tensor, "*many length"], shapes: Sequence[Shape]) -> Self:
        """View a tensor as matrices of these shapes, without copying it."""
        starts = starts_of(shapes)
        matrices = [
            whole[..., start : start + rows * columns].view(*whole.shape[:-1], rows, columns)
            for start, (rows, columns) in zip(starts, shapes, strict=False)
        ]
        return cls(whole, tuple(matrices), starts)

    @classmethod
    def filled(cls, like: Float[Tensor, "*many _"], shapes: Sequence[Shape], value: float) -> Self:
        """Make a row for matrices of these shapes, with the precision and first axes of `like`."""
        whole = like.new_full((*like.shape[:-1], starts_of(shapes)[-1]), value)
        return cls.over(whole, shapes)

    def span(self, first: int, last: int) -> Float[Tensor, "*many _"]:
        """Return the part of the row from one matrix to another, both included."""
        return self.whole[..., self.starts[first] : self.starts[last + 1]]


def matrix_shapes(sizes: Sequence[int]) -> list[Shape]:
    """Return the shape of each layer's matrix: a row of weights for each input, then the biases."""
    return [(fan_in + 1, fan_out) for fan_in, fan_out in itertools.pairwise(sizes)]


def starts_of(shapes: Sequence[Shape]) -> tuple[int, ...]:
    """Compute where each matrix begins, and after the last one the length of the row."""
    lengths = [-(-rows * columns // ALIGNMENT) * ALIGNMENT for rows, columns in shapes]
    return tuple(itertools.accumulate(lengths, initial=0))


@dataclass(frozen=True)
class Buffer:
    """Memory for one number per neuron and example, in one flat tensor for all layers.

    Attributes:
        neurons: one tensor for each layer, (batch, fan_out).
        fed: the input of the next layer: `neurons`, or when augmented the same with one more
            column that is always 1, (batch, fan_out + 1). Examples then lie in columns, which is
            fast for many examples.
        groups: neighbouring layers that share an activation, as one flat tensor each.
    """

    neurons: tuple[Float[Tensor, "*many batch _"], ...]
    fed: tuple[Float[Tensor, "*many batch _"], ...]
    groups: tuple[Tensor, ...]

    @classmethod
    def empty(
        cls,
        like: Float[Tensor, "*many _"],
        sizes: Sequence[int],
        groups: Sequence[tuple[int, int]],
        batch: int,
        *,
        augmented: bool,
    ) -> Self:
        """Make a buffer full of ones.

        Args:
            like: whose precision and first axes it has.
            sizes: the number of neurons in each layer.
            groups: the first and the last layer of each group.
            batch: the number of examples.
            augmented: whether `fed` has one more column.
        """
        shapes = [(size + 1, batch) if augmented else (batch, size) for size in sizes]
        flat = Flat.filled(like, shapes, 1.0)
        fed = tuple([rows.mT for rows in flat.matrices]) if augmented else flat.matrices
        neurons = tuple([x[..., :-1] for x in fed]) if augmented else fed
        return cls(neurons, fed, tuple([flat.span(*ends) for ends in groups]))


def augment(examples: Float[Tensor, "*many batch n_input"]) -> Float[Tensor, "*many batch _"]:
    """Add to examples one more input that is always 1, whose weights are the biases."""
    return torch.cat([examples, torch.ones_like(examples[..., :1])], dim=-1)
