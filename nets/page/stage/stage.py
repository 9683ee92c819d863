"""The stage: the diagram and the loss chart, drawn once and then changed in place."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from nets.page.stage import assets, player
from nets.page.stage.messages import StageState, message_for
from nets.page.visitor.selection import Selection
from nets.page.visitor.session import Session
from nets.page.visitor.turns import turn

KEY = "stage"
AROUND = "main"  # the fragment that holds the stage and all that changes with a step
SCRIPT = Path(__file__).parent / "browser" / "stage.js"  # which imports the others beside it
HTML = """
<div class="stage">
  <div class="st-key-diagram" data-figure="diagram"></div>
  <div>
    <div class="st-key-loss_chart" data-figure="loss_chart"></div>
    <div class="st-key-badge" title="By hand, against autograd: the panel Gradient check has all.">
      <output data-text aria-label="gradients"></output>
    </div>
  </div>
  <div class="st-key-map" data-figure="map" hidden></div>
</div>
"""
LOADER = """
const at = (path) => new URL(path, document.baseURI).href;
const {{ show }} = await import(at({script}));
const page = {{ plotly: at({plotly}), pause: {{ button: "play", key: " " }} }};
export default (component) => show(component, page);
"""


def script_address() -> str:
    """Serve the stage's script with all that lie beside it: another content, another address."""
    return assets.address(SCRIPT, *sorted(SCRIPT.parent.glob("*.js")))


@cache
def _component() -> Callable[..., Any]:
    """Register the component.

    A component's own script travels with every message, so it is only the line that loads ours.
    """
    addresses = {
        "script": script_address(),
        "plotly": assets.address(assets.plotly_script()),
    }
    return component(
        "nets_stage",
        html=HTML,
        js=LOADER.format(**{name: json.dumps(path) for name, path in addresses.items()}),
        isolate_styles=False,
    )


@st.fragment
@turn()
def show(session: Session) -> None:
    """Bring what is new to the browser, and listen to what comes back.

    A fragment of its own: while it plays, nothing else of the page is made again.
    """
    shown: StageState = st.session_state.setdefault("shown", StageState())
    wishes = {
        "logarithmic": bool(st.session_state.get("log_loss")),
        "colour_by": st.session_state.get("colour_by", "weight"),
    }
    session.compare(wanted=bool(st.session_state.get("compare")))
    message = message_for(session, shown, player.pace(), **wishes)
    _component()(
        key=KEY,
        data=[message],  # of a dictionary Streamlit would ask pandas whether values are data frames
        on_more_change=lambda: _more(session, shown),
        on_pause_change=lambda: _pause(session),
        on_redraw_change=shown.lost,
        on_select_change=lambda: _select(session),
        on_dark_change=lambda: setattr(session, "dark", bool(_said("dark"))),
    )


def _more(session: Session, shown: StageState) -> None:
    """Go on, unless the last message did not arrive: then it is sent again as it is."""
    shown.painted(_said("more").get("shown"))
    if _said("more").get("received") != shown.message["number"]:
        return
    if session.playing:
        player.train_ahead(session)
    elif session.pending:
        session.work()
    if not session.playing:
        st.rerun(AROUND)


def _pause(session: Session) -> None:
    session.pause(_said("pause"))
    st.rerun(AROUND)


def _select(session: Session) -> None:
    part = Selection.named(str(_said("select")), session.run.config.sizes)
    session.selected = None if part == session.selected else part
    st.rerun(AROUND)


def _said(event: str) -> Any:
    """What the browser sent with an event."""
    return st.session_state[KEY][event]
