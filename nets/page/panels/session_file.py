"""Opening a session file: the run that it holds becomes the run on show."""

import streamlit as st

from nets.page.controls import actions
from nets.page.html.text import as_markdown
from nets.page.visitor import undo
from nets.page.visitor.session import Session
from nets.sharing.session_file import MOST_BYTES, from_session_file

KEY, OPEN = "session_file", "open_session"


def show(session: Session) -> None:
    """Draw a field for a file, and the button that opens it."""
    with st.expander("Open a session file"):
        file = st.file_uploader(
            "A file that Session file has saved", type="json", key=KEY,
            max_upload_size=MOST_BYTES // 10**6,
        )  # fmt: skip
        content = None if file is None else file.getvalue()
        st.button(
            "Open", key=OPEN, disabled=content is None, on_click=_open, args=(session, content)
        )
        if OPEN in session.errors:
            st.error(as_markdown(session.errors[OPEN]))


def _open(session: Session, content: bytes | None) -> None:
    """Make the run of a file the run on show; it can be undone."""
    with session.reporting_errors(OPEN), session.in_order():
        recipe = from_session_file((content or b"").decode(errors="replace"))
        session.note()
        undo.repeat(session, recipe)
    if OPEN not in session.errors:
        st.session_state[actions.FILLING] = True
        st.rerun()
