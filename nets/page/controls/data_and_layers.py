"""Data and layers: which data set, how it is split, and the layers that it passes through."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nets.data.datasets import ALL_DATASETS, OWN_DATA, Dataset, find_dataset
from nets.data.features import FEATURES
from nets.engine.names import column_symbol
from nets.page.controls import actions, gallery, widgets
from nets.page.controls.widgets import label_of, number_field, step_buttons
from nets.page.html.text import as_markdown
from nets.page.html.words import help_on_notebook, help_text
from nets.page.visitor.session import Session
from nets.presets import SHOWN_HIDDEN_LAYERS


def show(session: Session) -> None:
    """Draw the data set with its settings, and the layers."""
    chosen = find_dataset(st.session_state.data, session.recipe.data)
    _choose_data(session, chosen)
    _choose_split(session)
    _choose_layers(session, chosen)


def _choose_data(session: Session, chosen: Dataset) -> None:
    """Draw the list of data sets and the settings of the chosen one."""
    st.selectbox(
        label_of("data"),
        ALL_DATASETS,
        format_func=lambda name: ALL_DATASETS[name].title,
        key="data",
        help=_about_data(chosen),
        on_change=actions.data_changed,
        args=(session,),
    )
    gallery.show_chosen(chosen.name)
    if chosen.name == OWN_DATA.name:
        st.button(
            "Change file, table or columns",
            key="bring",
            on_click=actions.open_own_data,
            width="stretch",
        )
    _choose_examples(session, chosen)


def _about_data(chosen: Dataset) -> str:
    """Say all that is known of a data set, of which the sidebar shows the first sentence."""
    about = as_markdown(chosen.about)
    return "\n\n".join(filter(None, (about, help_on_notebook(about))))


def _choose_examples(session: Session, chosen: Dataset) -> None:
    """Draw the number of examples, the batch size, and the noise if the data has any."""
    changed = {"on_change": actions.changed, "args": (session,)}
    left, right, *third = st.columns(3 if chosen.has_noise else 2, gap="small")
    if chosen.n_examples is None:
        number_field(left, label_of("examples"), "examples", **changed)
    else:
        left.text_input(label_of("examples"), str(chosen.n_examples), disabled=True)
    explained = {"placeholder": "all", "help": help_text("batch")}
    size = (
        "Batch" if chosen.has_noise else label_of("batch_size")
    )  # there is less room next to Noise
    number_field(right, size, "batch_size", **explained, **changed)
    for column in third:
        number_field(column, label_of("noise"), "noise", help=help_text("noise"), **changed)
    widgets.show_errors(session, "data", "examples", "batch_size", "noise")


def _choose_split(session: Session) -> None:
    """Draw a popover; its errors are shown below it, where they are seen when it is closed."""
    changed = {"on_change": actions.changed, "args": (session,)}
    with st.popover(split_label(session), key="data_more", width="stretch"):
        field, *buttons = st.columns([4, 1, 1], gap="small", vertical_alignment="bottom")
        key, explained = "test_fraction", {"help": help_text("test fraction")}
        number_field(field, label_of(key), key, **explained, **changed)
        step_buttons(buttons, label_of(key).lower(), key, **changed)
        seed = {"placeholder": "same as Seed", "help": help_text("data seed")}
        number_field(st.container(), label_of("data_seed"), "data_seed", **seed, **changed)
        st.button(
            "New sample",
            key="new_sample",
            on_click=actions.new_sample,
            args=(session,),
            width="stretch",
            help="Draws new data, if the data is random, and a new split. Keeps the first weights.",
        )
    widgets.show_errors(session, "test_fraction", "data_seed")


def split_label(session: Session) -> str:
    """Say how many examples are test data."""
    run = session.run
    if run.test is None:
        return "Train/test split: none"
    return f"Train/test split: {len(run.data)} / {len(run.test)}"


def _choose_layers(session: Session, chosen: Dataset) -> None:
    """Draw the sizes of all layers, and the derived inputs where there are any."""
    fixed = chosen.sizes is not None
    _choose_sizes(session, fixed=fixed)
    if ALL_DATASETS[st.session_state.data].is_plane:
        _choose_derived_inputs(session)
    elif fixed:
        st.caption("The data sets n_input and n_output.")
    if session.inseparable:
        st.caption("Not linearly separable.", help=help_text("linearly separable"))


def _choose_sizes(session: Session, *, fixed: bool) -> None:
    """Draw three fields in a row; the buttons follow the last hidden layer if both fit there.

    What was wrong in a field is said below the fields.
    """
    changed = {"on_change": actions.changed, "args": (session,)}
    left, middle, right = st.columns(3, gap="small")
    number_field(left, label_of("n_input"), "n_input", disabled=fixed, **changed)
    layers = st.session_state.layers
    if layers:
        number_field(middle, label_of("n_hidden"), "n_hidden", **changed)
    number_field(right, label_of("n_output"), "n_output", disabled=fixed, **changed)
    columns: list[DeltaGenerator] = []
    for number in range(2, layers + 1):
        columns = columns or [*st.columns(3, gap="small", vertical_alignment="bottom")]
        key = widgets.hidden_key(number)
        number_field(columns.pop(0), label_of(key), key, **changed)
    widgets.show_errors(session, "n_input", "n_output", *widgets.hidden_keys())
    _draw_layer_buttons(session, columns if len(columns) == 2 else st.columns(2, gap="small"))


def _draw_layer_buttons(session: Session, columns: Sequence[DeltaGenerator]) -> None:
    """Draw the buttons that add and remove a hidden layer."""
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
        help=f"Add a hidden layer (at most {SHOWN_HIDDEN_LAYERS}).",
    )
    right.button(
        "− layer",
        key="remove_layer",
        on_click=actions.set_layers,
        args=less,
        disabled=layers == 0,
        width="stretch",
        help="Remove the last hidden layer.",
    )


def _choose_derived_inputs(session: Session) -> None:
    st.pills(
        label_of("derived"),
        FEATURES,
        selection_mode="multi",
        format_func=lambda name: column_symbol(FEATURES[name].title),
        key="derived",
        help=help_text("features"),
        on_change=actions.derived_changed,
        args=(session,),
    )
