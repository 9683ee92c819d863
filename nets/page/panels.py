"""Panels: below the stage, one at a time."""

import streamlit as st

from nets.page import (
    check_panel,
    data_panel,
    diagnosis_panel,
    inspect_panel,
    results_panel,
    steps_panel,
    try_panel,
    view_box,
    weights_panel,
)
from nets.page.box import box
from nets.page.session import Session

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
        with box("View", "view", keep=view_box.KEYS) as is_open:
            if is_open:
                view_box.show(session)
    if session.playing:
        st.caption("Pause to read the numbers of the epoch that is shown.")
    elif chosen is not None:
        PANELS[chosen](session)
