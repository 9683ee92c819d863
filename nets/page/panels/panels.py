"""The panels next to the stage, one at a time, and what the pictures show."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module

import streamlit as st

from nets.analysis.decision_map import MAX_AXES, count_axes
from nets.figures.colours import round_scale
from nets.figures.diagram_style import COLOURINGS
from nets.figures.edges import is_outgrown
from nets.page.controls.widgets import lazy_popover
from nets.page.html.style import LARGE_TYPE, USUAL_TYPE
from nets.page.html.words import glossary
from nets.page.panels import kept_runs, session_file, tried
from nets.page.stage import address, stage
from nets.page.visitor.kept import store
from nets.page.visitor.session import Session

# The module and the function of each panel. A module is imported when its panel is first opened, so
# that the first picture does not wait for it.
PANELS = {
    "Four steps": "four_steps.show",
    "Inspect": "inspect.show",
    "Weights and biases": "inspect.show_weights",
    "By hand": "by_hand.show",
    "Data and output": "results.show_examples",
    "Predict": "try_it.show",
    "Results": "results.show_scores",
    "Gradient check": "gradient_check.show",
    "Diagnosis": "diagnosis.show",
    "Compare": "compare.show",
    "Download": "download.show",
    "Glossary": "panels.show_glossary",
}

# Where a name is too long for a row of all of them.
SHORT = {
    "Four steps": "Steps",
    "Weights and biases": "Weights",
    "Data and output": "Data",
}
# While it plays, a panel is drawn again once in this many seconds, or in this many times its cost.
PERIOD, IDLE = 1.0, 20
SAMPLE = "While it plays, this panel follows about once a second. It shows epoch {}."
SCALE_HELP = (
    "At least a third of the weights is beyond the ends of the colour scale, where all lines are "
    "equally thick. This chooses a scale that shows all of them."
)
VIEW_KEYS = ("colour_by", "log_loss", "compare", "large_type")


def obey_address(words: Mapping[str, str], session: Session) -> list[str]:
    """Show what an address asks for; say in a sentence what is wrong with a word."""
    return address.obey_page_words(words, session, st.session_state, PANELS)


def show(session: Session, say_what_comes: Callable[[], None]) -> None:
    """Draw the row of panels, and the panel that is chosen."""
    st.session_state.setdefault("panel", address.FIRST_PANEL)
    store().is_drawn_again()
    say_what_comes()
    chosen = st.segmented_control(
        "Panel",
        PANELS,
        format_func=_short,
        key="panel",
        label_visibility="collapsed",
        required=True,
    )
    chosen = chosen or address.FIRST_PANEL  # a forged message may choose none
    session_file.show_observed(session)
    in_phase = "" if session.walk is None else " in-phase"  # on a phone such a panel comes first
    st.html(f'<h2 class="spoken{in_phase}">{chosen}</h2>')
    begun = time.perf_counter()
    _draw(chosen, session)
    _note(session)
    cost = time.perf_counter() - begun
    st.session_state[stage.REDRAW_AFTER] = time.monotonic() + max(PERIOD, IDLE * cost)


def _note(session: Session) -> None:
    """Say of which epoch a panel is while it plays, or which epochs the last change left out.

    It comes last, so that it moves nothing; page.css keeps it in sight.
    """
    left = about_left_epochs(session)
    if session.playing or left:
        with st.container(key="panel_note"):
            st.caption(SAMPLE.format(session.run.epoch)) if session.playing else st.info(left)


def about_left_epochs(session: Session) -> str:
    """Say which epochs the last change left out, if it was made while earlier ones were on show."""
    before = session.moments.before[-1] if session.moments.before else None
    if before is None or before.latest is None or session.latest is not None:
        return ""
    at, last = before.recipe.epoch, before.latest.recipe.epoch
    if session.recipe.config != before.recipe.config or session.run.epoch < at:
        return ""
    which = f"epoch {last} is" if last == at + 1 else f"epochs {at + 1} to {last} are"
    left = f"Its former {which} left out; **Undo** brings them back."
    return f"The run continues from epoch {at}. {left}"


def _draw(name: str, session: Session) -> None:
    module, _, function = PANELS[name].partition(".")
    getattr(import_module(f"{__package__}.{module}"), function)(session)


def show_glossary(_: Session) -> None:
    """Draw all words that may be new, with their sentences."""
    st.html(glossary())


def _short(name: str) -> str:
    """Name a panel where there is little room."""
    return SHORT.get(name, name)


def prepare(session: Session) -> Callable[[], None]:
    """Compute what the stage shows because of a panel: inputs that are tried, lines of kept runs.

    Returns what says on the page that lines are still to come.
    """
    is_open = st.session_state.get("panel") == "Predict"
    st.session_state[stage.TRIED] = tried.find_tried(session) if is_open else None
    if all(one.loss is not None for one in session.baselines):
        return lambda: None
    return kept_runs.repeat_planned(session)


def show_type() -> None:
    """Make all letters larger if that is chosen; page.css has their usual size."""
    st.html(LARGE_TYPE if st.session_state.get("large_type") else USUAL_TYPE)


def show_view_options(session: Session) -> None:
    """Draw the popover of switches for what the pictures show."""
    with lazy_popover("View", "view", keep=VIEW_KEYS) as is_open:
        if is_open:
            _view_options(session)


def _rescale(session: Session) -> None:
    """End the scale at the largest weight of now."""
    with session.in_order():
        session.scale = round_scale(session.run.network.parameters)


def _view_options(session: Session) -> None:
    st.session_state.setdefault("colour_by", "weight")
    st.segmented_control("Colour edges by", COLOURINGS, key="colour_by", required=True)
    if is_outgrown(session.run.network, session.scale):
        st.button("New scale", key="new_scale", on_click=_rescale, args=(session,), help=SCALE_HELP)
    st.toggle("Logarithmic loss axis", key="log_loss")
    st.toggle("Compare with the other bias update", key="compare")
    _pictures(session)
    st.toggle("Large type, for a projector", key="large_type")


def _pictures(session: Session) -> None:
    """Draw the switches for pictures of what the network has learned."""
    flat = count_axes(session.run) <= MAX_AXES
    _switch(session, "map", "Picture of what the network has learned")
    _switch(session, "in_neurons", "Small pictures in the neurons", disabled=not flat)
    _switch(session, "as_classes", "Show only the predicted class", disabled=not flat)


def _switch(session: Session, name: str, label: str, *, disabled: bool = False) -> None:
    key = f"show_{name}"
    st.session_state[key] = getattr(session.view, name)

    def change() -> None:
        session.view = replace(session.view, **{name: st.session_state[key]})

    st.toggle(label, key=key, on_change=change, disabled=disabled)
