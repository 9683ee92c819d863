"""Look: the little that Streamlit's own settings cannot say about how the page looks."""

from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parent


def apply() -> None:
    """Add the page's style sheet."""
    st.html(FOLDER / "page.css")
