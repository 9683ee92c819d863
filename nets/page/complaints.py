"""Complaints: what was wrong with what was typed, said where it was typed."""

import streamlit as st

from nets.page.session import Session


def show(session: Session, *keys: str) -> None:
    """Say what was wrong in the widgets of these keys, if anything."""
    for key in keys:
        if key in session.complaints:
            st.error(session.complaints[key])
