"""Shading: a grid of numbers as a picture: orange below its middle, blue above, pale between."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.compatibility import range_of
from nets.figures.colours import TINTS, Theme, blend, class_colour
from nets.figures.png import palette, sources

STRENGTHS = 8  # of a class's colour, from where another is as near to where none is
LEAST_REACH = 1e-6


@dataclass(frozen=True)
class Scale:
    """Which numbers are pale, and how far from there colours end."""

    middle: float
    reach: float

    @property
    def ends(self) -> tuple[float, float]:
        """The numbers at which colours end."""
        return self.middle - self.reach, self.middle + self.reach


def scales_of(activation: str, values: Float[Tensor, "neurons rows columns"]) -> list[Scale]:
    """Take the activation's own range, or where it has no ends, what there is around zero."""
    low, high = range_of(activation)
    if high - low < math.inf:
        return [Scale((low + high) / 2, (high - low) / 2)] * len(values)
    largest = values.abs().amax(dim=(1, 2)).nan_to_num().clamp(min=LEAST_REACH)
    return [Scale(0.0, reach) for reach in largest.tolist()]


def scale_of_targets(targets: Float[Tensor, "N n_output"], *, classes: bool) -> Scale:
    """Return a scale that stays for the run: classes are 0 and 1, numbers lie around zero."""
    return Scale(0.5, 0.5) if classes else Scale(0.0, max(targets.abs().max().item(), LEAST_REACH))


@cache
def _colours_of_classes(pale: str, tints: tuple[str, ...]) -> tuple[str, ...]:
    shares = [step / (STRENGTHS - 1) for step in range(STRENGTHS)]
    return tuple(blend(pale, tint, share) for tint in tints for share in shares)


def shaded(
    values: Float[Tensor, "maps rows columns"],
    scales: Sequence[Scale],
    theme: Theme,
    *,
    two_tints: bool = False,
) -> list[str]:
    """Picture each map on its own scale; with `two_tints` only which side of the middle it is."""
    middles, reaches = (
        values.new_tensor([getattr(scale, part) for scale in scales])[:, None, None]
        for part in ("middle", "reach")
    )
    shares = ((values - middles) / reaches).nan_to_num_(0.0, 1.0, -1.0)
    if two_tints:
        shares = shares.sign() * 0.75
    places = shares.add_(1).mul_(TINTS / 2).clamp_(0, TINTS - 1)
    return sources(places.to(torch.uint8), palette(theme.tints))


def tinted(
    values: Float[Tensor, "classes rows columns"], theme: Theme, *, plain: bool = False
) -> str:
    """Picture which of several classes wins where, the stronger the clearer; `plain`, who wins."""
    (first, second), (winner, _) = values.nan_to_num().topk(2, dim=0)
    clear = (first - second).clamp(0, 1)
    steps = torch.full_like(clear, 0.75) if plain else clear
    places = winner * STRENGTHS + (steps * (STRENGTHS - 1)).round().long()
    tints = tuple(theme.tint(class_colour(number)) for number in range(len(values)))
    colours = palette(_colours_of_classes(theme.pale, tints))
    return sources(places.to(torch.uint8)[None], colours)[0]
