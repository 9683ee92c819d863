"""Rate controls: the learning rate, the one choice with which a run goes on where it is."""

from dataclasses import replace

import streamlit as st

from nets.config import require_learning_rate
from nets.page.controls import widgets
from nets.page.visitor.session import Session
from nets.presets import SHOWN_LEARNING_RATE
from nets.training.recipe import LearningRate

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def show(session: Session) -> None:
    """Draw the field, and buttons to the next smaller and the next larger rate."""
    field, down, up = st.columns([3, 1, 1], gap="small", vertical_alignment="bottom")
    field.number_input(
        "Learning rate",
        key="learning_rate",
        format="%g",
        on_change=rate_changed,
        args=(session,),
    )
    down.button(
        "",
        icon=":material/remove:",
        key="rate_down",
        on_click=step_rate,
        args=(session, -1),
    )
    up.button("", icon=":material/add:", key="rate_up", on_click=step_rate, args=(session, 1))
    widgets.show_errors(session, "learning_rate")


def rate_changed(session: Session) -> None:
    """Go on from where the run is, with another learning rate."""
    rate = st.session_state.learning_rate
    with session.reporting_errors("learning_rate"):
        require_learning_rate(rate, SHOWN_LEARNING_RATE)
        if session.run.epoch == 0 and session.walk is None:
            session.begin(replace(session.recipe.config, learning_rate=rate))
        else:
            session.do(LearningRate(rate))


def step_rate(session: Session, direction: int) -> None:
    """Take the next rate of the ladder, up or down."""
    now = session.run.learning_rate
    further = [rate for rate in RATES[::direction] if (rate - now) * direction > 1e-9]
    if further:
        st.session_state.learning_rate = further[0]
        rate_changed(session)
