"""The player: how far the server trains ahead while the browser plays, and when training stops."""

import time

import streamlit as st

from nets.lessons import first_minute
from nets.page.controls.widgets import number_field, typed
from nets.page.html.words import help_text
from nets.page.visitor.arrival import NEWCOMER
from nets.page.visitor.session import Session
from nets.training.early_stopping import (
    ACCURACY,
    CONDITIONS,
    LOSS,
    PATIENCE,
    EarlyStopping,
    first_met,
    require_stoppable,
)
from nets.training.recipe import Epochs
from nets.training.run import Run

SPEEDS: dict[str, int | None] = {
    "1 epoch/s": 1,
    "5 epochs/s": 5,
    "25 epochs/s": 25,
    "100 epochs/s": 100,
    "fastest": None,
}
USUAL_SPEED = "25 epochs/s"
PICTURES = 25  # the most pictures a second
AHEAD = 0.6  # seconds that one burst of frames lasts in the browser
FRAMES_AT_FULL_SPEED = 20
FRAME_TIME = 0.015  # seconds of training behind one picture, at full speed
BURST_TIME = 0.3  # seconds, after which a burst is sent with the frames that it has
FIRST_BURST_TIME = 0.06  # the same for the first one, so that a click shows at once


def speed() -> int | None:
    """Return the chosen number of epochs per second, or None for full speed."""
    return SPEEDS[st.session_state.get("speed", USUAL_SPEED)]


def pace() -> float:
    """Return the shortest time in milliseconds for which a picture is shown."""
    epochs = speed()
    return 0 if epochs is None else 1000 / min(epochs, PICTURES)


def toggle(session: Session) -> None:
    """Play, or pause where the server is."""
    with session.in_order():
        playing = not (session.playing or session.is_observed)
        newcomer = st.session_state.get(NEWCOMER, False)
        goal = first_minute.goal_of(session.run) if newcomer else None
        if playing and not apply_stop_condition(session, goal):
            return
        if playing:
            session.note()
        session.playing = playing
        session.pending.clear()
        if playing:
            train_ahead(session, FIRST_BURST_TIME)
        else:
            session.pause(session.run.epoch)


def train_ahead(session: Session, seconds: float = BURST_TIME) -> None:
    """Train for one burst of pictures, or until the visitor does something else."""
    with session.in_order():
        epochs, deadline = speed(), time.perf_counter() + seconds
        pictures = FRAMES_AT_FULL_SPEED if epochs is None else round(AHEAD * min(epochs, PICTURES))
        for _ in range(max(1, pictures)):
            _train_to_the_next_picture(session, epochs, deadline)
            late = time.perf_counter() > deadline
            if late or session.is_awaited() or not session.playing:
                break
        session.unshown = session.unshown or [session.now]  # an epoch may take longer than this


def _train_to_the_next_picture(session: Session, epochs: int | None, deadline: float) -> None:
    """Train the epochs between two pictures: by the speed, or at full speed by what they cost."""
    begun = time.perf_counter()
    left = max(0.0, deadline - begun)
    if epochs is not None:
        session.do(Epochs(max(1, epochs // PICTURES)), left)
        return
    done = session.do(Epochs(session.epochs_per_picture), left)  # fewer, if somebody waits
    if done:
        cost = (time.perf_counter() - begun - session.trainer.waited) / done
        affordable = round(FRAME_TIME / max(cost, 1e-9))
        session.epochs_per_picture = max(1, min(4 * session.epochs_per_picture, affordable))


NEVER = "after these epochs"
# The widget of each condition's value: its key, label and first value.
VALUES: dict[str, tuple[str, str, float]] = {
    LOSS: ("stop_loss", "Loss below", 0.01),
    ACCURACY: ("stop_accuracy", "Accuracy above, from 0 to 1", 0.95),
    PATIENCE: ("stop_patience", "Epochs without improvement", 20),
}
PAST_IT = "Play and Train continue; they no longer stop at this condition."
CONTINUE = {
    LOSS: PAST_IT,
    ACCURACY: PAST_IT,
    PATIENCE: "Play and Train continue; they count the epochs without improvement from here.",
}
STOP_KEYS = ("stop_when", *(key for key, _, _ in VALUES.values()))


def stop_condition(session: Session) -> None:
    """Draw the list of conditions, and a field for the value of the one that is chosen."""
    chosen = st.selectbox(
        "Early stopping", (NEVER, *CONDITIONS), key="stop_when", help=help_text("early stopping")
    )
    if chosen != NEVER:
        key, label, value = VALUES[chosen]
        st.session_state.setdefault(key, value)
        number_field(st.container(), label, key)
        st.caption(
            f"Measured on the {_watched(session.run)}. Play stops there too. A condition that is "
            "met already is ignored, so that training can continue."
        )


def apply_stop_condition(session: Session, goal: EarlyStopping | None = None) -> bool:
    """Set the condition that is chosen, or else a goal; return whether it can be met.

    It counts from this epoch on. A condition that this epoch meets already would end the training
    before it begins, so it is ignored.
    """
    state, run, session.stop, session.stopped = st.session_state, session.run, None, False
    chosen = state.get("stop_when", NEVER)
    with session.reporting_errors("stop_when"):
        if chosen != NEVER:
            key, _, usual = VALUES[chosen]
            goal = EarlyStopping(chosen, typed(key) if key in state else usual, run.epoch)
            require_stoppable(run, goal)
        if goal is not None and first_met(run, goal, run.epoch) is None:
            session.stop = goal
    return "stop_when" not in session.errors


def stop_outcome(session: Session) -> str:
    """Say at which epoch a condition stopped training, if one has."""
    stop = session.stop
    if stop is None or not session.stopped:
        return ""
    what = {
        LOSS: f"the first epoch with a loss below {stop.value:g}",
        ACCURACY: f"the first epoch with an accuracy above {stop.value:g}",
        PATIENCE: f"{stop.value:g} epochs after the lowest loss",
    }[stop.condition]
    run = session.run
    return (
        f"Training stopped at epoch {run.epoch}, {what} on the {_watched(run)}. "
        f"{CONTINUE[stop.condition]}"
    )


def _watched(run: Run) -> str:
    """Name the data on which a condition is measured."""
    return "training data" if run.test is None else "test data"
