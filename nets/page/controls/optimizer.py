"""Training controls: the optimiser, the penalty on large weights and the first weights."""

import streamlit as st

from nets.config import Config
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.update import OPTIMIZERS
from nets.page.controls import actions, widgets
from nets.page.visitor.session import Session

OPTIMIZER_HELP = (
    "Gradient descent is the notebook’s update: −rate · gradient. The others are torch.optim’s, "
    "fed with our gradients: Momentum (SGD with 0.9) rolls on like a ball; RMSprop, Adagrad and "
    "Adam give each weight a step of its own, and mostly want a smaller learning rate."
)
FIRST_WEIGHTS_HELP = (
    "How weights and biases are drawn before epoch 0. Uniform is what torch.nn.Linear begins with. "
    "Xavier suits sigmoid and tanh, He suits ReLU; their biases begin at 0. With all 0 the neurons "
    "of a layer are copies of each other, and stay it."
)
PENALTY_HELP = {
    "l1": "From 0 to 10. Adds L1 · Σ |w| to what training descends: many weights become 0. "
    "Biases are left alone, and the loss shown is without it.",
    "l2": "From 0 to 10. Adds L2 / 2 · Σ w² to what training descends: large weights shrink. "
    "Biases are left alone, and the loss shown is without it.",
}
FIELDS = ("optimizer", "l1", "l2", "first_weights")


def show(session: Session) -> None:
    """Draw a button that opens the fields; what is wrong in there is said below it too."""
    with st.popover(label(session.recipe.config), key="training_controls", width="stretch"):
        _optimizer(session)
        _penalties(session)
        _first_weights(session)
    widgets.show_errors(session, *FIELDS)


def label(config: Config) -> str:
    """Name what is not as in the notebook, or what there is to choose."""
    named = [
        title
        for field, title in (
            ("optimizer", OPTIMIZERS[config.optimizer].title),
            ("l1", f"L1 {config.l1:g}"),
            ("l2", f"L2 {config.l2:g}"),
            ("first_weights", f"first weights {config.first_weights}"),
        )
        if getattr(config, field) != getattr(Config, field)
    ]
    return ", ".join(named) or "Optimiser and more"


def about_rate(optimizer: str, rate: float) -> str:
    """Say which learning rates are usual, where the present one is not."""
    low, high = OPTIMIZERS[optimizer].usual_rates
    if low <= rate <= high:
        return ""
    return (
        f"With {optimizer}, learning rates from {low:g} to {high:g} are usual; yours is {rate:g}."
    )


def _optimizer(session: Session) -> None:
    st.selectbox(
        "Optimiser",
        OPTIMIZERS,
        format_func=lambda name: OPTIMIZERS[name].title,
        key="optimizer",
        help=OPTIMIZER_HELP,
        on_change=actions.changed,
        args=(session,),
    )
    if hint := about_rate(session.recipe.config.optimizer, session.run.learning_rate):
        st.caption(hint)


def _penalties(session: Session) -> None:
    for column, key in zip(st.columns(2, gap="small"), PENALTY_HELP, strict=True):
        column.number_input(
            key.upper(),
            key=key,
            step=0.001,
            format="%g",
            help=PENALTY_HELP[key],
            on_change=actions.changed,
            args=(session,),
        )
    widgets.show_errors(session, *PENALTY_HELP)


def _first_weights(session: Session) -> None:
    st.selectbox(
        "First weights",
        FIRST_WEIGHTS,
        format_func=lambda name: FIRST_WEIGHTS[name].title,
        key="first_weights",
        help=FIRST_WEIGHTS_HELP,
        on_change=actions.changed,
        args=(session,),
    )
