"""Widgets: the sidebar's values are set from a Config, checked, and read into a Config."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import streamlit as st

from nets.config import HIGHEST, Config, require_learning_rate
from nets.page.html.text import as_markdown
from nets.page.visitor.session import Session
from nets.presets import (
    SHOWN_EXAMPLES,
    SHOWN_HIDDEN,
    SHOWN_INPUTS,
    SHOWN_LEARNING_RATE,
    SHOWN_OUTPUTS,
)
from nets.seeds import MAX_SEED
from nets.validate import require_number, require_whole

READ_AS_THEY_ARE = [field.name for field in fields(Config) if field.name != "sizes"]
MAY_BE_NONE = ("batch_size", "data_seed")


def key_of(field: str) -> str:
    """Name the widget of a field; the key "loss" is that of the number on the page."""
    return "loss_function" if field == "loss" else field


def hidden_key(number: int) -> str:
    """Name the widget of a hidden layer; the first is 1."""
    return "n_hidden" if number == 1 else f"n_hidden_{number}"


def hidden_keys() -> list[str]:
    """Name the widgets of all hidden layers."""
    return [hidden_key(number) for number in range(1, st.session_state.layers + 1)]


def fill(config: Config) -> None:
    """Set the widgets to a config."""
    state = st.session_state
    for name in READ_AS_THEY_ARE:
        value = getattr(config, name)
        state[key_of(name)] = list(value) if name == "derived" else value
    state.n_input, *hidden, state.n_output = config.sizes
    state.layers = len(hidden)
    for key, size in zip(hidden_keys(), hidden, strict=True):
        state[key] = size


def chosen(session: Session) -> Config:
    """Read the widgets.

    Streamlit forgets the value of a widget that is not shown: then the run's value is used.

    Raises:
        ValueError: if the values are impossible; an `IncompatibleChoice` if two do not fit.
    """
    state, now = st.session_state, session.recipe.config
    hidden = [state[key] for key in hidden_keys()]
    return replace(
        now,
        sizes=(state.n_input, *hidden, state.n_output),
        **{name: state.get(key_of(name), getattr(now, name)) for name in READ_AS_THEY_ARE},
    )


def check(session: Session) -> bool:
    """Report every value that the page does not allow; return whether all are allowed."""
    state, limits = st.session_state, _limits()
    for key, (low, high) in limits.items():
        with session.reporting_errors(key):
            if key in state and (key not in MAY_BE_NONE or state[key] is not None):
                require_whole(key, state[key], low, high)
    for key, most in HIGHEST.items():
        with session.reporting_errors(key):
            require_number(key, state.get(key, 0), 0, most)
    with session.reporting_errors("learning_rate"):
        require_learning_rate(state.learning_rate, SHOWN_LEARNING_RATE)
    return session.errors.keys().isdisjoint((*limits, *HIGHEST, "learning_rate"))


def _limits() -> dict[str, tuple[int, int]]:
    """The lowest and the highest value of each widget that takes a whole number."""
    return {
        "n_input": (1, SHOWN_INPUTS),
        **dict.fromkeys(hidden_keys(), (1, SHOWN_HIDDEN)),
        "n_output": (1, SHOWN_OUTPUTS),
        "examples": (1, SHOWN_EXAMPLES),
        "batch_size": (1, SHOWN_EXAMPLES),
        "seed": (0, MAX_SEED),
        "data_seed": (0, MAX_SEED),
    }


def show_errors(session: Session, *keys: str) -> None:
    """Say what was wrong in the widgets of these keys, if anything."""
    for key in keys:
        if key in session.errors:
            st.error(as_markdown(session.errors[key]))


@contextmanager
def lazy_popover(
    label: str, key: str, *, keep: Sequence[str] = (), **options: Any
) -> Iterator[bool]:
    """Draw a popover that opens with a click; yield whether it is open.

    The caller draws its widgets only if it is. Streamlit forgets the value of a widget that is not
    drawn, unless the value is set again: the values of the keys in `keep` are.
    """
    state = st.session_state
    for name in keep:
        if name in state:
            state[name] = state[name]
    with st.popover(label, key=key, on_change="rerun", **options) as popover:
        yield bool(popover.open)
