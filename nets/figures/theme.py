"""Light and dark: the colours of what is not a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nets.figures.palette import DIVERGING, NEGATIVE, POSITIVE, blend, ramp

FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", sans-serif'  # Streamlit's own
# Pixels in which these are drawn in their own sizes, and larger in more; they share a column.
CHART_DESIGN = {"width": 370, "height": 190}
MAP_DESIGN = {"width": 370, "height": 280}
FADED = 0.7  # how far a colour goes towards the background where it is not its turn
TINTED = 0.42  # how far even the strongest shade of a map does, for points on it to stand out
TINTS = 64


@dataclass(frozen=True)
class Theme:
    """Colours of ink, lines and neurons.

    Attributes:
        ink, quiet, grid: text, less important text and outlines, grid lines.
        paper: what all of it stands on.
        active: what is chosen or computed now.
        fills: of a neuron, from a low activation to a high one.
        text_on_low, text_on_high: of the value written into a neuron.
    """

    ink: str
    quiet: str
    grid: str
    paper: str
    active: str
    fills: Sequence[str]
    text_on_low: str
    text_on_high: str

    @cached_property
    def faded(self) -> Sequence[str]:
        """The colours of numbers below and above zero, for what is not to stand out."""
        return [blend(colour, self.paper, FADED) for colour in DIVERGING]

    @cached_property
    def pale(self) -> str:
        """The colour of a map where a number is neither high nor low."""
        return blend(self.grid, self.paper, 0.5)

    @cached_property
    def tints(self) -> tuple[str, ...]:
        """The colours of a map, from low numbers to high ones."""
        return tuple(ramp([self.tint(NEGATIVE), self.pale, self.tint(POSITIVE)], TINTS))

    def tint(self, colour: str) -> str:
        """Turn a colour into one that points of the same colour stand out on."""
        return blend(colour, self.paper, TINTED)


LIGHT = Theme(
    ink="#262730",
    quiet="#5c5f6a",
    grid="#e4e5ea",
    paper="#ffffff",
    active="#0a7d4f",
    fills=ramp(["#f1f1f5", "#4a5169"]),
    text_on_low="#262730",
    text_on_high="#ffffff",
)
DARK = Theme(
    ink="#fafafa",
    quiet="#b3b6c0",
    grid="#3a3d46",
    paper="#171614",
    active="#3ddc97",
    fills=ramp(["#262a36", "#c9cddb"]),
    text_on_low="#fafafa",
    text_on_high="#0e1117",
)


def base_layout(theme: Theme, **layout: Any) -> dict[str, Any]:
    """Return the layout that all figures share, with some of their own added."""
    return {
        "font": {"family": FONT, "size": 14, "color": theme.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hoverlabel": {"font": {"family": FONT, "size": 14}},
        "uirevision": "kept",  # zoom and pan outlive every update
        **layout,
    }


def colour_bar(marker: dict[str, Any]) -> dict[str, Any]:
    """Make a trace without a visible point, there for its colour bar."""
    return {
        "name": "colour bar",
        "type": "scatter",
        "mode": "markers",
        "x": [None],
        "y": [None],
        "hoverinfo": "skip",
        "marker": {"color": [0]} | marker,
    }
