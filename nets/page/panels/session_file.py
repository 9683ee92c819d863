"""Opening a session file: the run that it holds becomes the run on show."""

from typing import Any

import streamlit as st

from nets.page.controls import actions
from nets.page.html.text import as_markdown
from nets.page.stage.address import KEPT, fan_word, obey_page_words, page_words
from nets.page.visitor import undo
from nets.page.visitor.baselines import planned, recipes_of
from nets.page.visitor.session import Session
from nets.sharing.session_file import MOST_BYTES, from_session_file, to_session_file
from nets.training.observed import LOOK_ONLY

OBSERVED = (
    f"{LOOK_ONLY} The slider under the loss chart shows its epochs. If you change a setting at the "
    "left, the page begins a run of its own on the same data; **Undo** returns to this one."
)
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


def show_observed(session: Session) -> None:
    """Say what can be done with a run that was trained elsewhere, if the run is one."""
    if session.is_observed:
        st.info(OBSERVED)


def write(session: Session, state: Any) -> str:
    """Write the run on show, how it is shown, and the kept runs."""
    words = page_words(session, state) | fan_word(session, state)
    return to_session_file(session.whole.recipe, recipes_of(session.baselines), words)


def open_text(session: Session, text: str, state: Any) -> None:
    """Make the run of a file the run on show, which can be undone; take its kept runs, if any.

    The panel with the button stays open.

    Raises:
        ValueError: if it is no session file; says what is wrong.
    """
    saved = from_session_file(text)
    with session.in_order():
        session.note()
        undo.repeat(session, saved.recipe)
        session.baselines = planned(saved.kept) or session.baselines
        words = {name: word for name, word in saved.page.items() if name not in ("panel", KEPT)}
        obey_page_words(words, session, state, ())


def _open(session: Session, content: bytes | None) -> None:
    with session.reporting_errors(OPEN):
        text = (content or b"").decode(errors="replace")
        open_text(session, text, st.session_state)
    if OPEN not in session.errors:
        st.session_state[actions.FILLING] = True
        st.rerun()
