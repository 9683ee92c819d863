"""The sidebar: everything that is chosen before epoch 0, and the learning rate."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nets.config import Config
from nets.data.datasets import ALL_DATASETS
from nets.data.textbooks import BOOK
from nets.engine.activations import ACTIVATIONS
from nets.engine.backprop import BIAS_RULES
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.losses import LOSSES, squashed_twice
from nets.engine.optimizers import OPTIMIZERS
from nets.engine.softmax import FOR_OUTPUTS
from nets.page.controls import actions, data_and_layers, widgets
from nets.page.controls.widgets import label_of
from nets.page.html.words import help_text
from nets.page.visitor.session import Session
from nets.sharing.caption import name_optimizer

# How a choice that fits is written, by its field.
WORDS = {"output_activation": "a {} output", "first_weights": "{} first weights"}
PENALTIES = "l1", "l2"
SEED_HELP = "Draws a new seed: new first weights and, if the data is random, new data."


def show(session: Session) -> None:
    """Draw the sidebar."""
    if "data" not in st.session_state or st.session_state.pop(actions.FILLING, False):
        widgets.fill(session.settings)
    st.markdown("**Nets** :gray[:small[a network you can take apart]]")
    data_and_layers.show(session)
    _choose_learning_rate(session)
    _choose_activations(session)
    _choose_loss(session)
    _choose_row(session, "bias_rule", BIAS_RULES, "bias update")
    _choose_optimizer(session)
    _choose_seed(session)


def _choose_learning_rate(session: Session) -> None:
    """Draw the field, and buttons to the next smaller and the next larger rate."""
    field, down, up = st.columns([3, 1, 1], gap="small", vertical_alignment="bottom")
    changed = {"on_change": actions.rate_changed, "args": (session,)}
    explained = {"help": help_text("learning rate")}
    widgets.number_field(field, label_of("learning_rate"), "learning_rate", **explained, **changed)
    buttons = (
        (down, "Smaller learning rate", "rate_down", "remove", -1),
        (up, "Larger learning rate", "rate_up", "add", 1),
    )
    for column, label, key, icon, direction in buttons:
        column.button(
            label,
            icon=f":material/{icon}:",
            key=key,
            on_click=actions.step_rate,
            args=(session, direction),
        )
    widgets.show_errors(session, "learning_rate")


def _choose_activations(session: Session) -> None:
    state, (left, right) = st.session_state, st.columns(2, gap="xsmall")
    changed = {"on_change": actions.changed, "args": (session,)}
    left.selectbox(
        label_of("hidden_activation"),
        ACTIVATIONS,
        key="hidden_activation",
        help=help_text("activation", state.hidden_activation),
        disabled=state.layers == 0,
        **changed,
    )
    right.selectbox(
        label_of("output_activation"),
        [*ACTIVATIONS, *FOR_OUTPUTS],
        key="output_activation",
        help=help_text("activation", state.output_activation),
        **changed,
    )


def _choose_loss(session: Session) -> None:
    state, key = st.session_state, widgets.key_of("loss")
    st.selectbox(
        label_of(key),
        LOSSES,
        key=key,
        help=help_text("loss", state[key]),
        on_change=actions.changed,
        args=(session,),
    )
    widgets.show_errors(session, key)
    if key in session.errors:
        if remedy := state.get(actions.REMEDY):
            _offer_remedy(session, remedy)
    elif doubt := squashed_twice(state[key], state.output_activation):
        st.warning(doubt)
        _offer_remedy(session, {"output_activation": "linear"})


def _offer_remedy(session: Session, remedy: Mapping[str, str]) -> None:
    """Offer choices that fit together."""
    words = [WORDS.get(name, "{}").format(value) for name, value in remedy.items()]
    st.button(
        f"Use {' with '.join(words)}",
        key="use_what_fits",
        on_click=actions.use,
        args=(session, remedy),
        width="stretch",
    )


def _choose_row(session: Session, key: str, rows: Mapping[str, Any], word: str) -> None:
    """Draw a list of the titles of a table's rows, and explain a word and the chosen row."""
    chosen = st.session_state.get(key, getattr(session.recipe.config, key))
    st.selectbox(
        label_of(key),
        rows,
        format_func=lambda name: rows[name].title,
        key=key,
        help=help_text(word, rows[chosen].title if chosen in rows else word),
        on_change=actions.changed,
        args=(session,),
    )


def _choose_optimizer(session: Session) -> None:
    """Draw a popover; its errors are shown below it too, where they are seen when it is closed."""
    changed, config = {"on_change": actions.changed, "args": (session,)}, session.recipe.config
    constants = OPTIMIZERS[config.optimizer].constants
    _keep_values("optimizer", *constants, *PENALTIES, "first_weights")
    with st.popover(optimizer_label(config), key="training_controls", width="stretch"):
        _choose_row(session, "optimizer", OPTIMIZERS, "optimiser")
        if hint := about_rate(config.optimizer, session.run.learning_rate):
            st.caption(hint)
        _choose_constants(session)
        for column, key in zip(st.columns(2, gap="small"), PENALTIES, strict=True):
            label = label_of(key)
            widgets.number_field(column, label, key, help=help_text(label), **changed)
        widgets.show_errors(session, *PENALTIES)
        book = ALL_DATASETS[config.data].textbook
        ways = {**FIRST_WEIGHTS, **({BOOK: book} if book else {})}
        _choose_row(session, "first_weights", ways, "weight initialisation")
    widgets.show_errors(session, "optimizer", *constants, *PENALTIES, "first_weights")


def _choose_constants(session: Session) -> None:
    """Draw a field for each constant of the optimiser; an empty one means the usual value."""
    constants = OPTIMIZERS[session.recipe.config.optimizer].constants
    columns = st.columns(len(constants), gap="small") if constants else []
    for column, (key, usual) in zip(columns, constants.items(), strict=True):
        label = label_of(key)
        widgets.number_field(
            column,
            label,
            key,
            help=help_text(label),
            placeholder=f"{usual:g}",
            on_change=actions.changed,
            args=(session,),
        )
    widgets.show_errors(session, *constants)


def _keep_values(*keys: str) -> None:
    """Send the values of widgets again: a box that opens later would show them empty."""
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def optimizer_label(config: Config) -> str:
    """Name what differs from the notebook, or say what can be chosen."""
    named = {
        "optimizer": name_optimizer(config),
        "l1": f"L1 {config.l1:g}",
        "l2": f"L2 {config.l2:g}",
        "first_weights": f"first weights {config.first_weights}",
    }
    different = [name for name in named if getattr(config, name) != getattr(Config, name)]
    return ", ".join(named[name] for name in different) or "Optimiser and more"


def about_rate(optimizer: str, rate: float) -> str:
    """Say which learning rates are usual, if this one is not."""
    low, high = OPTIMIZERS[optimizer].usual_rates
    if low <= rate <= high:
        return ""
    return (
        f"With {optimizer}, learning rates from {low:g} to {high:g} are usual; yours is {rate:g}."
    )


def _choose_seed(session: Session) -> None:
    left, right = st.columns([2, 3], gap="small", vertical_alignment="bottom")
    changed = {"on_change": actions.changed, "args": (session,)}
    widgets.number_field(left, label_of("seed"), "seed", help=help_text("seed"), **changed)
    right.button(
        "New weights",
        key="new_weights",
        on_click=actions.new_weights,
        args=(session,),
        width="stretch",
        help=SEED_HELP,
    )
    widgets.show_errors(session, "seed")
