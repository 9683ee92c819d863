"""The page's style sheet, with the colours of the figures."""

from functools import cache
from pathlib import Path

import streamlit as st

from nets.figures.colours import DARK, FRAME, LIGHT, SHEET_LINES

SHEET = Path(__file__).with_name("page.css")
THEMED = ("active", "active_pale", "negative_text", "positive_text")


def apply() -> None:
    """Add the style sheet to the page."""
    st.html(f"<style>{_style_sheet()}</style>")


@cache
def _style_sheet() -> str:
    """Return page.css after the colours that it uses, as custom properties."""
    colours = {"frame": FRAME, "sheet-lines": SHEET_LINES}
    for name in THEMED:
        light, dark = getattr(LIGHT, name), getattr(DARK, name)
        colours[name.replace("_", "-")] = f"light-dark({light}, {dark})"
    properties = "".join(f"--{name}: {colour};" for name, colour in colours.items())
    return f".stApp {{ {properties} }}\n" + SHEET.read_text(encoding="utf-8")
