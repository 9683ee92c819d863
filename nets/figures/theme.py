"""Light and dark: the colours of what is not a number."""

from dataclasses import dataclass
from typing import Any

FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", sans-serif'  # Streamlit's own


@dataclass(frozen=True)
class Theme:
    """Colours of ink, lines and surfaces; `active` marks what is chosen or computed now."""

    ink: str
    quiet: str
    grid: str
    surface: str
    neuron_low: str
    neuron_high: str
    active: str


LIGHT = Theme("#262730", "#5c5f6a", "#e4e5ea", "#ffffff", "#f1f1f5", "#4a5169", "#0a7d4f")
DARK = Theme("#fafafa", "#b3b6c0", "#3a3d46", "#0e1117", "#262a36", "#c9cddb", "#3ddc97")


def base_layout(theme: Theme, **layout: Any) -> dict[str, Any]:
    """Return the layout that all figures share, with some of their own added."""
    return {
        "font": {"family": FONT, "size": 14, "color": theme.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hoverlabel": {"font": {"family": FONT, "size": 14}},
        **layout,
    }
