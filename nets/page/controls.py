"""Controls: everything that is chosen before epoch 0, and the learning rate, in the sidebar."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nets.activations import ACTIVATIONS, FOR_OUTPUTS
from nets.config import SHOWN_HIDDEN_LAYERS
from nets.datasets import OWN_DATA, SOURCES, source_of
from nets.examples.derived import DERIVED
from nets.fitting import squashed_twice
from nets.losses import LOSSES
from nets.page import choices, data_controls, training_controls
from nets.page.session import Session
from nets.results.straight import undivided

BIAS_RULES = {"notebook": "as in the notebook", "gradient": "each its own gradient"}
BIAS_HELP = (
    "The notebook adds one number, the sum over the whole layer, to every bias of the layer. "
    "That is not the gradient of any of them, and some biases may move the wrong way. With "
    "“each its own gradient” every bias follows its own share of the blame."
)
LOSS_HELP = (
    "SquaredError is the notebook's ½ Σ (y − ŷ)²; the others are those of torch.nn, by their names "
    "and with their defaults."
)
DERIVED_HELP = (
    "Inputs made of x1 and x2, beside them: with x1² and x2² a single neuron can draw a circle. "
    "The data and these decide n_input."
)
UNDIVIDED_HELP = "Without a hidden layer no weights get them all right; Diagnosis says why."
NOISE_HELP = "From 0 to 0.5: how far the examples are from clear."


def show(session: Session) -> None:
    """Draw the sidebar."""
    if "data" not in st.session_state or st.session_state.pop(choices.FILLING, False):
        choices.fill(session.recipe.config)
    st.markdown("**Nets** :gray[:small[a network you can take apart]]")
    _data(session)
    _sizes(session)
    _learning_rate(session)
    _activations(session)
    _loss(session)
    _bias_rule(session)
    training_controls.show(session)
    _seed(session)


def _data(session: Session) -> None:
    changed = {"on_change": choices.data_changed, "args": (session,)}
    st.selectbox(
        "Data",
        SOURCES,
        format_func=lambda name: SOURCES[name].title,
        key="data",
        **changed,
    )
    chosen = source_of(st.session_state.data, session.recipe.data)
    if chosen.name == OWN_DATA.name:
        st.button(
            "Other columns, file or table", key="bring", on_click=choices.bring, width="stretch"
        )
    changed = {"on_change": choices.changed, "args": (session,), "step": 1}
    left, right, *beside = st.columns(3 if chosen.noisy else 2, gap="small")
    if chosen.examples is None:
        left.number_input("Examples", key="examples", **changed)
    else:
        left.number_input("Examples", value=chosen.examples, disabled=True)
    right.number_input("Batch size", key="batch_size", placeholder="all", **changed)
    for column in beside:
        changed = changed | {"step": 0.05, "format": "%g", "help": NOISE_HELP}
        column.number_input("Noise", key="noise", **changed)
    _complaints(session, "data", "examples", "batch_size", "noise")
    data_controls.show(session)


def _sizes(session: Session) -> None:
    fixed = source_of(st.session_state.data, session.recipe.data).fixed is not None
    changed = {"on_change": choices.changed, "args": (session,), "step": 1}
    left, middle, right = st.columns(3, gap="small")
    left.number_input("n_input", key="n_input", disabled=fixed, **changed)
    layers = st.session_state.layers
    if layers:
        middle.number_input("n_hidden", key="n_hidden", **changed)
    right.number_input("n_output", key="n_output", disabled=fixed, **changed)
    columns: list[DeltaGenerator] = []
    for number in range(2, layers + 1):
        columns = columns or [*st.columns(3, gap="small", vertical_alignment="bottom")]
        columns.pop(0).number_input(f"hidden {number}", key=choices.hidden_key(number), **changed)
    _more_or_less(session, columns if len(columns) == 2 else st.columns(2, gap="small"))
    if SOURCES[st.session_state.data].flat:
        _derived(session)
    elif fixed:
        st.caption("The data decides n_input and n_output.")
    _complaints(session, "n_input", "n_output", *map(choices.hidden_key, range(1, layers + 1)))
    if undivided(session.run.network, session.run.data):
        st.caption("No straight line divides these.", help=UNDIVIDED_HELP)


def _more_or_less(session: Session, columns: Sequence[DeltaGenerator]) -> None:
    """Buttons for another hidden layer, and for one less."""
    left, right = columns
    layers = st.session_state.layers
    more, less = (session, layers + 1), (session, layers - 1)
    left.button(
        "+ layer",
        key="add_layer",
        on_click=choices.set_layers,
        args=more,
        disabled=layers >= SHOWN_HIDDEN_LAYERS,
        width="stretch",
        help=f"Another hidden layer, up to {SHOWN_HIDDEN_LAYERS} in all.",
    )
    right.button(
        "− layer",
        key="remove_layer",
        on_click=choices.set_layers,
        args=less,
        disabled=layers == 0,
        width="stretch",
        help="Without the last hidden layer.",
    )


def _derived(session: Session) -> None:
    st.pills(
        "Derived inputs",
        DERIVED,
        selection_mode="multi",
        format_func=lambda name: DERIVED[name].title,
        key="derived",
        help=DERIVED_HELP,
        on_change=choices.derived_changed,
        args=(session,),
    )


def _learning_rate(session: Session) -> None:
    field, down, up = st.columns([3, 1, 1], gap="small", vertical_alignment="bottom")
    field.number_input(
        "Learning rate",
        key="learning_rate",
        format="%g",
        on_change=choices.rate_changed,
        args=(session,),
    )
    down.button(
        "",
        icon=":material/remove:",
        key="rate_down",
        on_click=choices.step_rate,
        args=(session, -1),
    )
    up.button(
        "", icon=":material/add:", key="rate_up", on_click=choices.step_rate, args=(session, 1)
    )
    _complaints(session, "learning_rate")


def _activations(session: Session) -> None:
    left, right = st.columns(2, gap="small")
    changed = {"on_change": choices.changed, "args": (session,)}
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
    state, key = st.session_state, choices.key_of("loss")
    st.selectbox(
        "Loss",
        LOSSES,
        key=key,
        help=LOSS_HELP,
        on_change=choices.changed,
        args=(session,),
    )
    _complaints(session, key)
    if key in session.complaints:
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
        on_click=choices.use,
        args=(session, remedy),
        width="stretch",
    )


def _bias_rule(session: Session) -> None:
    st.selectbox(
        "Bias update",
        BIAS_RULES,
        format_func=BIAS_RULES.__getitem__,
        key="bias_rule",
        help=BIAS_HELP,
        on_change=choices.changed,
        args=(session,),
    )


def _seed(session: Session) -> None:
    left, right = st.columns([2, 3], gap="small", vertical_alignment="bottom")
    left.number_input("Seed", key="seed", on_change=choices.changed, args=(session,), step=1)
    right.button(
        "New weights",
        key="new_weights",
        on_click=choices.new_weights,
        args=(session,),
        width="stretch",
        help="Another seed: other first weights and, where the data is random, other data.",
    )
    _complaints(session, "seed")


def _complaints(session: Session, *keys: str) -> None:
    """Say what was wrong with what was typed above, if anything."""
    for key in keys:
        if key in session.complaints:
            st.error(session.complaints[key])
