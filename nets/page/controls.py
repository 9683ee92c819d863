"""Controls: everything that is chosen before epoch 0, and the learning rate, in the sidebar."""

import secrets
from dataclasses import replace

import streamlit as st

from nets.activations import ACTIVATIONS
from nets.config import (
    SHOWN_EXAMPLES,
    SHOWN_HIDDEN,
    SHOWN_HIDDEN_LAYERS,
    SHOWN_INPUTS,
    SHOWN_LEARNING_RATE,
    SHOWN_OUTPUTS,
    Config,
    require_learning_rate,
    require_whole,
)
from nets.datasets import DATASETS
from nets.page.session import Session
from nets.recipe import LearningRate
from nets.seeds import MAX_SEED

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
BIAS_RULES = {"notebook": "as in the notebook", "gradient": "each its own gradient"}
BIAS_HELP = (
    "The notebook adds one number, the sum over the whole layer, to every bias of the layer. "
    "That is not the gradient of any of them, and some biases may move the wrong way. With "
    "“each its own gradient” every bias follows its own share of the blame."
)
READ_AS_THEY_ARE = (
    "data",
    "examples",
    "batch_size",
    "hidden_activation",
    "output_activation",
    "bias_rule",
    "learning_rate",
    "seed",
)
# What suits each data set when it is chosen; everything else stays as it is.
SUITED: dict[str, dict[str, object]] = {
    "notebook": {"bias_rule": "notebook", "learning_rate": 0.1},
    "xor": {"bias_rule": "gradient", "learning_rate": 1.0},
    "iris": {"bias_rule": "gradient", "learning_rate": 0.01},
}


def fill(config: Config) -> None:
    """Set the widgets to a config."""
    state = st.session_state
    for name in READ_AS_THEY_ARE:
        state[name] = getattr(config, name)
    state.n_input, *hidden, state.n_output = config.sizes
    state.layers = len(hidden)
    for number, size in enumerate(hidden, start=1):
        state[hidden_key(number)] = size


def hidden_key(number: int) -> str:
    """Name the widget of a hidden layer; the first is 1."""
    return "n_hidden" if number == 1 else f"n_hidden_{number}"


def show(session: Session) -> None:
    """Draw the sidebar."""
    if "data" not in st.session_state:
        fill(session.recipe.config)
    st.markdown("**Nets**  \n:gray[:small[a network you can take apart]]")
    _data(session)
    _sizes(session)
    _learning_rate(session)
    _activations(session)
    _bias_rule(session)
    _seed(session)


def _data(session: Session) -> None:
    changed = {"on_change": _data_changed, "args": (session,)}
    st.selectbox(
        "Data", DATASETS, format_func=lambda name: DATASETS[name].title, key="data", **changed
    )
    chosen = DATASETS[st.session_state.data]
    changed = {"on_change": _changed, "args": (session,), "step": 1}
    left, right = st.columns(2, gap="small")
    if chosen.fixed is None:
        left.number_input("Examples", key="examples", **changed)
    else:
        left.number_input("Examples", value=len(session.run.data), disabled=True)
    right.number_input("Batch size", key="batch_size", placeholder="all", **changed)
    _complaints(session, "data", "examples", "batch_size")


def _sizes(session: Session) -> None:
    fixed = DATASETS[st.session_state.data].fixed is not None
    changed = {"on_change": _changed, "args": (session,), "step": 1}
    left, middle, right = st.columns(3, gap="small")
    left.number_input("n_input", key="n_input", disabled=fixed, **changed)
    middle.number_input("n_hidden", key="n_hidden", **changed)
    right.number_input("n_output", key="n_output", disabled=fixed, **changed)
    layers = st.session_state.layers
    columns = st.columns(3, gap="small")
    for number in range(2, layers + 1):
        columns[(number - 2) % 3].number_input(
            f"hidden {number}", key=hidden_key(number), **changed
        )
    if fixed:
        st.caption("The data decides n_input and n_output.")
    _complaints(session, "n_input", "n_output", *map(hidden_key, range(1, layers + 1)))
    left, right = st.columns(2, gap="small")
    more, less = (session, layers + 1), (session, layers - 1)
    left.button(
        "+ layer",
        key="add_layer",
        on_click=_set_layers,
        args=more,
        disabled=layers >= SHOWN_HIDDEN_LAYERS,
        width="stretch",
        help=f"Another hidden layer, up to {SHOWN_HIDDEN_LAYERS} in all.",
    )
    right.button(
        "− layer",
        key="remove_layer",
        on_click=_set_layers,
        args=less,
        disabled=layers <= 1,
        width="stretch",
        help="Without the last hidden layer.",
    )


