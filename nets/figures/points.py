"""Points of lines: few enough to send, so chosen that a line keeps its shape."""

import math
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor


def points_from(values: Float[Tensor, " epochs"], begin: int, most: int) -> dict[str, Any]:
    """Return the points of a line from epoch `begin`, thinned."""
    shown = thinned(values[begin:], most)
    return {"x": (shown + begin).tolist(), "y": round_numbers(values[begin:][shown])}


def thinned(values: Float[Tensor, " count"], most: int) -> Int[Tensor, " kept"]:
    """Choose at most `most` values (4 or more) that keep the shape of a line; return their indices.

    The first and the last are kept, and the lowest and the highest of each of several stretches.
    """
    count = len(values)
    if count <= most:
        return torch.arange(count)
    stretch = -(-count // (most // 2 - 1))
    padded = torch.cat([values, values[-1:].expand(-count % stretch)]).view(-1, stretch)
    starts = torch.arange(len(padded)) * stretch
    extremes = torch.cat([starts + padded.argmin(dim=1), starts + padded.argmax(dim=1)])
    ends = torch.tensor([0, count - 1])
    return torch.cat([extremes.clamp(max=count - 1), ends]).unique()


def round_numbers(values: Float[Tensor, " count"], digits: int = 7) -> list[float | None]:
    """Round to the seven digits of a float32, which is short to send; not finite is None, a gap."""
    return [
        float(f"{value:.{digits}g}") if math.isfinite(value) else None for value in values.tolist()
    ]
