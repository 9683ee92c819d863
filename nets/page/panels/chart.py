"""A chart in a panel, drawn by the stage's scripts, so that the page loads one Plotly only."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from nets.page.stage import assets
from nets.page.stage.stage import script_address
from nets.page.visitor.events import parse_name

HTML = '<div class="chart" data-figure="chart" role="img"></div>'
LOADER = """
const at = (path) => new URL(path, document.baseURI).href;
const {{ show }} = await import(at({script}));
export default (component) => show(component, at({plotly}));
"""


@cache
def _component() -> Callable[..., Any]:
    """Register the component."""
    known = {
        "script": script_address("chart.js"),
        "plotly": assets.address(assets.plotly_script()),
    }
    js = LOADER.format(**{name: json.dumps(value) for name, value in known.items()})
    return component("nets_chart", html=HTML, js=js, isolate_styles=False)


def show_chart(key: str, figure: dict[str, Any], on_pick: Callable[[str], None]) -> None:
    """Draw a figure; `on_pick` gets the id of a point that is clicked, unchecked."""

    def picked() -> None:
        sent: Any = st.session_state.get(key)
        name = parse_name(sent.get("pick") if hasattr(sent, "get") else None)
        if name is not None:
            on_pick(name)

    # In a list: of a dictionary Streamlit would ask pandas about its values.
    _component()(key=key, data=[figure], on_pick_change=picked)