def _learning_rate(session: Session) -> None:
    field, down, up = st.columns([3, 1, 1], gap="small", vertical_alignment="bottom")
    field.number_input(
        "Learning rate", key="learning_rate", format="%g", on_change=_rate_changed, args=(session,)
    )
    down.button(
        "", icon=":material/remove:", key="rate_down", on_click=_step_rate, args=(session, -1)
    )
    up.button("", icon=":material/add:", key="rate_up", on_click=_step_rate, args=(session, 1))
    _complaints(session, "learning_rate")


def _activations(session: Session) -> None:
    left, right = st.columns(2, gap="small")
    for column, layer in ((left, "hidden"), (right, "output")):
        column.selectbox(
            f"{layer.capitalize()} activation",
            ACTIVATIONS,
            key=f"{layer}_activation",
            on_change=_changed,
            args=(session,),
        )


def _bias_rule(session: Session) -> None:
    st.selectbox(
        "Bias update",
        BIAS_RULES,
        format_func=BIAS_RULES.__getitem__,
        key="bias_rule",
        help=BIAS_HELP,
        on_change=_changed,
        args=(session,),
    )


def _seed(session: Session) -> None:
    left, right = st.columns([2, 3], gap="small", vertical_alignment="bottom")
    left.number_input("Seed", key="seed", on_change=_changed, args=(session,), step=1)
    right.button(
        "New weights",
        key="new_weights",
        on_click=_new_weights,
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


def _changed(session: Session) -> None:
    """Start a new run, unless the widgets say what the run is already, or what cannot be."""
    state = st.session_state
    _check(session)
    if any(key in session.complaints for key in _limits()) or "learning_rate" in session.complaints:
        return
    hidden = [state[hidden_key(number)] for number in range(1, state.layers + 1)]
    now = session.recipe.config
    config = replace(
        now,
        sizes=(state.n_input, *hidden, state.n_output),
        **{name: state[name] for name in READ_AS_THEY_ARE},
    )
    if replace(config, learning_rate=now.learning_rate) != now:
        session.begin(config)


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
    }


def _check(session: Session) -> None:
    """Complain about every value that the page does not allow."""
    state = st.session_state
    for key, (low, high) in _limits().items():
        with session.complaining(key):
            if not (key == "batch_size" and state[key] is None):
                require_whole(key, state[key], low, high)
    with session.complaining("learning_rate"):
        require_learning_rate(state.learning_rate, SHOWN_LEARNING_RATE)


def _data_changed(session: Session) -> None:
    state = st.session_state
    chosen = DATASETS[state.data]
    st.toast(f"{chosen.title}. {chosen.about}")
    if chosen.fixed is not None:
        state.n_input, state.n_output = chosen.fixed
    state.examples = Config.examples
    for name, value in SUITED[state.data].items():
        state[name] = value
    _changed(session)


def _set_layers(session: Session, layers: int) -> None:
    state = st.session_state
    if layers > state.layers:
        state[hidden_key(layers)] = state[hidden_key(state.layers)]
    state.layers = layers
    _changed(session)


def _rate_changed(session: Session) -> None:
    """Go on from where the run is, with another learning rate."""
    rate = st.session_state.learning_rate
    with session.complaining("learning_rate"):
        require_learning_rate(rate, SHOWN_LEARNING_RATE)
        if session.run.epoch == 0:
            session.begin(replace(session.recipe.config, learning_rate=rate))
        else:
            session.do(LearningRate(rate))


def _step_rate(session: Session, direction: int) -> None:
    """Take the next rate of the ladder, up or down."""
    now = session.run.learning_rate
    further = [rate for rate in RATES[::direction] if (rate - now) * direction > 1e-9]
    if further:
        st.session_state.learning_rate = further[0]
        _rate_changed(session)


def _new_weights(session: Session) -> None:
    st.session_state.seed = secrets.randbelow(10_000)
    _changed(session)
