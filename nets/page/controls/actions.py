"""Choices: what happens to the run when something in the sidebar is chosen."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from nets.data.datasets import ALL_DATASETS, OWN_DATA
from nets.data.examples import Data
from nets.data.features import PLANE_INPUTS
from nets.data.split import SplitError
from nets.engine.compatibility import IncompatibleChoice
from nets.page.controls import widgets
from nets.page.visitor.session import Session
from nets.presets import PRESETS, preset_for

BRINGING = "bringing_own_data"  # while the box for own data is open
FILLING = "filling"  # until the widgets show a run that did not come from them


def changed(session: Session) -> None:
    """Start a new run, unless the widgets say what the run is already, or what cannot be."""
    if not widgets.check(session):
        return
    spare = session.reporting_errors("test_fraction", SplitError)
    with session.reporting_errors(widgets.key_of("loss")), spare:
        try:
            config, now = widgets.chosen(session), session.recipe.config
            if replace(config, learning_rate=now.learning_rate) != now:
                session.begin(config)
        except IncompatibleChoice as misfit:
            st.session_state.remedy = misfit.remedy
            raise


def use(session: Session, remedy: Mapping[str, str]) -> None:
    """Start a new run with what fits."""
    for name, value in remedy.items():
        st.session_state[widgets.key_of(name)] = value
    changed(session)


def data_changed(session: Session) -> None:
    """Start a new run on other data, with what suits it; own data have to be brought first."""
    state = st.session_state
    if state.data == OWN_DATA.name:
        state.data = session.recipe.config.data
        bring()
        return
    chosen = ALL_DATASETS[state.data]
    st.toast(f"{chosen.title}. {chosen.about}")
    widgets.fill(replace(PRESETS[state.data], seed=session.recipe.config.seed))
    changed(session)


def derived_changed(session: Session) -> None:
    """Start a new run with other derived inputs; the input layer follows."""
    st.session_state.n_input = PLANE_INPUTS + len(st.session_state.derived)
    changed(session)


def bring(*, wanted: bool = True) -> None:
    """Open the box for own data, or note that it was closed."""
    st.session_state[BRINGING] = wanted


def use_own(session: Session, data: Data) -> None:
    """Start a new run on own data, with what suits it."""
    config = replace(preset_for(data), seed=session.recipe.config.seed)
    session.begin(config, data)
    st.session_state[FILLING] = True
    bring(wanted=False)


def set_layers(session: Session, layers: int) -> None:
    """Start a new run with so many hidden layers; the first is as suits the data."""
    state = st.session_state
    if layers == 1 and state.layers == 0:
        own = session.recipe.data
        suited = PRESETS[state.data] if own is None else preset_for(own)
        state[widgets.hidden_key(1)] = suited.sizes[1]
    elif layers > state.layers:
        state[widgets.hidden_key(layers)] = state[widgets.hidden_key(state.layers)]
    state.layers = layers
    changed(session)


def new_sample(session: Session) -> None:
    """Start a new run on other data of the same kind, with the same first weights."""
    st.session_state.data_seed = secrets.randbelow(10_000)
    changed(session)


def new_weights(session: Session) -> None:
    """Start a new run from another seed."""
    st.session_state.seed = secrets.randbelow(10_000)
    changed(session)
