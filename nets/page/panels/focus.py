"""Focus: the neuron, weight or bias that is looked at in a phase."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from nets.explain.phases import Phase, Walkthrough
from nets.page.visitor.selection import Selection
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import names_of


@dataclass(frozen=True)
class Focus:
    """One neuron, and one of the numbers that flow into it.

    Attributes:
        phase: what is computed of it; an update names the neuron's layer.
        layer, neuron: the neuron, layers from 1.
        source: the neuron in the layer before from which a weight comes; None for the bias.
    """

    phase: Phase
    layer: int
    neuron: int
    source: int | None

    @property
    def has_source(self) -> bool:
        """Whether the phase computes anything of single weights."""
        return self.phase.step in ("backward", "update")

    @property
    def part(self) -> Selection:
        """What is looked at, by its name in the diagram."""
        if not self.has_source:
            return Selection("a", self.layer, (self.neuron,))
        if self.source is None:
            return Selection("b", self.layer, (self.neuron,))
        return Selection("w", self.layer, (self.source, self.neuron))


def focus_in(session: Session, phase: Phase) -> Focus:
    """Find the part to look at: the selected one, or the nearest one that the phase computes."""
    part, last = session.selected or Selection("w", 0, (0, 0)), len(session.run.config.sizes) - 1
    layer = phase.layer or last
    if phase.step == "update":
        layer = layer if session.selected is None else max(1, part.layer)
        phase = Phase("update", layer)
    if part.layer == layer:
        return Focus(phase, layer, part.neuron, 0 if part.kind == "a" else part.source)
    comes_from = part.kind == "a" and part.layer == layer - 1
    return Focus(phase, layer, 0, part.neuron if comes_from else 0)


BIAS = -1  # in the place of a source
DIGITS = (2, 3, 4, 5, 6)


def choose_example(session: Session, walk: Walkthrough) -> int:
    """Draw the list of the update's examples; return the row of the chosen one."""
    rows = walk.trace.rows
    row = rows.index(session.example) if session.example in rows else 0
    _list(
        "example",
        rows,
        rows[row],
        lambda number: f"example {number + 1}",
        lambda number: setattr(session, "example", number),
    )
    return row


def choose_focus(session: Session, walk: Walkthrough) -> Focus:
    """Draw the lists for neuron, weight or bias; a choice here selects it in the diagram too."""
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


def choose_digits() -> int:
    """Draw the list for how many digits of a number are shown; return how many."""
    return st.selectbox(
        "Digits",
        DIGITS,
        format_func="{} digits".format,
        key="digits",
        width=105,
        label_visibility="collapsed",
    )


def _list(
    key: str,
    options: Sequence[int],
    now: int,
    written: Callable[[int], str],
    choose: Callable[[int], None],
) -> None:
    """Draw a list of numbers; it also follows choices that are made elsewhere.

    A list with a single option is not drawn.
    """
    if len(options) < 2:
        return
    st.session_state[key] = now
    st.selectbox(
        key,
        options,
        format_func=written,
        key=key,
        width=125,
        label_visibility="collapsed",
        on_change=lambda: choose(st.session_state[key]),
    )
