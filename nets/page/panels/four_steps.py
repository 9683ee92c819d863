"""Panel "Four steps": the current phase in words, number by number, as code and as matrices."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from nets.explain.derivation import STANDARDISED, derive, list_remarks
from nets.explain.equations import equations_of
from nets.explain.notebook_code import stack_comments, write_phase
from nets.explain.phase_names import MEANINGS, QUESTIONS, STEPS, place_of
from nets.explain.phase_words import explain_phase
from nets.explain.phases import Walkthrough, phases
from nets.explain.quantities import Quantities
from nets.page.html.lines import lines_as_html
from nets.page.html.matrices import equations_as_html
from nets.page.html.words import NOTEBOOK, help_text
from nets.page.panels import quiz
from nets.page.panels.focus import Focus, choose_digits, choose_example, choose_focus
from nets.page.visitor.session import Session
from nets.sharing.data_source import is_long
from nets.sharing.script import write_script

NAMES_IN_CODE = (
    "These are the notebook’s lines, for this network. "
    "`w1[0, 0]` in code is w¹₁₁, the weight of layer 1 from x₁ to the first neuron: code counts "
    "from 0, mathematics from 1. `loss` in code is the error y − ŷ."
)
FOLLOWS = (
    "Calculate with the numbers as they are written and round: you get each result as it is "
    "written. Numbers have more digits where this needs them."
)
CUT = "A result that needs numbers which are left out here cannot be followed."
VIEWS = ("One number", "Code", "Matrices", "Quiz")
WORDS = ("δ", "gradient", NOTEBOOK)  # of the explanations and of the remarks on numbers


def show(session: Session) -> None:
    """Draw the four steps, the list of views, and the views that are chosen."""
    if session.is_observed:
        st.caption("This run was trained by another program, whose steps the page does not know.")
        return
    walk = session.walk or Walkthrough(session.run)
    st.session_state.setdefault("digits", 3)
    with st.container(horizontal=True, vertical_alignment="center", key="steps"):
        st.html(strip(walk))
        views = st.segmented_control(
            "Views",
            VIEWS,
            selection_mode="multi",
            default=["One number"],
            key="steps_views",
            label_visibility="collapsed",
        )
        digits = st.session_state.digits if walk.phase is None else choose_digits()
    if walk.phase is None:
        st.caption(
            "**Next phase** shows the next epoch one phase at a time; **Undo** goes one phase back."
        )
        _at_rest(session, walk, views)
    else:
        _in_a_phase(session, walk, views, digits)


def _at_rest(session: Session, walk: Walkthrough, views: Sequence[str]) -> None:
    """Draw what the steps are for and the views that need no phase, before an epoch's first."""
    for number, (step, title) in enumerate(STEPS.items(), start=1):
        st.markdown(f"**{number} {title}. {QUESTIONS[step]}** {MEANINGS[step]}")
    if "Code" in views:
        _code(walk)
    if "Quiz" in views:
        quiz.show(session, st.session_state.digits)


def _in_a_phase(session: Session, walk: Walkthrough, views: Sequence[str], digits: int) -> None:
    """Draw what the phase is for, the lists for what is looked at, and the views of it."""
    assert walk.phase is not None
    step = walk.phase.step
    title = f"{list(STEPS).index(step) + 1} {STEPS[step]}"
    st.markdown(
        f"**{QUESTIONS[step]}** {explain_phase(walk.start, walk.phase)}",
        help=help_text(title, *WORDS),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="focus"):
        row = choose_example(session, walk)
        focus = choose_focus(session, walk)
    if "One number" in views:
        _number(walk, focus, row, digits)
    if "Code" in views:
        _code(walk)
    if "Matrices" in views:
        _matrices(walk, focus, digits)
    if "Quiz" in views:
        quiz.show(session, digits)


def _matrices(walk: Walkthrough, focus: Focus, digits: int) -> None:
    """Draw the phase as equations between matrices, and say what holds for their numbers."""
    equations = equations_of(walk.trace, focus.phase)
    st.html(equations_as_html(equations, digits))
    notes = (
        (True, FOLLOWS),
        (any(each.terms is None for each in equations), CUT),
        (walk.start.data.is_scaled, STANDARDISED),
    )
    st.caption(" ".join(sentence for holds, sentence in notes if holds))


def strip(walk: Walkthrough) -> str:
    """Write the four steps in a row, and below it the layer of the current one."""
    items: list[str] = []
    for number, (step, title) in enumerate(STEPS.items(), start=1):
        on = walk.phase is not None and walk.phase.step == step
        place = escape(place_of(walk)) if on else ""
        detail = f'<small><span class="spoken"> · </span>{place}</small>' if place else ""
        current = ' aria-current="step"' if on else ""
        items.append(f"<li{current}>{number} <span>{title}</span>{detail}</li>")
    return f'<ol class="strip">{"".join(items)}</ol>'


def _code(walk: Walkthrough) -> None:
    """Draw the notebook's lines of this phase, or of all phases before the first one."""
    config = walk.start.config
    chosen = phases(len(config.sizes) - 1) if walk.phase is None else [walk.phase]
    count = min(config.batch_size or len(walk.start.data), len(walk.start.data))
    lines = [line for phase in chosen for line in write_phase(config, phase, count)]
    with st.container(key="code"):
        st.code(stack_comments(lines), language="python", wrap_lines=True)
    st.caption(NAMES_IN_CODE, help=help_text(NOTEBOOK))
    with st.popover("Complete code up to here", type="tertiary"):
        if is_long(walk.start):
            st.caption("Your data are part of this code and make it long, so it comes as a file.")
            st.download_button(
                "Download the code",
                lambda: write_script(walk).encode(),
                "network.py",
                "text/x-python",
                key="code_file",
                on_click="ignore",
            )
        else:
            st.code(write_script(walk), language="python")


def _number(walk: Walkthrough, focus: Focus, row: int, digits: int) -> None:
    """Draw the calculation of one number, and remarks on it."""
    lines = derive(Quantities(walk.trace, row), focus.phase, focus.neuron, focus.source)
    remarks = " ".join(list_remarks(walk.trace, focus.phase, of_bias=focus.part.kind == "b"))
    with st.container(key="line"):
        st.html(f"{lines_as_html(lines, digits)}<small>{remarks}</small>")
