"""Choices: what the sidebar's widgets say, checked, and made into a run."""

import secrets
from collections.abc import Mapping
from dataclasses import fields, replace

import streamlit as st

from nets.config import MOST, Config, require_learning_rate
from nets.datasets import OWN_DATA, SOURCES
from nets.examples.data import Data
from nets.examples.derived import OWN
from nets.examples.splitting import Unsplittable
from nets.fitting import Misfit
from nets.page.session import Session
from nets.page_limits import (
    SHOWN_EXAMPLES,
    SHOWN_HIDDEN,
    SHOWN_INPUTS,
    SHOWN_LEARNING_RATE,
    SHOWN_OUTPUTS,
)
from nets.presets import SUITED, suited_to
from nets.requiring import require_number, require_whole
from nets.seeds import MAX_SEED

BRINGING = "bringing_own_data"  # while the box for own data is open
FILLING = "filling"  # until the widgets show a run that did not come from them
READ_AS_THEY_ARE = [field.name for field in fields(Config) if field.name != "sizes"]
MAY_BE_NONE = ("batch_size", "data_seed")


def fill(config: Config) -> None:
    """Set the widgets to a config."""
    state = st.session_state
    for name in READ_AS_THEY_ARE:
        value = getattr(config, name)
        state[key_of(name)] = list(value) if name == "derived" else value
    state.n_input, *hidden, state.n_output = config.sizes
    state.layers = len(hidden)
    for number, size in enumerate(hidden, start=1):
        state[hidden_key(number)] = size


def key_of(field: str) -> str:
    """Name the widget of a field; the key "loss" is that of the number on the page."""
    return "loss_function" if field == "loss" else field


def hidden_key(number: int) -> str:
    """Name the widget of a hidden layer; the first is 1."""
    return "n_hidden" if number == 1 else f"n_hidden_{number}"


def changed(session: Session) -> None:
    """Start a new run, unless the widgets say what the run is already, or what cannot be."""
    state = st.session_state
    _check(session)
    if any(key in session.complaints for key in (*_limits(), *MOST, "learning_rate")):
        return
    spare = session.complaining("test_fraction", Unsplittable)
    with session.complaining(key_of("loss")), spare:
        try:
            config, now = _chosen(session), session.recipe.config
            if replace(config, learning_rate=now.learning_rate) != now:
                session.begin(config)
        except Misfit as misfit:
            state.remedy = misfit.remedy
            raise


def _chosen(session: Session) -> Config:
    """Read the widgets.

    Streamlit forgets the value of a widget that is not shown: then it is still that of the run.
    """
    state, now = st.session_state, session.recipe.config
    hidden = [state[hidden_key(number)] for number in range(1, state.layers + 1)]
    return replace(
        now,
        sizes=(state.n_input, *hidden, state.n_output),
        **{name: state.get(key_of(name), getattr(now, name)) for name in READ_AS_THEY_ARE},
    )


def use(session: Session, remedy: Mapping[str, str]) -> None:
    """Start a new run with what fits."""
    for name, value in remedy.items():
        st.session_state[key_of(name)] = value
    changed(session)


def _limits() -> dict[str, tuple[int, int]]:
    """The lowest and the highest value of each widget that takes a whole number."""
    hidden = [hidden_key(number) for number in range(1, st.session_state.layers + 1)]
    return {
        "n_input": (1, SHOWN_INPUTS),
        **dict.fromkeys(hidden, (1, SHOWN_HIDDEN)),
        "n_output": (1, SHOWN_OUTPUTS),
        "examples": (1, SHOWN_EXAMPLES),
        "batch_size": (1, SHOWN_EXAMPLES),
        "seed": (0, MAX_SEED),
        "data_seed": (0, MAX_SEED),
    }


def _check(session: Session) -> None:
    """Complain about every value that the page does not allow."""
    state = st.session_state
    for key, (low, high) in _limits().items():
        with session.complaining(key):
            if key in state and (key not in MAY_BE_NONE or state[key] is not None):
                require_whole(key, state[key], low, high)
    for key, most in MOST.items():
        with session.complaining(key):
            require_number(key, state.get(key, 0), 0, most)
    with session.complaining("learning_rate"):
        require_learning_rate(state.learning_rate, SHOWN_LEARNING_RATE)


def data_changed(session: Session) -> None:
    """Start a new run on other data, with what suits it; own data have to be brought first."""
    state = st.session_state
    if state.data == OWN_DATA.name:
        state.data = session.recipe.config.data
        bring()
        return
    chosen = SOURCES[state.data]
    st.toast(f"{chosen.title}. {chosen.about}")
    fill(replace(SUITED[state.data], seed=session.recipe.config.seed))
    changed(session)


def derived_changed(session: Session) -> None:
    """Start a new run with other derived inputs; the input layer follows."""
    st.session_state.n_input = OWN + len(st.session_state.derived)
    changed(session)


def bring(*, wanted: bool = True) -> None:
    """Open the box for own data, or note that it was closed."""
    st.session_state[BRINGING] = wanted


def use_own(session: Session, data: Data) -> None:
    """Start a new run on own data, with what suits it."""
    config = replace(suited_to(data), seed=session.recipe.config.seed)
    session.begin(config, data)
    st.session_state[FILLING] = True
    bring(wanted=False)


def set_layers(session: Session, layers: int) -> None:
    """Start a new run with so many hidden layers; the first is as suits the data."""
    state = st.session_state
    if layers == 1 and state.layers == 0:
        own = session.recipe.data
        suited = SUITED[state.data] if own is None else suited_to(own)
        state[hidden_key(1)] = suited.sizes[1]
    elif layers > state.layers:
        state[hidden_key(layers)] = state[hidden_key(state.layers)]
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
