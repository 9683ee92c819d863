"""Widgets: the sidebar's values are set from a Config, checked, and read into a Config."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nets.config import HIGHEST, Config, require_constant, require_learning_rate
from nets.engine.optimizers import CONSTANTS
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
from nets.validate import format_typed_number, parse_typed_number, require_number, require_whole

READ_AS_THEY_ARE = [field.name for field in fields(Config) if field.name != "sizes"]
MOST_LETTERS = 40  # in a field for a number
MAY_BE_NONE = ("batch_size", "data_seed", "try_example", *CONSTANTS)
# What an arrow key adds to the number in each field, by the beginning of its key. Where that is a
# whole number, so is the field's.
STEPS: dict[str, int | float] = {
    **dict.fromkeys(("n_input", "n_hidden", "n_output", "examples", "batch_size"), 1),
    **dict.fromkeys(
        ("seed", "data_seed", "train_epochs", "sweep_epochs", "stop_patience", "try_example"), 1
    ),
    **dict.fromkeys(("learning_rate", "stop_loss", "stop_accuracy", "try_"), 0.01),
    **{"set_parameter": 0.1, "noise": 0.05, "test_fraction": 0.1, "l1": 0.001, "l2": 0.001},
    **{constant.name: constant.step for constant in CONSTANTS.values()},
}
# The label of each field, which messages next to it use too. Those of constants are in their rows.
LABELS = {
    "data": "Data",
    "examples": "Examples",
    "batch_size": "Batch size",
    "noise": "Noise",
    "test_fraction": "Test fraction",
    "data_seed": "Data seed",
    "n_input": "n_input",
    "n_hidden": "n_hidden",
    "n_output": "n_output",
    "derived": "Features",
    "learning_rate": "Learning rate",
    "hidden_activation": "Hidden activation",
    "output_activation": "Output activation",
    "loss_function": "Loss",
    "bias_rule": "Bias update",
    "optimizer": "Optimiser",
    "l1": "L1",
    "l2": "L2",
    "first_weights": "Weight initialisation",
    "seed": "Seed",
    **{constant.name: constant.title for constant in CONSTANTS.values()},
}
# A text that already is as the page writes numbers, in the quotation marks of `repr`.
AS_WRITTEN = re.compile(r"'-?(0|[1-9]\d{0,9})(\.\d{0,3}[1-9])?'", re.ASCII)


def key_of(field: str) -> str:
    """Name the widget of a field; the key "loss" is that of the number on the page."""
    return "loss_function" if field == "loss" else field


def hidden_key(number: int) -> str:
    """Name the widget of a hidden layer; the first is 1."""
    return "n_hidden" if number == 1 else f"n_hidden_{number}"


def hidden_keys() -> list[str]:
    """Name the widgets of all hidden layers."""
    return [hidden_key(number) for number in range(1, st.session_state.layers + 1)]


def label_of(key: str) -> str:
    """Return the label of a field; a hidden layer after the first has its number."""
    return LABELS.get(key) or key.replace("n_hidden_", "hidden ")


def with_label(message: str) -> str:
    """Write the field's label where a message of the engine begins with a field's name."""
    field, space, rest = message.partition(" ")
    return LABELS.get(key_of(field), field) + space + rest


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


def number_field(place: DeltaGenerator, label: str, key: str, **options: Any) -> None:
    """Draw a field for a number: a field for text, since a browser reads 0,05 as 5.

    Once a number has been read it is written into the field, so that the field shows what is used.
    """
    state = st.session_state
    if state.get(key, "") != "" and not AS_WRITTEN.fullmatch(repr(state[key])):
        value, is_whole = typed(key), isinstance(_step_of(key), int)
        if not isinstance(value, str) and not (is_whole and isinstance(value, float)):
            state[key] = format_typed_number(value)
    place.text_input(label, key=key, autocomplete="off", max_chars=MOST_LETTERS, **options)


def typed(key: str) -> Any:
    """Read what is typed in a field: a number; None if it is empty and may be; else the text."""
    value = st.session_state.get(key)
    if not isinstance(value, str):
        return value
    return None if key in MAY_BE_NONE and not value.strip() else parse_typed_number(value)


def _step_of(key: str) -> int | float:
    return next(step for start, step in STEPS.items() if key.startswith(start))


def step_buttons(columns: Sequence[DeltaGenerator], label: str, key: str, **changed: Any) -> None:
    """Draw the buttons − and + of a field, whose names only a screen reader says."""
    rows = ("Decrease", "remove", -1), ("Increase", "add", 1)
    for column, (verb, icon, direction) in zip(columns, rows, strict=True):
        column.button(
            f"{verb} {label}",
            icon=f":material/{icon}:",
            key=f"{key}_{icon}",
            on_click=_step,
            args=(key, direction, changed),
        )


def _step(key: str, direction: int, changed: Mapping[str, Any]) -> None:
    """Add a step to the number in a field, and do what follows from a change."""
    number = typed(key)
    if isinstance(number, int | float):
        st.session_state[key] = format_typed_number(
            float(f"{number + direction * _step_of(key):.12g}")
        )
        if "on_change" in changed:
            changed["on_change"](*changed["args"])


def chosen(session: Session) -> Config:
    """Read the widgets.

    Streamlit forgets the value of a widget that is not shown: then the run's value is used.

    Raises:
        ValueError: if the values are impossible; an `IncompatibleChoice` if two do not fit.
    """
    state, now = st.session_state, session.recipe.config
    return replace(
        now,
        sizes=tuple(map(typed, ("n_input", *hidden_keys(), "n_output"))),
        **{name: typed(key_of(name)) for name in READ_AS_THEY_ARE if key_of(name) in state},
    )


def check(session: Session) -> bool:
    """Report every value that the page does not allow; return whether all are allowed."""
    state, limits = st.session_state, _limits()
    for key, (low, high) in limits.items():
        with session.reporting_errors(key):
            if key in state and (value := typed(key)) is not None:
                require_whole(label_of(key), value, low, high)
    for key, most in HIGHEST.items():
        with session.reporting_errors(key):
            require_number(label_of(key), typed(key) if key in state else 0, 0, most)
    for key in CONSTANTS:
        with session.reporting_errors(key):
            require_constant(key, typed(key) if key in state else None)
    with session.reporting_errors("learning_rate"):
        require_learning_rate(typed("learning_rate"), SHOWN_LEARNING_RATE)
    return session.errors.keys().isdisjoint((*limits, *HIGHEST, *CONSTANTS, "learning_rate"))


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
            st.error(as_markdown(with_label(session.errors[key])))


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
