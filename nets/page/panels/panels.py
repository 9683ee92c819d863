"""The panels below the stage, one at a time, and what the pictures above them show."""

from dataclasses import replace

import streamlit as st

from nets.analysis.decision_map import MAX_AXES, count_axes
from nets.figures.diagram_style import COLOURINGS
from nets.page.controls.widgets import lazy_popover
from nets.page.panels import (
    diagnosis,
    four_steps,
    gradient_check,
    inspect,
    results,
    try_it,
)
from nets.page.visitor.session import Session

PANELS = {
    "Four steps": four_steps.show,
    "Inspect": inspect.show,
    "Weights and biases": inspect.show_weights,
    "Data and output": results.show_examples,
    "Try it": try_it.show,
    "Results": results.show_scores,
    "Gradient check": gradient_check.show,
    "Diagnosis": diagnosis.show,
}

VIEW_KEYS = ("colour_by", "log_loss", "compare")


def show(session: Session) -> None:
    """Draw the row of panels, and the panel that is chosen."""
    st.session_state.setdefault("panel", "Inspect")
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.segmented_control("Panel", PANELS, key="panel", label_visibility="collapsed")
        st.space("stretch")
        with lazy_popover("View", "view", keep=VIEW_KEYS) as is_open:
            if is_open:
                _view_options(session)
    if session.playing:
        st.caption("Pause to see the numbers of this epoch.")
    elif chosen is not None:
        PANELS[chosen](session)


def _view_options(session: Session) -> None:
    """Draw the switches for what the pictures show."""
    st.session_state.setdefault("colour_by", "weight")
    st.segmented_control("Colour edges by", COLOURINGS, key="colour_by", required=True)
    st.toggle("Logarithmic loss axis", key="log_loss")
    st.toggle("Compare with the other bias update", key="compare")
    _pictures(session)


def _pictures(session: Session) -> None:
    """Draw the switches for pictures of what the network has learned."""
    flat = count_axes(session.run) <= MAX_AXES
    _switch(session, "map", "Picture of what the network has learned")
    _switch(session, "in_neurons", "Small pictures in the neurons", disabled=not flat)
    _switch(session, "as_classes", "Show only the predicted class", disabled=not flat)


def _switch(session: Session, name: str, label: str, *, disabled: bool = False) -> None:
    key = f"show_{name}"
    st.session_state[key] = getattr(session.view, name)

    def change() -> None:
        session.view = replace(session.view, **{name: st.session_state[key]})

    st.toggle(label, key=key, on_change=change, disabled=disabled)
