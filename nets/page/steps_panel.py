"""Panel "Four steps": the phase that is on, as code, as matrices, and number by number."""

from collections.abc import Sequence
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nets.explaining.code import aligned, lines_of_phase
from nets.explaining.derivation import lines_of
from nets.explaining.factors import Factors
from nets.explaining.phases import Phase, phases, updates_an_epoch
from nets.explaining.script import script_of
from nets.explaining.walk import Walk
from nets.page import focus_choosers, quiz
from nets.page.focus import Focus
from nets.page.lines import lines_as_html
from nets.page.matrices import as_html, matrices_of
from nets.page.session import Session

STEPS = {
    "forward": "Forward propagation",
    "loss": "Loss",
    "backward": "Backpropagation",
    "update": "Update",
}
VIEWS = ("Code", "Matrices", "One number", "Predict")


def show(session: Session) -> None:
    """Draw the four steps, the views to choose from, and those that are chosen."""
    walk = session.walk or Walk(session.run)
    st.session_state.setdefault("digits", 3)
    with st.container(horizontal=True, vertical_alignment="center", key="steps"):
        st.html(strip(walk))
        st.space("stretch")
        views = st.segmented_control(
            "Views",
            VIEWS,
            selection_mode="multi",
            default=["Code", "One number"],
            key="steps_views",
            label_visibility="collapsed",
        )
    if walk.phase is None:
        st.caption("**Step phase** walks through the next epoch, part by part; **Back** returns.")
        for view, column in _columns([view for view in views if view in ("Code", "Predict")]):
            with column:
                _code(walk) if view == "Code" else quiz.show(session, st.session_state.digits)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="focus"):
        focus, row, digits = focus_choosers.show(session, walk)
    for view, column in _columns(views):
        with column:
            match view:
                case "Code":
                    _code(walk)
                case "Matrices":
                    st.html(as_html(matrices_of(walk.step, focus.phase), digits))
                case "One number":
                    _number(walk, focus, row, digits)
                case _:
                    quiz.show(session, digits)


def _columns(views: Sequence[str]) -> list[tuple[str, DeltaGenerator]]:
    """Lay views side by side, in their order."""
    chosen = [view for view in VIEWS if view in views]
    return list(zip(chosen, st.columns(max(1, len(chosen)), gap="medium"), strict=False))


def strip(walk: Walk) -> str:
    """Write the four steps in a row, the one that is on with what it computes now."""
    items: list[str] = []
    for number, (step, title) in enumerate(STEPS.items(), start=1):
        on = walk.phase is not None and walk.phase.step == step
        detail = f" · {about(walk)}" if on and about(walk) else ""
        current = ' aria-current="step"' if on else ""
        items.append(f"<li{current}>{number} {title}{escape(detail)}</li>")
    return f'<ol class="strip">{"".join(items)}</ol>'


def about(walk: Walk) -> str:
    """Say which layer a phase is about, and which of several updates in an epoch."""
    if walk.phase is None:
        return ""
    last, updates = len(walk.start.network.layers), updates_an_epoch(walk.start)
    layer = f"layer {walk.phase.layer} of {last}" if walk.phase.layer else ""
    update = f"update {walk.batch + 1} of {updates}" if updates > 1 else ""
    return ", ".join(filter(None, (layer, update)))


def _code(walk: Walk) -> None:
    """The notebook's lines of this phase; at rest those of all phases."""
    config = walk.start.config
    chosen = phases(len(config.sizes) - 1) if walk.phase is None else [walk.phase]
    count = min(config.batch_size or len(walk.start.data), len(walk.start.data))
    lines = [line for phase in chosen for line in lines_of_phase(config, phase, count)]
    with st.container(key="code"):
        st.code(aligned(lines), language="python")
    with st.popover("All lines up to here, to paste", type="tertiary"):
        st.code(script_of(walk), language="python")


def _number(walk: Walk, focus: Focus, row: int, digits: int) -> None:
    """The lines that lead to one number."""
    lines = lines_of(Factors(walk.step, row), focus.phase, focus.neuron, focus.source)
    with st.container(key="line"):
        st.html(lines_as_html(lines, digits) + _remark(walk, focus.phase))


def _remark(walk: Walk, phase: Phase) -> str:
    """Say what the lines leave unsaid."""
    count = len(walk.step.rows)
    remarks: list[str] = []
    if phase.step in ("backward", "update") and count > 1:
        what = "mean" if walk.start.config.reduction == "mean" else "sum"
        remarks.append(f"A gradient is a {what} over the {count} examples of this update.")
    if phase.step in ("backward", "update") and (walk.start.config.l1 or walk.start.config.l2):
        remarks.append("L1 and L2 add to the gradient of a weight, once an update.")
    if phase == Phase("forward", len(walk.step.network.layers)) and (
        walk.start.config.output_activation == "softmax"
    ):
        remarks.append(
            "softmax is exp(z) / Σ exp(z); with exp(z) divided out above and below, no number "
            "becomes too large."
        )
    if phase.step == "loss" and walk.start.config.loss == "SquaredError":
        remarks.append(
            "The derivative of ½ · error² by the output is −error, so the notebook’s += with the "
            "error goes downhill."
        )
    if phase.step == "backward":
        remarks.append("The notebook’s d is −δ: it adds where a gradient is subtracted.")
    return f"<small>{' '.join(remarks)}</small>"
