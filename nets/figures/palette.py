"""Colours and widths: how a number looks."""

import math
from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor

# Orange below zero, blue above, and a midpoint grey that keeps a contrast of more than 3 : 1 on
# white as well as on the dark background, so that a weight near zero does not vanish.
NEGATIVE, MIDPOINT, POSITIVE = "#c75300", "#8a8d94", "#0868ac"
SHADES = 255


def blend(start: str, end: str, share: float) -> str:
    """Mix two #rrggbb colours: 0 is the first, 1 the second."""
    pairs = ((int(start[i : i + 2], 16), int(end[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def ramp(stops: Sequence[str], shades: int = SHADES) -> list[str]:
    """Spread colours evenly over a ramp of shades."""
    places = [i * (len(stops) - 1) / (shades - 1) for i in range(shades)]
    last = len(stops) - 2
    return [
        blend(stops[min(int(p), last)], stops[min(int(p), last) + 1], p - min(int(p), last))
        for p in places
    ]


DIVERGING = ramp([NEGATIVE, MIDPOINT, POSITIVE])


def shades_of(
    values: Float[Tensor, "*any"], low: float, high: float, colours: Sequence[str]
) -> list[str]:
    """Give each number its colour on a scale from low to high; beyond it, the end's colour.

    What is not a number gets the colour of the middle.
    """
    last = len(colours) - 1
    shares = ((values.flatten() - low) / (high - low)).nan_to_num(0.5).clamp(0, 1)
    places: list[int] = (shares * last).round().long().tolist()
    return [colours[place] for place in places]


def scale_of(values: Float[Tensor, "*any"]) -> float:
    """Find a round number that the magnitudes of these values stay below: a scale's end."""
    largest = max(values.abs().max().item(), 1e-3)
    decade = 10.0 ** math.floor(math.log10(largest))
    steps = (step * decade for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10))
    return next(float(f"{step:.2g}") for step in steps if step >= largest)
