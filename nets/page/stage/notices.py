"""Notices: what there is to say about a run, at the foot of the page, where nothing moves."""

import streamlit as st

from nets.page.stage import player
from nets.page.visitor.session import Session


def show(session: Session) -> None:
    """Say what went wrong and what to do about it, or how far long work has come."""
    with st.container(key="notices"):
        for key in ("address", "stop_when"):
            if key in session.errors:
                st.warning(session.errors[key])
        if words := player.stop_outcome(session):
            st.info(words)
        if words := _on_divergence(session):
            st.warning(words)
        if session.pending:
            _progress(session)


def _on_divergence(session: Session) -> str:
    stop = session.run.divergence
    if stop is None:
        return ""
    return (
        f"The run has diverged: in epoch {stop.epoch}, `{stop.tensor}` stopped being finite. "
        f"It stands at epoch {session.run.epoch}, the last one with finite numbers only. "
        "Its steps were too long: try a learning rate smaller than "
        f"{session.run.learning_rate:g}, and Reset."
    )


def _progress(session: Session) -> None:
    """Show how far long work has come. The stage has it go on, so that a click can stop it."""
    begun, goal = session.progress
    done = session.run.epoch
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress((done - begun) / max(1, goal - begun), f"Training: epoch {done} of {goal}")
        st.button("Stop", key="stop", shortcut="Esc", on_click=session.pending.clear)
