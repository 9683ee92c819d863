"""The stage: the diagram and the loss chart, drawn once and then changed in place."""

import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from nets.explain.comparison import Comparison
from nets.page.controls import actions
from nets.page.controls.widgets import STEPS
from nets.page.html.words import explained
from nets.page.stage import assets, player
from nets.page.stage.address import address_of
from nets.page.stage.messages import StageState, message_for
from nets.page.visitor import arrival, events
from nets.page.visitor.by_hand import set_parameters
from nets.page.visitor.kept import store
from nets.page.visitor.pending import SLICE, continue_events
from nets.page.visitor.selection import Selection
from nets.page.visitor.session import Session
from nets.page.visitor.time_travel import show_epoch
from nets.training.recipe import Parameter

KEY, SHOWN = "stage", "shown"
TRIED = "tried"  # inputs that the neurons show instead of those of an example
AROUND = "main"  # the fragment that holds the stage and all that changes with a step
REDRAW_AFTER = "redraw_after"  # when that fragment may be drawn again while it plays
SCRIPT = Path(__file__).parent / "browser" / "stage.js"  # which imports the others of its folder
BADGE = '<output data-text aria-live="off" aria-label="gradients"></output>'
HTML = f"""
<h1 class="spoken">Nets: a network you can take apart</h1>
<div class="stage">
  <div class="picture">
    <h2 class="spoken">Diagram</h2>
    <div class="st-key-diagram" data-figure="diagram"></div>
    <div class="legend">
      {explained("blue line", "above 0", "above")}
      {explained("orange line", "below 0", "below")}
      {explained("wide line", "wide: far from 0, grey: 0")}
      {explained("square", "bias (◆ below 0)", "bias")}
      {explained("fill", "<span data-text></span>", "neuron st-key-neuron_legend at-end")}
      <span class="st-key-shown_example">
        <button type="button" data-example="-1" aria-label="Previous example">‹</button>
        <output data-text aria-label="shown example"></output>
        <button type="button" data-example="1" aria-label="Next example">›</button>
      </span>
      <button type="button" data-back hidden>Back to the output’s map</button>
      <span hidden>
        {explained("shown example", "‹ example ›")}
        {explained("decision boundary", "map: blue high, striped low")}
        {explained("gradients checked", "✓ or ✗ gradients")}
      </span>
      <span class="st-key-shown_update"><output data-text aria-label="update"></output></span>
    </div>
  </div>
  <div>
    <h2 class="spoken">Loss</h2>
    <div class="st-key-loss_chart" data-figure="loss_chart"></div>
    <div class="timeline st-key-time">
      <input type="range" min="0" max="0" value="0" disabled aria-label="Epoch on show">
      <button type="button" hidden>now</button>
    </div>
    {explained("gradients checked", BADGE, "st-key-badge under at-end")}
  </div>
  <div class="st-key-map" data-figure="map" hidden></div>
</div>
"""
LOADER = """
const at = (path) => new URL(path, document.baseURI).href;
import(at({loader})).then((it) => it.loadPlotly(at({plotly})));  // it need not wait for the rest
const {{ show }} = await import(at({script}));
const page = {{ plotly: at({plotly}), pause: "play", steps: {steps} }};
export default (component) => show(component, page);
"""


def script_address(name: str = SCRIPT.name) -> str:
    """Serve all scripts of the stage's folder; return the address of one of them."""
    served = assets.address(SCRIPT, *sorted(SCRIPT.parent.glob("*.js")))
    return f"{served.removesuffix(SCRIPT.name)}{name}"


@cache
def _component() -> Callable[..., Any]:
    """Register the component.

    A component's own script travels with every message, so it is only the line that loads ours.
    """
    known = {
        "script": script_address(),
        "loader": script_address("plotly.js"),
        "plotly": assets.address(assets.plotly_script()),
        "steps": STEPS,
    }
    return component(
        "nets_stage",
        html=HTML,
        js=LOADER.format(**{name: json.dumps(value) for name, value in known.items()}),
        isolate_styles=False,
    )


