"""A sheet of 8×8 pixels to draw a digit on, with a pointer or with the keys."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

KEY = "sheet"
PIXELS, VERSION = "sheet_pixels", "sheet_version"
SIDE = 8
SHAPE = (SIDE, SIDE)  # of the pictures that can be drawn here
HTML = """
<div class="sheet">
  <canvas width="192" height="192" tabindex="0" role="img"
    aria-label="8×8 pixels: drag to draw; or arrow keys to move and Space to draw"></canvas>
  <button type="button">Clear</button>
</div>
"""


@cache
def _component() -> Callable[..., Any]:
    script = Path(__file__).with_name("drawing.js").read_text(encoding="utf-8")
    return component("nets_sheet", html=HTML, js=script, isolate_styles=False)


def show() -> list[float]:
    """Draw the sheet, and return what is on it: 0 is paper, 1 is ink, row by row."""
    state = st.session_state
    pixels = state.setdefault(PIXELS, [0.0] * SIDE**2)
    version = state.setdefault(VERSION, 0)
    _component()(key=KEY, data={"pixels": pixels, "version": version}, on_drawn_change=_drawn)
    return pixels


def draw(pixels: Sequence[float]) -> None:
    """Lay another picture on the sheet."""
    st.session_state[PIXELS] = list(pixels)
    st.session_state[VERSION] = st.session_state.get(VERSION, 0) + 1


def _drawn() -> None:
    """Take over what was drawn, if it is a picture."""
    drawn = st.session_state[KEY].get("drawn")
    if isinstance(drawn, list) and len(drawn) == SIDE**2:
        st.session_state[PIXELS] = [min(max(float(value), 0.0), 1.0) for value in drawn]
