"""Every colour of the page: of numbers, of classes, and of text and lines in light and dark."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from jaxtyping import Float
from torch import Tensor

# Orange below zero, blue above. The grey in the middle has a contrast of more than 3 : 1 on white
# and on the dark background, so that a weight near zero stays visible.
NEGATIVE, MIDPOINT, POSITIVE = "#c75300", "#8a8d94", "#0868ac"
ABOVE, BELOW = "circle", "diamond"  # shapes of points, for eyes that see no difference in colour
SHADES = 255
LOWEST_SCALE = 1e-3  # for the end of a scale
MAX_SCALE = 1e300  # the same; the sum of two of them is finite
# Ten classes: easy to tell apart, on white and on the dark background.
CLASS_COLOURS = (POSITIVE, NEGATIVE, "#7a4fb0", "#00857c", "#b3326b", "#8a6d00")
CLASS_COLOURS += ("#4a6fe3", "#c23b3b", "#5c7f1e", "#6b6f7b")
TEXT_ON_STRONG, TEXT_ON_PALE = "#ffffff", "#111318"  # text on a colour of the diverging scale
POINT_OUTLINE = "#ffffff"  # around every example in a picture
FRAME = "#88888866"  # half transparent: around tables' cells and other parts of the page
SHEET_LINES = "#999999"  # between the pixels of the sheet to draw a digit on


def blend(start: str, end: str, share: float) -> str:
    """Mix two #rrggbb colours; a share of 0 gives the first, 1 the second."""
    pairs = ((int(start[i : i + 2], 16), int(end[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def ramp(stops: Sequence[str], shades: int = SHADES) -> list[str]:
    """Return shades that go evenly from colour to colour."""
    places = [i * (len(stops) - 1) / (shades - 1) for i in range(shades)]
    last = len(stops) - 2
    return [
        blend(stops[min(int(p), last)], stops[min(int(p), last) + 1], p - min(int(p), last))
        for p in places
    ]


DIVERGING = ramp([NEGATIVE, MIDPOINT, POSITIVE])


def colours_for(
    values: Float[Tensor, "*any"], low: float, high: float, colours: Sequence[str]
) -> list[str]:
    """Return the colour of each number on a scale from low to high.

    Numbers outside the scale have the colour of its nearer end; NaN has that of the middle.
    """
    last = len(colours) - 1
    shares = ((values.flatten() - low) / (high - low)).nan_to_num(0.5).clamp(0, 1)
    places: list[int] = (shares * last).round().long().tolist()
    return [colours[place] for place in places]


def class_colour(number: int) -> str:
    """Return the colour of a class; more than ten classes share colours."""
    return CLASS_COLOURS[number % len(CLASS_COLOURS)]


def round_scale(values: Float[Tensor, "*any"]) -> float:
    """Return the next round number above the magnitudes of these values, for the end of a scale.

    Values that are not finite do not count, and the end is always finite.
    """
    largest = values.abs().nan_to_num(0.0, 0.0).max().item()
    largest = min(max(largest, LOWEST_SCALE), MAX_SCALE)
    decade = 10.0 ** math.floor(math.log10(largest))
    steps = (step * decade for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10))
    return next(float(f"{step:.2g}") for step in steps if step >= largest)


FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", sans-serif'  # Streamlit's own
# The size in px that these figures are designed for; on a larger screen all parts become larger.
CHART_DESIGN = {"width": 370, "height": 190}
MAP_DESIGN = {"width": 370, "height": 280}
FADE = 0.7  # share of the background in the colours of faded parts
TINT = 0.42  # share of the background in a map's strongest colour, so that points stand out
MAP_SHADES = 64
STRIPE = 0.3  # share of the ink in a map's stripes


@dataclass(frozen=True)
class Theme:
    """The colours of text, lines and neurons, for light or dark.

    Attributes:
        ink, quiet, grid: text, less important text and outlines, grid lines.
        paper: the background.
        active, active_pale: what is selected or computed now; the background of such text.
        accent: buttons and sliders of Streamlit. `.streamlit/config.toml` repeats it.
        negative_text, positive_text: numbers below and above zero, written as text.
        fills: neurons, from a low activation to a high one.
        text_on_low, text_on_high: the value inside such a neuron.
    """

    ink: str
    quiet: str
    grid: str
    paper: str
    active: str
    active_pale: str
    accent: str
    negative_text: str
    positive_text: str
    fills: Sequence[str]
    text_on_low: str
    text_on_high: str

    @cached_property
    def faded(self) -> Sequence[str]:
        """The diverging scale in the colours of faded parts."""
        return [blend(colour, self.paper, FADE) for colour in DIVERGING]

    @cached_property
    def pale(self) -> str:
        """The colour in the middle of a map's scale."""
        return blend(self.grid, self.paper, 0.5)

    @cached_property
    def map_colours(self) -> tuple[str, ...]:
        """The colours of a map, from low numbers to high ones."""
        return tuple(ramp([self.tint(NEGATIVE), self.pale, self.tint(POSITIVE)], MAP_SHADES))

    @cached_property
    def map_palette(self) -> tuple[str, ...]:
        """The colours of a map, those of its stripes below the middle, and that of its line."""
        below = self.map_colours[: MAP_SHADES // 2]
        stripes = (blend(colour, self.ink, STRIPE) for colour in below)
        return (*self.map_colours, *stripes, self.quiet)

    def tint(self, colour: str) -> str:
        """Return a paler colour, on which points of the same colour stand out."""
        return blend(colour, self.paper, TINT)


# For each field of a Theme: in light, in dark.
THEMES: dict[str, tuple[Any, Any]] = {
    "ink": ("#262730", "#fafafa"),
    "quiet": ("#5c5f6a", "#b3b6c0"),
    "grid": ("#e4e5ea", "#3a3d46"),
    "paper": ("#ffffff", "#171614"),
    "active": ("#0a7d4f", "#3ddc97"),
    "active_pale": ("#e6f5ee", "#12352a"),
    "accent": ("#2b3350", "#8ea2e8"),
    "negative_text": ("#a84600", "#ff9a57"),
    "positive_text": ("#0868ac", "#7cc0f5"),
    "fills": (ramp(["#f1f1f5", "#4a5169"]), ramp(["#262a36", "#c9cddb"])),
    "text_on_low": ("#262730", "#fafafa"),
    "text_on_high": ("#ffffff", "#0e1117"),
}
LIGHT, DARK = (Theme(**{name: pair[i] for name, pair in THEMES.items()}) for i in range(2))


RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?=[₀-₉])")  # of a symbol such as w¹₃₁, but not of m²
LOWERED = re.compile("[₀-₉]+(?:,[₀-₉]+)*")


def plain(text: str) -> str:
    """Write text for HTML and for Plotly, which read <b>, <br> and the like, so that it stays text.

    Names of columns and classes are text that other people wrote. The small digits of a symbol
    become <sup> and <sub>, because many fonts have only some of them.
    """
    text = RAISED.sub(lambda match: _tagged("sup", match[0]), escape(text, quote=False))
    return LOWERED.sub(lambda match: _tagged("sub", match[0]), text)


def _tagged(tag: str, small: str) -> str:
    """Write small digits as usual ones in a tag: NFKC turns ¹ and ₁ into 1."""
    return f"<{tag}>{unicodedata.normalize('NFKC', small)}</{tag}>"


def base_layout(theme: Theme, **layout: Any) -> dict[str, Any]:
    """Return the layout that all figures share, with more entries added."""
    return {
        "font": {"family": FONT, "size": 14, "color": theme.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hoverlabel": {"font": {"family": FONT, "size": 14}},
        "uirevision": "kept",  # an update keeps zoom and pan
        **layout,
    }


def colour_bar(marker: dict[str, Any]) -> dict[str, Any]:
    """Return a trace that has a colour bar and no visible point."""
    return {
        "name": "colour bar",
        "type": "scatter",
        "mode": "markers",
        "x": [None],
        "y": [None],
        "hoverinfo": "skip",
        "marker": {"color": [0]} | marker,
    }
