"""Heat maps: a grid of numbers as an image, orange below the middle, blue above, pale between.

Below the middle it is striped too, and where the side or the winner changes there is a line.
"""

import base64
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import torch
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor

from nets.engine.compatibility import range_of
from nets.figures.colours import MAP_SHADES, Theme, blend, class_colour
from nets.figures.map_marks import boundary, has_room, stripes

COMPRESSION = 3  # of zlib; higher levels take several times as long
CLASS_SHADES = 8  # of a class's colour, from a tie with another class to a clear winner
FLAT = 0.75  # the shade, from 0 to 1, where only the side or the winner is shown
MIN_REACH = 1e-6


@dataclass(frozen=True)
class Scale:
    """Which number is pale, and how far from it colours are strongest."""

    middle: float
    reach: float

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest number."""
        return self.middle - self.reach, self.middle + self.reach


def activation_scales(
    activation: str, values: Float[Tensor, "neurons rows columns"]
) -> list[Scale]:
    """Return each neuron's scale: the activation's range if it is finite, else the values' own."""
    low, high = range_of(activation)
    if high - low < math.inf:
        return [Scale((low + high) / 2, (high - low) / 2)] * len(values)
    largest = values.abs().amax(dim=(1, 2)).nan_to_num().clamp(min=MIN_REACH)
    return [Scale(0.0, reach) for reach in largest.tolist()]


def target_scale(targets: Float[Tensor, "N n_output"], *, classes: bool) -> Scale:
    """Return a scale for all of a run: 0 to 1 for classes, symmetric around 0 for numbers."""
    return Scale(0.5, 0.5) if classes else Scale(0.0, max(targets.abs().max().item(), MIN_REACH))


def draw_maps(
    values: Float[Tensor, "maps rows columns"],
    scales: Sequence[Scale],
    theme: Theme,
    *,
    two_colours: bool = False,
) -> list[str]:
    """Draw each map on its own scale, or with `two_colours` only which side of the middle it is.

    Returns:
        An image for each map, as the source of an HTML image.
    """
    middles, reaches = (
        values.new_tensor([getattr(scale, part) for scale in scales])[:, None, None]
        for part in ("middle", "reach")
    )
    shares = ((values - middles) / reaches).nan_to_num_(0.0, 1.0, -1.0)
    if two_colours:
        shares = shares.sign() * FLAT
    indices = shares.add_(1).mul_(MAP_SHADES / 2).clamp_(0, MAP_SHADES - 1).to(torch.uint8)
    _, rows, columns = indices.shape
    if has_room(rows, columns):
        below = indices < MAP_SHADES // 2
        indices += (below & stripes(rows, columns)) * MAP_SHADES
        indices[boundary(below)] = len(theme.map_palette) - 1
    return image_sources(indices, theme.map_palette)


def draw_classes(
    values: Float[Tensor, "classes rows columns"], theme: Theme, *, winner_only: bool = False
) -> str:
    """Draw which class wins where, the stronger the clearer; or with `winner_only` in one shade."""
    (first, second), (winner, _) = values.nan_to_num().topk(2, dim=0)
    lead = (first - second).clamp(0, 1)
    steps = torch.full_like(lead, FLAT) if winner_only else lead
    indices = winner * CLASS_SHADES + (steps * (CLASS_SHADES - 1)).round().long()
    colours = tuple(theme.tint(class_colour(number)) for number in range(len(values)))
    palette = (*_class_shades(theme.pale, colours), theme.quiet)
    if has_room(*winner.shape):
        indices[boundary(winner[None])[0]] = len(palette) - 1
    return image_sources(indices.to(torch.uint8)[None], palette)[0]


@cache
def _class_shades(pale: str, colours: tuple[str, ...]) -> tuple[str, ...]:
    shares = [step / (CLASS_SHADES - 1) for step in range(CLASS_SHADES)]
    return tuple(blend(pale, colour, share) for colour in colours for share in shares)


def image_sources(
    indices: UInt8[Tensor, "images rows columns"], colours: tuple[str, ...]
) -> list[str]:
    """Write images as PNG files in data URLs; each pixel is an index into at most 256 colours."""
    _, rows, columns = indices.shape
    palette = _palette(colours)
    return [_image_source(image.tobytes(), (columns, rows), palette) for image in indices.numpy()]


@cache
def _palette(colours: tuple[str, ...]) -> bytes:
    return bytes.fromhex("".join(colour[1:] for colour in colours))


def _image_source(pixels: bytes, size: tuple[int, int], palette: bytes) -> str:
    image = Image.frombytes("P", size, pixels)
    image.putpalette(palette)
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=COMPRESSION)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
