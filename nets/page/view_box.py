"""The box of what the pictures show: colours of edges, axes, the other bias update, maps."""

from dataclasses import replace

import streamlit as st

from nets.figures.look import COLOURINGS
from nets.page.session import Session
from nets.results.plane import MOST_AXES, axes_of

KEYS = ("colour_by", "log_loss", "compare")


def show(session: Session) -> None:
    """Let it be chosen what the pictures show."""
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
