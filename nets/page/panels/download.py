"""Panel "Download": the run as files to take home."""

from dataclasses import replace
from typing import Any

import streamlit as st

from nets.figures.colours import DARK, LIGHT
from nets.figures.diagram import skeleton
from nets.page.panels import files, film, open_weights, session_file
from nets.page.panels.scripts import component_of, sent
from nets.page.stage.address import what_a_link_lacks
from nets.page.stage.messages import style_of
from nets.page.visitor.events import parse_flag
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import DisplayOptions
from nets.sharing.caption import caption, file_name

KEY = "download_pictures"
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


def show(session: Session) -> None:
    """Draw a button for each kind of file."""
    st.caption(f"Files of the run on show: {caption(session.run)}.")
    files.show(session)
    _show_pictures(session)
    if lacking := what_a_link_lacks(session, st.session_state):
        st.caption(f":material/link_off: {lacking}")
    session_file.show(session)
    open_weights.show(session)


def _show_pictures(session: Session) -> None:
    """Draw the buttons for pictures of what is on the screen."""
    theme = DARK if session.dark else LIGHT
    message = {
        "name": file_name(session.run, "").removesuffix("-"),
        "caption": caption(session.run),
        "look": {"ink": theme.ink, "paper": theme.paper},
        "paper": _for_paper(session),
        "film": film.frames_of(session),
    }

    def asked() -> None:
        film.ask(session, wanted=bool(parse_flag(sent(KEY, "film"))))

    component_of("download", HTML)(key=KEY, data=[message], on_film_change=asked)


def _for_paper(session: Session) -> dict[str, Any]:
    """Draw the diagram in light colours, without what is only for the screen."""
    style = replace(style_of(session), theme=LIGHT, selected=None, maps=False)
    options = DisplayOptions(session.example, st.session_state.get("colour_by", "weight"))
    changes = film.change_of(session.now, style, options)
    changes["traces"]["note"] = {"text": [""]}  # which speaks of the page
    return {
        "figure": skeleton(style),
        "changes": changes,
        "look": {"ink": LIGHT.ink, "paper": ""},
    }
