"""A box that opens at a click; what is in it is made only while it is open."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st


@contextmanager
def box(label: str, key: str, *, keep: Sequence[str] = (), **options: Any) -> Iterator[bool]:
    """Draw the box; say whether it is open, so that its widgets are to be made.

    Streamlit forgets the value of a widget that is not made, unless it has been set anew: those
    with a key in `keep` are remembered.
    """
    state = st.session_state
    for name in keep:
        if name in state:
            state[name] = state[name]
    with st.popover(label, key=key, on_change="rerun", **options) as popover:
        yield bool(popover.open)
