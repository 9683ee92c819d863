"""Choosers: lists from which the number that a phase is looked at for can be chosen."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from nets.explaining.walk import Walk
from nets.page.focus import Focus, focus_in
from nets.page.moment import names_of
from nets.page.session import Session

BIAS = -1  # in the place of a source
DIGITS = (2, 3, 4, 5, 6)


def example(session: Session, walk: Walk) -> int:
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


def focus(session: Session, walk: Walk) -> Focus:
    """Let the neuron, weight or bias be chosen; what is chosen here is so in the diagram too."""
    assert walk.phase is not None
    now, names = focus_in(session, walk.phase), names_of(session.run)

    def choose(**changed: int | None) -> None:
        session.selected = replace(now, **changed).part

    if now.phase.step == "update":
        layers = range(1, len(names))
        _list("focus_layer", layers, now.layer, "layer {}".format, lambda n: choose(layer=n))
    if now.has_source:
        before = names[now.layer - 1]
        _list(
            "focus_source",
            [*range(len(before)), BIAS],
            BIAS if now.source is None else now.source,
            lambda at: "bias" if at == BIAS else f"from {before[at]}",
            lambda at: choose(source=None if at == BIAS else at),
        )
    own = names[now.layer]
    _list(
        "focus_neuron",
        range(len(own)),
        now.neuron,
        lambda at: f"to {own[at]}" if now.has_source else own[at],
        lambda at: choose(neuron=at),
    )
    return now


def digits() -> int:
    """Let it be chosen how many digits of a number are shown."""
    return st.selectbox(
        "Digits",
        DIGITS,
        format_func="{} digits".format,
        key="digits",
        width=110,
        label_visibility="collapsed",
    )


def _list(
    key: str,
    options: Sequence[int],
    now: int,
    written: Callable[[int], str],
    choose: Callable[[int], None],
) -> None:
    """A list of numbers, the present one chosen; it follows what happens elsewhere.

    A list of one is left out.
    """
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
