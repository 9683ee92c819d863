"""The first minute: a greeting for a newcomer, and after training stopped, what came of it."""

from dataclasses import replace

import streamlit as st

from nets.config import Config
from nets.lessons import first_minute
from nets.page.controls import actions
from nets.page.html.words import NOTEBOOK, help_text
from nets.page.stage import player
from nets.page.visitor.arrival import GREETING, NEWCOMER
from nets.page.visitor.session import Session

PANEL = "Data and output"  # the panel that a newcomer sees: each example with its answer


def show(session: Session) -> None:
    """Draw the greeting until something was done, and the outcome of training that stopped."""
    state = st.session_state
    if state.get(GREETING):
        state[GREETING] = _is_untouched(session)
    if state.get(GREETING):
        state.setdefault("panel", PANEL)
        with st.container(key="words"):
            _greet(session)
    elif words := _outcome(session):
        with st.container(key="words"):
            st.info(words)


def _is_untouched(session: Session) -> bool:
    begun = session.run.epoch > 0 or session.walk is not None or session.playing
    return not (begun or session.run_number)


def _greet(session: Session) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(first_minute.GREETING)
        st.caption(first_minute.LINES)
        with st.container(horizontal=True, gap="small"):
            st.button(
                "Play",
                key="first_play",
                type="primary",
                icon=":material/play_arrow:",
                on_click=player.toggle,
                args=(session,),
            )
            words = "Open the notebook's example instead"
            if st.button(words, key="open_notebook", help=help_text(NOTEBOOK)):
                session.begin(Config())
                st.session_state[actions.FILLING] = True
                st.rerun()


def _outcome(session: Session) -> str:
    """Say how training ended, if it stopped by itself; to a newcomer what was learned."""
    words, stop, run = player.stop_outcome(session), session.stop, session.run
    reached = stop is not None and replace(stop, since=run.epoch) == first_minute.goal_of(run)
    if words and reached and st.session_state.get(NEWCOMER):
        learned = first_minute.learned(run)
        return f"{learned} {first_minute.NEXT}" if learned else words
    return words
