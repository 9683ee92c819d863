"""Actions: what happens to the run when a setting in the sidebar is changed."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from nets.config import Config, require_learning_rate
from nets.data.datasets import OWN_DATA
from nets.data.examples import Data
from nets.data.features import PLANE_INPUTS
from nets.data.split import SplitError
from nets.engine.compatibility import IncompatibleChoice
from nets.page.controls import widgets
from nets.page.visitor.by_hand import kept_values
from nets.page.visitor.session import Session
from nets.presets import PRESETS, SHOWN_LEARNING_RATE, preset_for, require_room
from nets.training.recipe import LearningRate

OWN_DATA_OPEN = "own_data_open"  # whether the dialog for own data is open
REMEDY = "remedy"  # choices that fit together, if those that were made do not
FILLING = "filling"  # set when the run changed without the widgets: they are filled from it
RATES = (
    0.0001,
    0.0003,
    0.001,
    0.003,
    0.01,
    0.03,
    0.1,
    0.3,
    1.0,
    3.0,
    10.0,
)  # of the buttons − and +


def changed(session: Session) -> None:
    """Start a new run if the settings are valid and differ from those of the run."""
    if not widgets.check(session):
        return
    split_errors = session.reporting_errors("test_fraction", SplitError)
    with session.reporting_errors(widgets.key_of("loss")), split_errors:
        try:
            config, now = widgets.chosen(session), session.recipe.config
            other = replace(config, learning_rate=now.learning_rate) != now
            if other and _has_room(session, config):
                session.begin(config, values=kept_values(session.recipe, config))
        except ValueError as error:
            fitting = isinstance(error, IncompatibleChoice)
            st.session_state[REMEDY] = error.remedy if fitting else {}
            raise


def _has_room(session: Session, config: Config) -> bool:
    """Report a batch that takes more memory than the page allows; return whether it does not."""
    with session.reporting_errors("batch_size"):
        require_room(config)
    return "batch_size" not in session.errors


def use(session: Session, remedy: Mapping[str, str]) -> None:
    """Start a new run with choices that fit together."""
    for name, value in remedy.items():
        st.session_state[widgets.key_of(name)] = value
    changed(session)


def data_changed(session: Session) -> None:
    """Start a new run on other data, with its preset; for own data open the dialog instead."""
    state = st.session_state
    if state.data == OWN_DATA.name:
        state.data = session.recipe.config.data
        open_own_data()
        return
    widgets.fill(replace(PRESETS[state.data], seed=session.recipe.config.seed))
    changed(session)


def derived_changed(session: Session) -> None:
    """Start a new run with other derived inputs; n_input follows."""
    st.session_state.n_input = PLANE_INPUTS + len(st.session_state.derived)
    changed(session)


def open_own_data(*, wanted: bool = True) -> None:
    """Open the dialog for own data, or note that it was closed."""
    st.session_state[OWN_DATA_OPEN] = wanted


def use_own(session: Session, data: Data | None) -> None:
    """Start a new run on own data, with a preset that suits it; close the dialog."""
    if data is None:  # then the button is disabled
        return
    config = replace(preset_for(data), seed=session.recipe.config.seed)
    session.begin(config, data)
    st.session_state[FILLING] = True
    open_own_data(wanted=False)
    st.rerun()


def set_layers(session: Session, layers: int) -> None:
    """Start a new run with this many hidden layers; the size of the first comes from the preset."""
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
    """Start a new run on a new sample of the data, with the same first weights."""
    st.session_state.data_seed = secrets.randbelow(10_000)
    changed(session)


def new_weights(session: Session) -> None:
    """Start a new run from another seed."""
    st.session_state.seed = secrets.randbelow(10_000)
    changed(session)


def rate_changed(session: Session) -> None:
    """Continue the run with another learning rate; at epoch 0 begin with it."""
    rate = widgets.typed("learning_rate")
    with session.reporting_errors("learning_rate"):
        rate = require_learning_rate(rate, SHOWN_LEARNING_RATE)
        is_first = session.run.epoch == 0 and session.walk is None
        if is_first or session.is_observed:
            config = replace(session.recipe.config, learning_rate=rate)
            session.begin(config, values=session.recipe.set_at_first)
        else:
            session.do(LearningRate(rate))


def step_rate(session: Session, direction: int) -> None:
    """Take the next larger (direction 1) or smaller (-1) rate of `RATES`."""
    now = session.run.learning_rate
    rates = [rate for rate in RATES[::direction] if (rate - now) * direction > 1e-9]
    if rates:
        st.session_state.learning_rate = rates[0]
        rate_changed(session)
