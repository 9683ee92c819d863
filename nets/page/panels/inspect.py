"""Panel "Inspect": the numbers of one weight, bias or neuron, clicked or chosen from lists."""

from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nets.page.html.tables import tables_of
from nets.page.visitor.selection import Selection
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import names_of

KINDS = {"w": "Weight", "b": "Bias", "a": "Neuron"}


def show(session: Session) -> None:
    """Draw the lists to choose from, and the numbers of what is chosen."""
    part = session.selected
    if part is None:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _kind(session, width=240)
            st.caption("Click a line, a square or a neuron in the diagram, or choose one here.")
        return
    left, right = st.columns([1, 2], gap="medium")
    with left:
        _chooser(session, part)
    with right:
        st.html(tables_of(session.run, part))


def _kind(session: Session, width: int | Literal["stretch"] = "stretch") -> None:
    """The list for the kind of part; it follows a click in the diagram."""
    part = session.selected
    st.session_state.part_kind = None if part is None else part.kind
    st.selectbox(
        "Look at", KINDS, index=None, placeholder="Choose", format_func=KINDS.__getitem__,
        key="part_kind", width=width, on_change=_choose, args=(session,),
    )  # fmt: skip


def _chooser(session: Session, part: Selection) -> None:
    """Lists for the kind of part, its layer and its place; they follow a click in the diagram."""
    state, changed = st.session_state, {"on_change": _choose, "args": (session,)}
    left, right = st.columns(2, gap="small")
    with left:
        _kind(session)
    names, state.part_layer = names_of(session.run), part.layer
    layers = range(0 if part.kind == "a" else 1, len(names))
    right.selectbox("Layer", layers, format_func=_layer_name, key="part_layer", **changed)
    label = "Neuron"
    if part.source is not None:
        label = "To"
        _place(left, "From", names[part.layer - 1], "part_source", part.source, changed)
    _place(right, label, names[part.layer], "part_target", part.neuron, changed)


def _place(
    column: DeltaGenerator, label: str, names: list[str], key: str, place: int, changed: Any
) -> None:
    """A list of neurons by name."""
    st.session_state[key] = place
    column.selectbox(label, range(len(names)), format_func=names.__getitem__, key=key, **changed)


def _layer_name(layer: int) -> str:
    return "0 (inputs)" if layer == 0 else str(layer)


def _choose(session: Session) -> None:
    """Select what the lists say, as near as the network has it."""
    state = st.session_state
    if state.part_kind is None:
        session.selected = None
        return
    layer, *places = (state.get(key, 0) for key in ("part_layer", "part_source", "part_target"))
    session.selected = Selection.nearest(state.part_kind, layer, places, session.run.config.sizes)
