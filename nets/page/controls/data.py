"""Data controls: which data, how much of it, what is kept aside for testing, and another sample."""

import streamlit as st

from nets.data.datasets import ALL_DATASETS, OWN_DATA, Dataset, find_dataset
from nets.page.controls import actions, widgets
from nets.page.visitor.session import Session

NOISE_HELP = "From 0 to 0.5: how far the examples are from clear."
FRACTION_HELP = (
    "From 0 to 0.9: the share of the examples that is kept aside. The network never learns from "
    "them; they show whether it has understood or only remembers. Of every class the same share."
)
SEED_HELP = "Where data and split start. Empty: as the seed below, which also draws the weights."


def show(session: Session) -> None:
    """Draw the list of data sets and, below it, what is chosen about them."""
    st.selectbox(
        "Data",
        ALL_DATASETS,
        format_func=lambda name: ALL_DATASETS[name].title,
        key="data",
        on_change=actions.data_changed,
        args=(session,),
    )
    chosen = find_dataset(st.session_state.data, session.recipe.data)
    if chosen.name == OWN_DATA.name:
        st.button(
            "Other columns, file or table", key="bring", on_click=actions.bring, width="stretch"
        )
    _numbers(session, chosen)
    _split(session)


def _numbers(session: Session, chosen: Dataset) -> None:
    """How many examples there are, how many an update takes, and how noisy they are."""
    changed = {"on_change": actions.changed, "args": (session,), "step": 1}
    left, right, *beside = st.columns(3 if chosen.has_noise else 2, gap="small")
    if chosen.n_examples is None:
        left.number_input("Examples", key="examples", **changed)
    else:
        left.number_input("Examples", value=chosen.n_examples, disabled=True)
    right.number_input("Batch size", key="batch_size", placeholder="all", **changed)
    for column in beside:
        changed = changed | {"step": 0.05, "format": "%g", "help": NOISE_HELP}
        column.number_input("Noise", key="noise", **changed)
    widgets.show_errors(session, "data", "examples", "batch_size", "noise")


def _split(session: Session) -> None:
    """A box with the split; what is wrong in it is said below, where it can be seen."""
    changed = {"on_change": actions.changed, "args": (session,)}
    with st.popover(summary(session), key="data_more", width="stretch"):
        st.number_input(
            "Test share", key="test_fraction", step=0.1, format="%g", help=FRACTION_HELP, **changed
        )
        st.number_input(
            "Data seed", key="data_seed", step=1, placeholder="as below", help=SEED_HELP, **changed
        )
        st.button(
            "New sample",
            key="new_sample",
            on_click=actions.new_sample,
            args=(session,),
            width="stretch",
            help="Other data, where they are drawn at random, and another split; the same weights.",
        )
    widgets.show_errors(session, "test_fraction", "data_seed")


def summary(session: Session) -> str:
    """Say how the data is split, if it is."""
    run = session.run
    if run.test is None:
        return "Test split and more"
    return f"{len(run.test)} of {len(run.data) + len(run.test)} for testing"
