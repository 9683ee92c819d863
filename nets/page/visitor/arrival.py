"""Arrival: the session of a visitor, begun with what the address asks for."""

from collections.abc import Mapping

import streamlit as st

from nets.config import Config
from nets.page.visitor.session import Session
from nets.sharing.link import from_query

KEY = "visitor"


def here() -> Session:
    """Return the session of the visitor whose page is being made."""
    session: Session | None = st.session_state.get(KEY)
    if session is None:
        session = st.session_state[KEY] = _arrival(st.query_params.to_dict())
        session.dark = st.context.theme.type == "dark"
    return session


def _arrival(query: Mapping[str, str]) -> Session:
    """Begin with what the address asks for; else with the notebook, and say what was wrong."""
    try:
        recipe = from_query(query)
        session = Session.of(recipe.config)
        session.start_events(recipe.events)
    except ValueError as error:
        session = Session.of(Config())
        session.errors["address"] = f"{error} The page shows the notebook's network instead."
    return session
