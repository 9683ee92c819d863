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
from nets.engine.softmax import FOR_OUTPUTS
from nets.engine.update import OPTIMIZERS
from nets.page.controls import actions, data_and_layers, widgets
from nets.page.visitor.session import Session

LOSS_HELP = (
    "SquaredError is the notebook's ½ Σ (y − ŷ)². The other losses are those of torch.nn, with "
    "the same names and defaults."
)
BIAS_HELP = (
    "The notebook adds one number, the sum over the whole layer, to every bias of the layer. "
    "In a layer of several neurons this is not the gradient of any bias, and some biases may move "
    f"in the wrong direction. With “{BIAS_RULES['gradient'].title}” every bias follows its own "
    "gradient."
)
OPTIMIZER_HELP = (
    "Gradient descent is the notebook’s update: −rate · gradient. The others are optimisers of "
    "torch.optim that are given our gradients. Momentum (SGD with momentum 0.9) keeps a part of "
    "the previous change. RMSprop, Adagrad and Adam choose a step size for each weight, and "
    "usually need a smaller learning rate."
)
PENALTY_HELP = {
    "l1": "From 0 to 10. Adds L1 · Σ |w| to the loss that is minimised: many weights become 0. "
    "Biases are not penalised, and the loss shown does not include the penalty.",
    "l2": "From 0 to 10. Adds L2 / 2 · Σ w² to the loss that is minimised: large weights shrink. "
    "Biases are not penalised, and the loss shown does not include the penalty.",
}
# How a choice that fits is written, by its field.
WORDS = {"output_activation": "a {} output", "first_weights": "{} first weights"}
FIRST_WEIGHTS_HELP = (
    "How weights and biases are drawn before epoch 0. Uniform is the default of torch.nn.Linear. "
    "Xavier suits sigmoid and tanh, He suits ReLU; with both, all biases start at 0. With zeros, "
    "all neurons of a layer are identical and stay identical."
)
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
    _choose_row(session, "Bias update", "bias_rule", BIAS_RULES, BIAS_HELP)
    _choose_optimizer(session)
    _choose_seed(session)


def _choose_learning_rate(session: Session) -> None:
    """Draw the field, and buttons to the next smaller and the next larger rate."""
    field, down, up = st.columns([3, 1, 1], gap="small", vertical_alignment="bottom")
    changed = {"on_change": actions.rate_changed, "args": (session,)}
    widgets.number_field(field, "Learning rate", "learning_rate", **changed)
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
    left, right = st.columns(2, gap="small")
    changed = {"on_change": actions.changed, "args": (session,)}
    left.selectbox(
        "Hidden activation",
        ACTIVATIONS,
        key="hidden_activation",
        disabled=st.session_state.layers == 0,
        **changed,
    )
    right.selectbox(
        "Output activation", [*ACTIVATIONS, *FOR_OUTPUTS], key="output_activation", **changed
    )


def _choose_loss(session: Session) -> None:
    state, key = st.session_state, widgets.key_of("loss")
    st.selectbox(
        "Loss", LOSSES, key=key, help=LOSS_HELP, on_change=actions.changed, args=(session,)
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


def _choose_row(session: Session, label: str, key: str, rows: Mapping[str, Any], help: str) -> None:
    """Draw a list of the titles of a table's rows."""
    st.selectbox(
        label,
        rows,
        format_func=lambda name: rows[name].title,
        key=key,
        help=help,
        on_change=actions.changed,
        args=(session,),
    )


def _choose_optimizer(session: Session) -> None:
    """Draw a popover; its errors are shown below it too, where they are seen when it is closed."""
    changed, config = {"on_change": actions.changed, "args": (session,)}, session.recipe.config
    with st.popover(optimizer_label(config), key="training_controls", width="stretch"):
        _choose_row(session, "Optimiser", "optimizer", OPTIMIZERS, OPTIMIZER_HELP)
        if hint := about_rate(config.optimizer, session.run.learning_rate):
            st.caption(hint)
        for column, (key, words) in zip(
            st.columns(2, gap="small"), PENALTY_HELP.items(), strict=True
        ):
            widgets.number_field(column, key.upper(), key, help=words, **changed)
        widgets.show_errors(session, *PENALTY_HELP)
        book = ALL_DATASETS[config.data].textbook
        ways = {**FIRST_WEIGHTS, **({BOOK: book} if book else {})}
        _choose_row(session, "Weight initialisation", "first_weights", ways, FIRST_WEIGHTS_HELP)
    widgets.show_errors(session, "optimizer", *PENALTY_HELP, "first_weights")


def optimizer_label(config: Config) -> str:
    """Name what differs from the notebook, or say what can be chosen."""
    named = {
        "optimizer": OPTIMIZERS[config.optimizer].title,
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
    widgets.number_field(left, "Seed", "seed", **changed)
    right.button(
        "New weights",
        key="new_weights",
        on_click=actions.new_weights,
        args=(session,),
        width="stretch",
        help=SEED_HELP,
    )
    widgets.show_errors(session, "seed")
