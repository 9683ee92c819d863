"""Panel "Download": the run as files to take home."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple
from weakref import ref

import streamlit as st
from streamlit.components.v2 import component

from nets.figures.changes import diagram_change
from nets.figures.colours import DARK, LIGHT
from nets.figures.diagram import skeleton
from nets.figures.diagram_style import DiagramStyle
from nets.page.panels import open_weights, session_file
from nets.page.stage import assets
from nets.page.stage.messages import style_of
from nets.page.stage.stage import script_address
from nets.page.visitor.events import parse_flag
from nets.page.visitor.kept import NotYet, kept
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import DisplayOptions, Snapshot, diagram_values
from nets.sharing.caption import caption, file_name
from nets.sharing.history_csv import history_as_csv
from nets.sharing.notebook import to_notebook
from nets.sharing.script import to_script
from nets.sharing.weights import to_safetensors, weights_as_csv
from nets.training.advance import rewind
from nets.training.run import Run

KEY, FILM = "download_pictures", "film"
MOST_FRAMES = 100
MOST_BYTES = 20_000_000  # of a file that the server writes
BYTES_OF_NUMBER = 13  # in a table
TOO_LARGE = (
    " It would have {:.0f} MB, and the page writes at most {:.0f} MB. In Python, "
    "`history_as_csv` writes it at any length."
)
BYTES_OF_FRAME = 300_000  # at the most: a network with hundreds of lines
HTML = """
<div class="downloads">
  <div><span>Link</span>
    <button type="button" data-copy>Copy link</button><output></output></div>
  <div><span>Diagram</span>
    <button type="button" data-save="svg" data-figure="diagram">SVG</button>
    <button type="button" data-save="png" data-figure="diagram">PNG</button>
    <button type="button" data-save="svg" data-figure="paper">SVG for a paper</button></div>
  <div><span>Loss chart</span>
    <button type="button" data-save="svg" data-figure="loss_chart">SVG</button>
    <button type="button" data-save="png" data-figure="loss_chart">PNG</button></div>
  <div><span>Map</span>
    <button type="button" data-save="svg" data-figure="map">SVG</button>
    <button type="button" data-save="png" data-figure="map">PNG</button></div>
  <div><span>Training</span>
    <button type="button" data-save="png" data-figure="film">Animated PNG</button></div>
</div>
"""
LOADER = """
const at = (path) => new URL(path, document.baseURI).href;
const {{ show }} = await import(at({script}));
export default (component) => show(component, at({plotly}));
"""


class Download(NamedTuple):
    """A file that the server writes when its button is clicked.

    Attributes:
        label: of the button.
        name: of the file, after the name of the run.
        mime: its type.
        write: writes it.
        help: what is in it.
        bytes_of: about how large it is, if that may be much.
    """

    label: str
    name: str
    mime: str
    write: Callable[[Session], str | bytes]
    help: str = ""
    bytes_of: Callable[[Run], int] = lambda run: 0


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
        ),
        Download(
            "Script",
            "script.py",
            "text/x-python",
            lambda session: to_script(session.recipe, session.run),
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
    """Draw a button for each kind of file."""
    run = session.run
    st.caption(f"Files of the run on show: {caption(run)}.")
    for title, files in FILES.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(title, width=90)
            for file in files:
                _button(session, file)
    _show_pictures(session)
    session_file.show(session)
    open_weights.show(session)


def _button(session: Session, file: Download) -> None:
    size = file.bytes_of(session.run)
    is_large = size > MOST_BYTES
    why = TOO_LARGE.format(size / 1e6, MOST_BYTES / 1e6) if is_large else ""
    st.download_button(
        file.label,
        lambda: _as_bytes(file.write(session)),
        file_name(session.run, file.name),
        file.mime,
        key=f"download_{file.name.replace('.', '_')}",
        on_click="ignore",
        help=file.help + why or None,
        disabled=is_large,
    )


def _as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


@cache
def _component() -> Callable[..., Any]:
    """Register the component with the buttons for pictures, which the browser makes."""
    known = {
        "script": script_address("download.js"),
        "plotly": assets.address(assets.plotly_script()),
    }
    js = LOADER.format(**{name: json.dumps(value) for name, value in known.items()})
    return component("nets_download", html=HTML, js=js, isolate_styles=False)


def _show_pictures(session: Session) -> None:
    """Draw the buttons for pictures of what is on the screen."""
    theme = DARK if session.dark else LIGHT
    message = {
        "name": file_name(session.run, "").removesuffix("-"),
        "caption": caption(session.run),
        "look": {"ink": theme.ink, "paper": theme.paper},
        "paper": _for_paper(session),
        "film": _film(session),
    }
    _component()(key=KEY, data=[message], on_film_change=lambda: _ask_for_film(session))


def _for_paper(session: Session) -> dict[str, Any]:
    """Draw the diagram in light colours, without what is only for the screen."""
    style = replace(style_of(session), theme=LIGHT, selected=None, maps=False)
    options = DisplayOptions(session.example, st.session_state.get("colour_by", "weight"))
    changes = _change(session.now, style, options)
    changes["traces"]["note"] = {"text": [""]}  # which speaks of the page
    return {
        "figure": skeleton(style),
        "changes": changes,
        "look": {"ink": LIGHT.ink, "paper": ""},
    }


def _change(snapshot: Snapshot, style: DiagramStyle, options: DisplayOptions) -> dict[str, Any]:
    return diagram_change(style, diagram_values(snapshot, options)[0])


def _ask_for_film(session: Session) -> None:
    """Note that the frames of the run as it is now are wanted, but do not keep the run."""
    sent: Any = st.session_state.get(KEY)
    if parse_flag(sent.get("film") if hasattr(sent, "get") else None):
        st.session_state[FILM] = ref(session.run)


def _film(session: Session) -> dict[str, Any] | None:
    """Return the frames of the run that were asked for last, or None."""
    run, wanted = session.run, st.session_state.get(FILM)
    if wanted is None or wanted() is not run:
        return None
    style = replace(style_of(session), selected=None, maps=False)
    size = BYTES_OF_FRAME * MOST_FRAMES
    try:
        frames = kept(FILM, (run, style), lambda: list_frames(run, style), size, "Drawing frames")
    except NotYet as wait:
        wait.show()
        return None
    return {"number": id(run) % 2**31, "figure": skeleton(style), "frames": frames}


def list_frames(run: Run, style: DiagramStyle, most: int = MOST_FRAMES) -> list[dict[str, Any]]:
    """Draw the diagram at up to `most` epochs, evenly spaced from epoch 0 to the present one."""
    past = [rewind(run, epoch) for epoch in choose_epochs(run, most)]
    options = DisplayOptions()
    return [
        {"changes": _change(Snapshot(one), style, options), "caption": caption(one)} for one in past
    ]


def choose_epochs(run: Run, most: int) -> Sequence[int]:
    """Choose up to `most` epochs, the first and the last among them.

    They are epochs whose parameters are kept, so that none is trained again.
    """
    stride = run.history.stride
    step = stride * -(-(run.epoch // stride) // (most - 1)) or 1
    return [*range(0, run.epoch, step), run.epoch]
