"""Layer controls: how many layers there are, how large each is, and inputs derived for them."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nets.analysis.separability import inseparable
from nets.data.datasets import ALL_DATASETS, find_dataset
from nets.data.features import FEATURES
from nets.page.controls import actions, widgets
from nets.page.visitor.session import Session
from nets.presets import SHOWN_HIDDEN_LAYERS

DERIVED_HELP = (
    "Inputs made of x1 and x2, beside them: with x1² and x2² a single neuron can draw a circle. "
    "The data and these decide n_input."
)
UNDIVIDED_HELP = "Without a hidden layer no weights get them all right; Diagnosis says why."


def show(session: Session) -> None:
    """Draw the sizes of all layers, and what else decides them."""
    fixed = find_dataset(st.session_state.data, session.recipe.data).sizes is not None
    _sizes(session, fixed=fixed)
    if ALL_DATASETS[st.session_state.data].is_plane:
        _derived(session)
    elif fixed:
        st.caption("The data decides n_input and n_output.")
    widgets.show_errors(session, "n_input", "n_output", *widgets.hidden_keys())
    if inseparable(session.run.network, session.run.data):
        st.caption("No straight line divides these.", help=UNDIVIDED_HELP)


def _sizes(session: Session, *, fixed: bool) -> None:
    """Three fields in a row; the buttons stand behind the last hidden layer if both fit there."""
    changed = {"on_change": actions.changed, "args": (session,), "step": 1}
    left, middle, right = st.columns(3, gap="small")
    left.number_input("n_input", key="n_input", disabled=fixed, **changed)
    layers = st.session_state.layers
    if layers:
        middle.number_input("n_hidden", key="n_hidden", **changed)
    right.number_input("n_output", key="n_output", disabled=fixed, **changed)
    columns: list[DeltaGenerator] = []
    for number in range(2, layers + 1):
        columns = columns or [*st.columns(3, gap="small", vertical_alignment="bottom")]
        columns.pop(0).number_input(f"hidden {number}", key=widgets.hidden_key(number), **changed)
    _more_or_less(session, columns if len(columns) == 2 else st.columns(2, gap="small"))


def _more_or_less(session: Session, columns: Sequence[DeltaGenerator]) -> None:
    """Buttons for another hidden layer, and for one less."""
    left, right = columns
    layers = st.session_state.layers
    more, less = (session, layers + 1), (session, layers - 1)
    left.button(
        "+ layer",
        key="add_layer",
        on_click=actions.set_layers,
        args=more,
        disabled=layers >= SHOWN_HIDDEN_LAYERS,
        width="stretch",
        help=f"Another hidden layer, up to {SHOWN_HIDDEN_LAYERS} in all.",
    )
    right.button(
        "− layer",
        key="remove_layer",
        on_click=actions.set_layers,
        args=less,
        disabled=layers == 0,
        width="stretch",
        help="Without the last hidden layer.",
    )


def _derived(session: Session) -> None:
    st.pills(
        "Derived inputs",
        FEATURES,
        selection_mode="multi",
        format_func=lambda name: FEATURES[name].title,
        key="derived",
        help=DERIVED_HELP,
        on_change=actions.derived_changed,
        args=(session,),
    )
