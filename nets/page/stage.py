"""The stage: the diagram and the loss chart, drawn once and then changed in place."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from nets.page import assets, player
from nets.page.messages import Shown, message_for
from nets.page.parts import Part
from nets.page.session import Session

KEY = "stage"
FOLDER = Path(__file__).parent
HTML = """
<div class="stage">
  <div class="st-key-diagram" data-figure="diagram"></div>
  <div class="st-key-loss_chart" data-figure="loss_chart"></div>
</div>
"""
LOADER = """
const at = (path) => new URL(path, document.baseURI).href;
const {{ show }} = await import(at({script}));
const page = {{ plotly: at({plotly}), pause: {{ button: "play", key: " " }} }};
export default (component) => show(component, page);
"""


@cache
def _component() -> Callable[..., Any]:
    """Register the component.

    A component's own script travels with every message, so it is only the line that loads ours.
    """
    paths = {"script": FOLDER / "stage.js", "plotly": assets.plotly_script()}
    return component(
        "nets_stage",
        html=HTML,
        js=LOADER.format(
            **{name: json.dumps(assets.address(path)) for name, path in paths.items()}
        ),
        isolate_styles=False,
    )


def show(session: Session) -> None:
    """Bring what is new to the browser, and listen to what comes back."""
    shown: Shown = st.session_state.setdefault("shown", Shown())
    logarithmic = bool(st.session_state.get("log_loss"))

    def more() -> None:
        """Go on, unless the last message did not arrive: then it is sent again as it is."""
        if _said("more").get("received") != shown.message["number"]:
            return
        if session.playing:
            player.train_ahead(session)
        elif session.pending:
            session.work()

    def select() -> None:
        part = Part.named(str(_said("select")), session.run.config.sizes)
        session.selected = None if part == session.selected else part

    _component()(
        key=KEY,
        data=message_for(session, shown, player.pace(), logarithmic=logarithmic),
        on_more_change=more,
        on_pause_change=lambda: session.pause(_said("pause")),
        on_redraw_change=shown.lost,
        on_select_change=select,
        on_dark_change=lambda: setattr(session, "dark", bool(_said("dark"))),
    )


def _said(event: str) -> Any:
    """What the browser sent with an event."""
    return st.session_state[KEY][event]
