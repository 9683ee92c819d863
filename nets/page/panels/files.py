"""The files that the server writes: the run, its weights and its history."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from nets.page.panels import session_file
from nets.page.visitor.session import Session
from nets.sharing.caption import file_name
from nets.sharing.history_csv import history_as_csv
from nets.sharing.notebook import to_notebook
from nets.sharing.script import to_script
from nets.sharing.weights import to_safetensors, weights_as_csv
from nets.training.run import Run

MOST_BYTES = 20_000_000  # of a file that the server writes
BYTES_OF_NUMBER = 13  # in a table
TOO_LARGE = (
    "It would have {:.0f} MB, and the page writes at most {:.0f} MB. In Python, "
    "`history_as_csv` writes it at any length."
)
TRAINED_ELSEWHERE = "This run was trained by another program; the page does not know its code."


class Download(NamedTuple):
    """A file that the server writes when its button is clicked.

    Attributes:
        label: of the button.
        name: of the file, after the name of the run.
        mime: its type.
        write: writes it.
        help: what is in it.
        bytes_of: about how large it is, if that may be much.
        repeats: whether it trains the run again, which needs to be known how.
    """

    label: str
    name: str
    mime: str
    write: Callable[[Session], str | bytes]
    help: str = ""
    bytes_of: Callable[[Run], int] = lambda run: 0
    repeats: bool = False


FILES = {
    "Session": (
        Download(
            "Session file",
            "session.json",
            "application/json",
            lambda session: session_file.write(session, st.session_state),
            "All that makes this run and the kept runs, with your own data. This page opens it "
            "again.",
        ),
    ),
    "Run again": (
        Download(
            "Notebook",
            "notebook.ipynb",
            "application/x-ipynb+json",
            lambda session: to_notebook(session.recipe, session.run),
            repeats=True,
        ),
        Download(
            "Script",
            "script.py",
            "text/x-python",
            lambda session: to_script(session.recipe, session.run),
            repeats=True,
        ),
    ),
    "Weights": (
        Download(
            "For PyTorch",
            "weights.safetensors",
            "application/octet-stream",
            lambda session: to_safetensors(session.run.network),
            "Safetensors, with the names that nn.Sequential has.",
        ),
        Download(
            "Table",
            "weights.csv",
            "text/csv",
            lambda session: "".join(weights_as_csv(session.run.network)),
            "CSV: the name and the value of every weight and bias.",
        ),
    ),
    "History": (
        Download(
            "Losses",
            "losses.csv",
            "text/csv",
            lambda session: "".join(history_as_csv(session.run, parameters=False)),
            "CSV: a row for every epoch.",
        ),
        Download(
            "With weights",
            "history.csv",
            "text/csv",
            lambda session: "".join(history_as_csv(session.run)),
            "CSV: the losses, weights and biases of every epoch.",
            bytes_of=lambda run: BYTES_OF_NUMBER * (run.epoch + 1) * run.network.parameters.numel(),
        ),
    ),
}


def show(session: Session) -> None:
    """Draw a button for each file."""
    for title, files in FILES.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(title, width=90)
            for file in files:
                _button(session, file)


def _button(session: Session, file: Download) -> None:
    why = _why_not(session, file)
    st.download_button(
        file.label,
        lambda: _as_bytes(file.write(session)),
        file_name(session.run, file.name),
        file.mime,
        key=f"download_{file.name.replace('.', '_')}",
        on_click="ignore",
        help=" ".join(filter(None, [file.help, why])) or None,
        disabled=bool(why),
    )


def _why_not(session: Session, file: Download) -> str:
    """Say why a file cannot be had, if it cannot."""
    if file.repeats and session.is_observed:
        return TRAINED_ELSEWHERE
    size = file.bytes_of(session.run)
    return TOO_LARGE.format(size / 1e6, MOST_BYTES / 1e6) if size > MOST_BYTES else ""


def _as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
