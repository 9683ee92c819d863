"""Choosers: lists from which the number that a phase is looked at for can be chosen."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from nets.explaining.walk import Walk
from nets.page.focus import Focus, focus_in
from nets.page.moment import names_of
from nets.page.parts import Part
from nets.page.session import Session

BIAS = -1  # in the place of a source
DIGITS = (2, 3, 4, 5, 6)


def show(session: Session, walk: Walk) -> tuple[Focus, int, int]:
    """Draw the lists; return the focus, the row of the example, and how many digits to show.

    A list of one is left out. What is chosen here is chosen in the diagram too.
    """
    assert walk.phase is not None
    focus, names = focus_in(session, walk.phase), names_of(session.run)
    row = _example(session, walk)

    def choose(**changed: int | None) -> None:
        session.selected = _part(replace(focus, **changed))

    if focus.phase.step == "update":
        layers = range(1, len(names))
        _list("focus_layer", layers, focus.layer, "layer {}".format, lambda n: choose(layer=n))
    if focus.has_source:
        before = names[focus.layer - 1]
        _list(
            "focus_source",
            [*range(len(before)), BIAS],
            BIAS if focus.source is None else focus.source,
            lambda at: "bias" if at == BIAS else f"from {before[at]}",
            lambda at: choose(source=None if at == BIAS else at),
        )
    own = names[focus.layer]
    _list(
        "focus_neuron",
        range(len(own)),
        focus.neuron,
        lambda at: f"to {own[at]}" if focus.has_source else own[at],
        lambda at: choose(neuron=at),
    )
    st.space("stretch")
    digits = st.selectbox(
        "Digits",
        DIGITS,
        format_func="{} digits".format,
        key="digits",
        width=110,
        label_visibility="collapsed",
    )
    return focus, row, digits


def _part(focus: Focus) -> Part:
    """Name what a focus is on, as the diagram does."""
    if not focus.has_source:
        return Part("a", focus.layer, (focus.neuron,))
    if focus.source is None:
        return Part("b", focus.layer, (focus.neuron,))
    return Part("w", focus.layer, (focus.source, focus.neuron))


def _example(session: Session, walk: Walk) -> int:
    """Let one of the update's examples be chosen; return its row."""
    rows = walk.step.rows
    row = rows.index(session.example) if session.example in rows else 0
    _list(
        "example",
        rows,
        rows[row],
        lambda number: f"example {number + 1}",
        lambda number: setattr(session, "example", number),
    )
    return row


def _list(
    key: str,
    options: Sequence[int],
    now: int,
    written: Callable[[int], str],
    choose: Callable[[int], None],
) -> None:
    """A list of numbers, the present one chosen; it follows what happens elsewhere."""
    if len(options) < 2:
        return
    st.session_state[key] = now
    st.selectbox(
        key,
        options,
        format_func=written,
        key=key,
        width=160,
        label_visibility="collapsed",
        on_change=lambda: choose(st.session_state[key]),
    )
