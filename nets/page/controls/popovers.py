"""A box that opens at a click; what is in it is made only while it is open."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import streamlit as st

from nets.analysis.decision_map import MOST_AXES, axes_of
from nets.figures.diagram_style import COLOURINGS
from nets.page.visitor.session import Session
from nets.training.advance import Run
from nets.training.early_stopping import (
    ACCURACY,
    CONDITIONS,
    LOSS,
    PATIENCE,
    EarlyStopping,
    require_stoppable,
)


@contextmanager
def lazy_popover(
    label: str, key: str, *, keep: Sequence[str] = (), **options: Any
) -> Iterator[bool]:
    """Draw the box; say whether it is open, so that its widgets are to be made.

    Streamlit forgets the value of a widget that is not made, unless it has been set anew: those
    with a key in `keep` are remembered.
    """
    state = st.session_state
    for name in keep:
        if name in state:
            state[name] = state[name]
    with st.popover(label, key=key, on_change="rerun", **options) as popover:
        yield bool(popover.open)


VIEW_KEYS = ("colour_by", "log_loss", "compare")


def view_options(session: Session) -> None:
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


NEVER = "after these epochs"
# The widget of each condition's value: its key, label and first value.
VALUES: dict[str, tuple[str, str, float]] = {
    LOSS: ("stop_loss", "Loss below", 0.01),
    ACCURACY: ("stop_accuracy", "Accuracy above, from 0 to 1", 0.95),
    PATIENCE: ("stop_patience", "Epochs without improvement", 20),
}
STOP_KEYS = ("stop_when", *(key for key, _, _ in VALUES.values()))


def stop_condition(session: Session) -> None:
    """Let a condition be chosen."""
    chosen = st.selectbox("Stop", (NEVER, *CONDITIONS), key="stop_when")
    if chosen != NEVER:
        key, label, value = VALUES[chosen]
        step = 1 if chosen == PATIENCE else 0.01
        form = None if chosen == PATIENCE else "%g"
        st.session_state.setdefault(key, value)
        st.number_input(label, key=key, step=step, format=form)
        st.caption(f"Of the {_watched(session.run)}. Play stops there too.")


def apply_stop_condition(session: Session) -> bool:
    """Set the condition that is chosen, from this epoch on; say whether it can be met at all."""
    state, session.stop, session.stopped = st.session_state, None, False
    chosen = state.get("stop_when", NEVER)
    with session.reporting_errors("stop_when"):
        if chosen != NEVER:
            key, _, usual = VALUES[chosen]
            stop = EarlyStopping(chosen, state.get(key, usual), session.run.epoch)
            require_stoppable(session.run, stop)
            session.stop = stop
    return "stop_when" not in session.errors


def stop_outcome(session: Session) -> str:
    """Say where a condition ended training, if it has."""
    stop, run = session.stop, session.run
    if stop is None or not session.stopped:
        return ""
    what = {
        LOSS: f"the first epoch with a loss below {stop.value:g}",
        ACCURACY: f"the first epoch with an accuracy above {stop.value:g}",
        PATIENCE: f"{stop.value:g} epochs after the lowest loss",
    }[stop.condition]
    return f"Training stopped at epoch {run.epoch}, {what} on the {_watched(run)}."


def _watched(run: Run) -> str:
    """Name the data that a condition is about."""
    return "training data" if run.test is None else "test data"
