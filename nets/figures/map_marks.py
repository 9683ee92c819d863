"""Marks in a map that need no colour: a line at each boundary, and stripes on one side of it."""

from functools import cache

import torch
from jaxtyping import Bool, Integer
from torch import Tensor

LEAST = 20  # pixels along both sides, without which there is no room for marks
STRIPES = 12  # across the width of a map


def has_room(rows: int, columns: int) -> bool:
    """Whether an image is large enough for marks."""
    return min(rows, columns) >= LEAST


def boundary(
    regions: Bool[Tensor, "maps rows columns"] | Integer[Tensor, "maps rows columns"],
) -> Bool[Tensor, "maps rows columns"]:
    """Return the pixels whose upper or left neighbour is of another region."""
    line = torch.zeros_like(regions, dtype=torch.bool)
    line[:, 1:] = regions[:, 1:] != regions[:, :-1]
    line[:, :, 1:] |= regions[:, :, 1:] != regions[:, :, :-1]
    return line


@cache
def stripes(rows: int, columns: int) -> Bool[Tensor, "rows columns"]:
    """Return diagonal stripes, of which a fifth of the pixels is a part."""
    period = max(5, round(columns / STRIPES))
    diagonal = torch.arange(rows)[:, None] + torch.arange(columns)
    return diagonal % period < period // 5
