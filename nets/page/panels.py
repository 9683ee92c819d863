"""Panels: below the stage, one at a time."""

from dataclasses import replace

import streamlit as st

from nets.figures.look import COLOURINGS
from nets.page import (
    check_panel,
    data_panel,
    diagnosis_panel,
    inspect_panel,
    results_panel,
    steps_panel,
    try_panel,
    weights_panel,
)
from nets.page.box import box
from nets.page.session import Session
from nets.results.plane import MOST_AXES, axes_of

PANELS = {
    "Four steps": steps_panel.show,
    "Inspect": inspect_panel.show,
    "Weights and biases": weights_panel.show,
    "Data and output": data_panel.show,
    "Try it": try_panel.show,
    "Results": results_panel.show,
    "Gradient check": check_panel.show,
    "Diagnosis": diagnosis_panel.show,
}


def show(session: Session) -> None:
    """Draw the row of panels and the one that is chosen."""
    st.session_state.setdefault("panel", "Inspect")
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.segmented_control("Panel", PANELS, key="panel", label_visibility="collapsed")
        st.space("stretch")
        with box("View", "view", keep=("colour_by", "log_loss", "compare")) as is_open:
            if is_open:
                _view(session)
    if session.playing:
        st.caption("Pause to read the numbers of the epoch that is shown.")
    elif chosen is not None:
        PANELS[chosen](session)


def _view(session: Session) -> None:
    """What the pictures show."""
    st.session_state.setdefault("colour_by", "weight")
    st.segmented_control("Colour edges by", COLOURINGS, key="colour_by", required=True)
    st.toggle("Logarithmic loss", key="log_loss")
    st.toggle("Beside it the loss under the other bias update", key="compare")
    _pictures(session)


def _pictures(session: Session) -> None:
    """Let pictures of what the network has learned be wanted or not."""
    flat = axes_of(session.run).shape[1] <= MOST_AXES
    _wish(session, "map", "What it has learned, as a picture")
    _wish(session, "in_neurons", "Maps in neurons", disabled=not flat)
    _wish(session, "as_classes", "Maps as classes: only which side", disabled=not flat)


def _wish(session: Session, name: str, words: str, *, disabled: bool = False) -> None:
    key = f"show_{name}"
    st.session_state[key] = getattr(session.pictures, name)

    def change() -> None:
        session.pictures = replace(session.pictures, **{name: st.session_state[key]})

    st.toggle(words, key=key, on_change=change, disabled=disabled)
