"""The box of conditions that end training: which one is chosen, and what it came to."""

import streamlit as st

from nets.page.session import Session
from nets.results.stopping import ACCURACY, CONDITIONS, LOSS, PATIENCE, Stop, require_stoppable
from nets.training import Run

NEVER = "after these epochs"
# The widget of each condition's value: its key, label and first value.
VALUES: dict[str, tuple[str, str, float]] = {
    LOSS: ("stop_loss", "Loss below", 0.01),
    ACCURACY: ("stop_accuracy", "Accuracy above, from 0 to 1", 0.95),
    PATIENCE: ("stop_patience", "Epochs without improvement", 20),
}
KEYS = ("stop_when", *(key for key, _, _ in VALUES.values()))


def show(session: Session) -> None:
    """Let a condition be chosen."""
    chosen = st.selectbox("Stop", (NEVER, *CONDITIONS), key="stop_when")
    if chosen != NEVER:
        key, label, value = VALUES[chosen]
        step = 1 if chosen == PATIENCE else 0.01
        form = None if chosen == PATIENCE else "%g"
        st.session_state.setdefault(key, value)
        st.number_input(label, key=key, step=step, format=form)
        st.caption(f"Of the {_watched(session.run)}. Play stops there too.")


def apply(session: Session) -> bool:
    """Set the condition that is chosen, from this epoch on; say whether it can be met at all."""
    state, session.stop, session.stopped = st.session_state, None, False
    chosen = state.get("stop_when", NEVER)
    with session.complaining("stop_when"):
        if chosen != NEVER:
            key, _, usual = VALUES[chosen]
            stop = Stop(chosen, state.get(key, usual), session.run.epoch)
            require_stoppable(session.run, stop)
            session.stop = stop
    return "stop_when" not in session.complaints


def outcome(session: Session) -> str:
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
