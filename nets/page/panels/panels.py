"""Panels: below the stage, one at a time."""

import streamlit as st

from nets.page.controls import popovers
from nets.page.controls.popovers import lazy_popover
from nets.page.panels import (
    data,
    diagnosis,
    four_steps,
    gradient_check,
    inspect,
    results,
    try_it,
    weights,
)
from nets.page.visitor.session import Session

PANELS = {
    "Four steps": four_steps.show,
    "Inspect": inspect.show,
    "Weights and biases": weights.show,
    "Data and output": data.show,
    "Try it": try_it.show,
    "Results": results.show,
    "Gradient check": gradient_check.show,
    "Diagnosis": diagnosis.show,
}


def show(session: Session) -> None:
    """Draw the row of panels and the one that is chosen."""
    st.session_state.setdefault("panel", "Inspect")
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.segmented_control("Panel", PANELS, key="panel", label_visibility="collapsed")
        st.space("stretch")
        with lazy_popover("View", "view", keep=popovers.VIEW_KEYS) as is_open:
            if is_open:
                popovers.view_options(session)
    if session.playing:
        st.caption("Pause to read the numbers of the epoch that is shown.")
    elif chosen is not None:
        PANELS[chosen](session)
