"""The animated picture: the frames of the training, from which the browser makes the file."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from weakref import ref

import streamlit as st

from nets.figures.changes import diagram_change
from nets.figures.diagram import skeleton
from nets.figures.diagram_style import DiagramStyle
from nets.page.stage.messages import style_of
from nets.page.visitor.kept import NotYet, kept
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import DisplayOptions, Snapshot, diagram_values
from nets.sharing.caption import caption
from nets.training.advance import rewind
from nets.training.run import Run

FILM = "film"
MOST_FRAMES = 100
BYTES_OF_FRAME = 300_000  # at the most: a network with hundreds of lines


def change_of(snapshot: Snapshot, style: DiagramStyle, options: DisplayOptions) -> dict[str, Any]:
    """Write what a snapshot changes in the diagram."""
    return diagram_change(style, diagram_values(snapshot, options)[0])


def ask(session: Session, *, wanted: bool) -> None:
    """Note that the frames of the run as it is now are wanted, but do not keep the run."""
    if wanted:
        st.session_state[FILM] = ref(session.run)


def frames_of(session: Session) -> dict[str, Any] | None:
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
        {"changes": change_of(Snapshot(one), style, options), "caption": caption(one)}
        for one in past
    ]


def choose_epochs(run: Run, most: int) -> Sequence[int]:
    """Choose up to `most` epochs, the first and the last among them.

    They are epochs whose parameters are kept, so that none is trained again.
    """
    stride = run.history.stride
    step = stride * -(-(run.epoch // stride) // (most - 1)) or 1
    return [*range(0, run.epoch, step), run.epoch]
