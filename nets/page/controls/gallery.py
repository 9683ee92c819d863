"""The gallery: data sets are chosen from pictures, each with the sentence on what it shows."""

from dataclasses import replace
from functools import cache
from html import escape

import streamlit as st

from nets.data.datasets import ALL_DATASETS, DATASETS, OWN_DATA
from nets.figures.thumbnail import thumbnail
from nets.page.controls import actions
from nets.page.visitor.session import Session
from nets.presets import PRESETS
from nets.training.run import start

OPEN = "gallery_open"  # whether the dialog is open
EXAMPLES, COLUMNS = 120, 3


@cache
def picture_of(name: str) -> str:
    """Draw a data set once for all visitors; empty for own data."""
    if name == OWN_DATA.name:
        return ""
    config = PRESETS[name]
    few = DATASETS[name].n_examples is None
    return thumbnail(start(replace(config, examples=EXAMPLES) if few else config).data)


def show_chosen(name: str) -> None:
    """Draw the picture of a data set, its first sentence, and the button of the gallery."""
    first, _, _ = ALL_DATASETS[name].about.partition(". ")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="about_data"):
        image = f'<img alt="" src="{picture_of(name)}">' if picture_of(name) else ""
        st.html(f"{image}<span>{escape(first.rstrip('.'))}.</span>")
        st.button(
            "Choose from pictures",
            key="open_gallery",
            icon=":material/grid_view:",
            on_click=_open,
        )


def _open(*, wanted: bool = True) -> None:
    st.session_state[OPEN] = wanted


def show(session: Session) -> None:
    """Show the dialog while it is open. Streamlit shows one at a time: that for own data first."""
    if st.session_state.get(actions.OWN_DATA_OPEN):
        _open(wanted=False)
    if st.session_state.get(OPEN):
        _dialog(session)


@st.dialog("Data sets", width="large", on_dismiss=lambda: _open(wanted=False))
def _dialog(session: Session) -> None:
    names = list(ALL_DATASETS)
    for begin in range(0, len(names), COLUMNS):
        columns = st.columns(COLUMNS, gap="small")
        for column, name in zip(columns, names[begin : begin + COLUMNS], strict=False):
            with column, st.container(border=True, key=f"card_{name}", gap="xsmall"):
                _card(session, name)


def _card(session: Session, name: str) -> None:
    row = ALL_DATASETS[name]
    if picture := picture_of(name):
        st.html(f'<img class="thumbnail" alt="" src="{picture}">')
    if st.button(row.title, key=f"pick_{name}", width="stretch"):
        _choose(session, name)
    st.caption(row.about)


def _choose(session: Session, name: str) -> None:
    """Start a run on other data, with its preset; for own data open its dialog instead."""
    _open(wanted=False)
    if name == OWN_DATA.name:
        actions.open_own_data()
    else:
        session.begin(replace(PRESETS[name], seed=session.recipe.config.seed))
        st.session_state[actions.FILLING] = True
    st.rerun()
