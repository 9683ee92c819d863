"""Scripts of panels: they come from the stage's folder, so that the page loads one Plotly only."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from nets.page.stage import assets
from nets.page.stage.stage import script_address

LOADER = """
const at = (path) => new URL(path, document.baseURI).href;
const {{ show }} = await import(at({script}));
export default (component) => show(component, at({plotly}));
"""


@cache
def component_of(name: str, html: str) -> Callable[..., Any]:
    """Register a component whose script in the stage's folder has the same name."""
    known = {
        "script": script_address(f"{name}.js"),
        "plotly": assets.address(assets.plotly_script()),
    }
    js = LOADER.format(**{name: json.dumps(value) for name, value in known.items()})
    return component(f"nets_{name}", html=html, js=js, isolate_styles=False)


def sent(key: str, name: str) -> Any:
    """Return what a component's script has sent under a name, unchecked; None if nothing."""
    found: Any = st.session_state.get(key)
    return found.get(name) if hasattr(found, "get") else None
