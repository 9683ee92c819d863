"""Controls: everything that is chosen before epoch 0, and the learning rate, in the sidebar."""

from collections.abc import Mapping

import streamlit as st

from nets.engine.activations import ACTIVATIONS, FOR_OUTPUTS
from nets.engine.backprop import BIAS_RULES
from nets.engine.compatibility import squashed_twice
from nets.engine.losses import LOSSES
from nets.page.controls import actions, data, layers, learning_rate, optimizer, widgets
from nets.page.visitor.session import Session

BIAS_HELP = (
    "The notebook adds one number, the sum over the whole layer, to every bias of the layer. "
    "In a layer of several neurons this is not the gradient of any bias, and some biases may move "
    f"in the wrong direction. With “{BIAS_RULES['gradient'].title}” every bias follows its own "
    "gradient."
)
LOSS_HELP = (
    "SquaredError is the notebook's ½ Σ (y − ŷ)²; the others are those of torch.nn, by their names "
    "and with their defaults."
)


def show(session: Session) -> None:
    """Draw the sidebar."""
    if "data" not in st.session_state or st.session_state.pop(actions.FILLING, False):
        widgets.fill(session.recipe.config)
    st.markdown("**Nets** :gray[:small[a network you can take apart]]")
    data.show(session)
    layers.show(session)
    learning_rate.show(session)
    _activations(session)
    _loss(session)
    _bias_rule(session)
    optimizer.show(session)
    _seed(session)


def _activations(session: Session) -> None:
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


def _loss(session: Session) -> None:
    state, key = st.session_state, widgets.key_of("loss")
    st.selectbox(
        "Loss",
        LOSSES,
        key=key,
        help=LOSS_HELP,
        on_change=actions.changed,
        args=(session,),
    )
    widgets.show_errors(session, key)
    if key in session.errors:
        _offer(session, state.remedy)
    elif doubt := squashed_twice(state[key], state.output_activation):
        st.warning(doubt)
        _offer(session, {"output_activation": "linear"})


def _offer(session: Session, remedy: Mapping[str, str]) -> None:
    """Offer what would fit."""
    words = [f"a {value} output" if name != "loss" else value for name, value in remedy.items()]
    st.button(
        f"Use {' with '.join(words)}",
        key="use_what_fits",
        on_click=actions.use,
        args=(session, remedy),
        width="stretch",
    )


def _bias_rule(session: Session) -> None:
    st.selectbox(
        "Bias update",
        BIAS_RULES,
        format_func=lambda name: BIAS_RULES[name].title,
        key="bias_rule",
        help=BIAS_HELP,
        on_change=actions.changed,
        args=(session,),
    )


def _seed(session: Session) -> None:
    left, right = st.columns([2, 3], gap="small", vertical_alignment="bottom")
    left.number_input("Seed", key="seed", on_change=actions.changed, args=(session,), step=1)
    right.button(
        "New weights",
        key="new_weights",
        on_click=actions.new_weights,
        args=(session,),
        width="stretch",
        help="Another seed: other first weights and, where the data is random, other data.",
    )
    widgets.show_errors(session, "seed")
