"""Controls beside the data: how much of it is kept aside for testing, and another sample."""

import streamlit as st

from nets.page import choices
from nets.page.session import Session

FRACTION_HELP = (
    "From 0 to 0.9: the share of the examples that is kept aside. The network never learns from "
    "them; they show whether it has understood or only remembers. Of every class the same share."
)
SEED_HELP = "Where data and split start. Empty: as the seed below, which also draws the weights."


def show(session: Session) -> None:
    """Draw the box with the split; what is wrong in it is said below, where it can be seen."""
    changed = {"on_change": choices.changed, "args": (session,)}
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
            on_click=choices.new_sample,
            args=(session,),
            width="stretch",
            help="Other data, where they are drawn at random, and another split; the same weights.",
        )
    for key in ("test_fraction", "data_seed"):
        if key in session.complaints:
            st.error(session.complaints[key])


def summary(session: Session) -> str:
    """Say how the data is split, if it is."""
    run = session.run
    if run.test is None:
        return "Test split and more"
    return f"{len(run.test)} of {len(run.data) + len(run.test)} for testing"