@st.fragment
def show(session: Session) -> None:
    """Send what is new to the browser, and answer what the browser sends.

    This is a fragment of its own: while it plays, no other part of the page is drawn.
    """
    with session.turn():
        shown: StageState | None = st.session_state.get(SHOWN)
        if shown is None:
            number = time.time_ns() // 10**6  # none that an earlier server has sent
            shown = st.session_state[SHOWN] = StageState(message={"number": number})
        session.on_rest = session.on_rest or [shown.forget, store().clear]
        lost = arrival.is_lost()
        if not (lost or session.pending) and st.session_state.pop(arrival.PLAY_ON, False):
            player.toggle(session)
        options = {
            "logarithmic": bool(st.session_state.get("log_loss")),
            "colour_by": st.session_state.get("colour_by", "weight"),
            "tried": st.session_state.get(TRIED),
        }
        _compare(session, wanted=bool(st.session_state.get("compare")) and not session.is_observed)
        message = message_for(session, shown, player.pace(), **options)
        data = [message, address_of(session, st.session_state), lost]
        _component()(  # its data are a list: of a dictionary Streamlit would ask pandas
            key=KEY,
            data=data,
            on_more_change=lambda: _more(session, shown),
            on_pause_change=lambda: _pause(session),
            on_redraw_change=shown.lost,
            on_select_change=lambda: _select(session),
            on_set_change=lambda: _set(session),
            on_scrub_change=lambda: _scrub(session),
            on_example_change=lambda: _show_example(session),
            on_arrive_change=lambda: _arrive_again(session),
            on_check_change=_open_gradient_check,
            on_dark_change=lambda: _dark(session),
        )


def _compare(session: Session, *, wanted: bool) -> None:
    """Train under the other bias rule too, for a slice at most; or stop comparing."""
    comparison = session.comparison or Comparison.of(session.recipe) if wanted else None
    session.comparison = comparison and comparison.follow(session.recipe, SLICE)


def _more(session: Session, shown: StageState) -> None:
    """Continue, unless the last message did not arrive: then it is sent again."""
    question = events.parse_more(_event("more"))
    if question is None:
        return
    with session.in_order():
        shown.painted(question.shown)
        if question.received != shown.message["number"]:
            return
        if session.playing:
            player.train_ahead(session)
        elif session.pending:
            continue_events(session)
        resting = not session.playing
    if resting or time.monotonic() > st.session_state.get(REDRAW_AFTER, float("inf")):
        st.rerun(AROUND)


def _pause(session: Session) -> None:
    """Stop playing at the epoch that the browser shows; at the server's if that is unknown."""
    session.pause(events.parse_epoch(_event("pause")))
    st.rerun(AROUND)


def _arrive_again(session: Session) -> None:
    """Begin with the address that the page of an earlier server has."""
    search = events.parse_search(_event("arrive"))
    if search is not None and arrival.is_lost():
        with session.in_order():
            arrival.arrive_again(session, search)
        st.session_state[actions.FILLING] = True
        st.rerun()


def _scrub(session: Session) -> None:
    """Show another epoch. The panels follow about once a second, and when the person lets go."""
    wish = events.parse_scrub(_event("scrub"))
    if wish is None:
        return
    show_epoch(session, wish.epoch)
    if wish.end or time.monotonic() > st.session_state.get(REDRAW_AFTER, float("inf")):
        st.rerun(AROUND)


def _select(session: Session) -> None:
    """Select the part that was clicked; none if it was selected already, or for an empty name."""
    name = events.parse_name(_event("select"))
    if name is None:
        return
    with session.in_order():
        part = Selection.named(name, session.run.config.sizes)
        session.selected = None if part == session.selected else part
    st.rerun(AROUND)


def _set(session: Session) -> None:
    """Set the weight or bias that is dragged, and select it; a drag is one change."""
    setting = events.parse_setting(_event("set"))
    if setting is None:
        return
    with session.in_order(), session.reporting_errors("set_parameter"):
        value = Parameter(setting.name, setting.value)
        set_parameters(session, [value], joined=setting.joined)
        session.selected = Selection.named(value.name, session.run.config.sizes)
    st.rerun(AROUND)


def _show_example(session: Session) -> None:
    """Show the next example in the neurons, or the one before."""
    way = events.parse_way(_event("example"))
    if way is None:
        return
    with session.in_order():
        session.example = (session.example + way) % len(session.run.data)
    st.rerun(AROUND)


def _open_gradient_check() -> None:
    """Open the panel that explains the badge."""
    if events.parse_flag(_event("check")):
        st.session_state.panel = "Gradient check"
        st.rerun(AROUND)


def _dark(session: Session) -> None:
    """Note whether the browser shows a dark theme."""
    dark = events.parse_flag(_event("dark"))
    if dark is not None:
        session.dark = dark


def _event(name: str) -> object:
    """Return what the browser sent with an event, unparsed."""
    sent: Any = st.session_state.get(KEY)
    return sent.get(name) if hasattr(sent, "get") else None
