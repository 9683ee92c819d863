"""The player: how far the server trains ahead while the browser plays."""

import time

import streamlit as st

from nets.page.controls import popovers
from nets.page.visitor.session import Session
from nets.page.visitor.turns import turn
from nets.training.recipe import Epochs

SPEEDS: dict[str, int | None] = {
    "1 epoch/s": 1,
    "5 epochs/s": 5,
    "25 epochs/s": 25,
    "100 epochs/s": 100,
    "fastest": None,
}
USUAL_SPEED = "25 epochs/s"
PICTURES = 25  # pictures a second, at the most
AHEAD = 0.6  # seconds that one burst of frames lasts
FRAMES_AT_FULL_SPEED = 12
FRAME_TIME = 0.02  # seconds of training behind one picture, at full speed
BURST_TIME = 0.3  # seconds after which a burst is sent, however few its frames
FIRST_BURST_TIME = 0.06  # the same for the first one: a click wants to be seen


def speed() -> int | None:
    """Return how many epochs a second are wished, or None for as many as there can be."""
    return SPEEDS[st.session_state.get("speed", USUAL_SPEED)]


def pace() -> float:
    """Return how many milliseconds a picture stays at the least."""
    epochs = speed()
    return 0 if epochs is None else 1000 / min(epochs, PICTURES)


def toggle(session: Session) -> None:
    """Play, or pause where the server is."""
    playing = not session.playing
    if playing and not popovers.apply_stop_condition(session):
        return
    session.playing = playing
    session.pending.clear()
    if session.playing:
        train_ahead(session, FIRST_BURST_TIME)
    else:
        session.pause(session.run.epoch)


def train_ahead(session: Session, seconds: float = BURST_TIME) -> None:
    """Train for one burst: each run that is to be a picture becomes a fresh one."""
    epochs = speed()
    frames = FRAMES_AT_FULL_SPEED if epochs is None else round(AHEAD * min(epochs, PICTURES))
    deadline = time.perf_counter() + seconds
    for _ in range(max(1, frames)):
        with turn():
            _train_to_the_next_picture(session, epochs)
        if not session.playing or time.perf_counter() > deadline:
            break


def _train_to_the_next_picture(session: Session, epochs: int | None) -> None:
    """At a speed the epochs between two pictures follow from it, at full speed from their cost."""
    if epochs is not None:
        session.do(Epochs(max(1, epochs // PICTURES)))
        return
    begun = time.perf_counter()
    session.do(Epochs(session.stride))
    affordable = round(session.stride * FRAME_TIME / (time.perf_counter() - begun))
    session.stride = max(1, min(4 * session.stride, affordable))
