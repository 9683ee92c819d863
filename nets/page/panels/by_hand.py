"""Panel "By hand": a check of numbers that were computed on paper, and first weights."""

import streamlit as st

from nets.data.datasets import ALL_DATASETS
from nets.explain.own_numbers import MOST_LETTERS, Checked, check_numbers
from nets.explain.phases import UpdateTrace, trace_update
from nets.page.html.tables import table
from nets.page.html.text import as_markdown
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import names_of
from nets.sharing import pasted_weights
from nets.training.advance import rewind

WEIGHTS, NUMBERS, WHICH = "first_weights_text", "own_numbers", "own_update"
WRITTEN = "w1 = torch.tensor([[0.2, -0.3],\n                   [0.4, 0.1]])\nb1[0] = -0.4"
COMPUTED = "h₁ 0.332\nw1[0, 0] = 0.192"
ABOUT_WEIGHTS = (
    "Lines of Python, or a table: a line with w1, its rows of numbers below. What you leave out "
    "stays as it is. The run begins at epoch 0 with these weights; Undo takes that back."
)
NAMES = (
    "Names: w1[0, 0] or w¹₁₁ and b1[0] or b¹₁ for the new weights and biases; a1[0] or h₁ for a "
    "neuron's output; z1[0], delta1[0], loss."
)
LAST, NEXT = "the last update", "the next update"


def show(session: Session) -> None:
    """Draw both parts."""
    if book := ALL_DATASETS[session.recipe.config.data].textbook:
        st.caption(as_markdown(book.about))
    _own_numbers(session)
    _first_weights(session)


def _first_weights(session: Session) -> None:
    """Draw the field for first weights, and the buttons that fill it and use it."""
    st.text_area(
        "First weights", key=WEIGHTS, height=130, placeholder=WRITTEN, help=ABOUT_WEIGHTS,
        max_chars=pasted_weights.MOST_LETTERS,
    )  # fmt: skip
    with st.container(horizontal=True):
        st.button("Use as first weights", key="use_weights", on_click=_use, args=(session,))
        st.button("Write the present ones", key="write_weights", on_click=_write, args=(session,))
    if WEIGHTS in session.errors:
        st.error(as_markdown(session.errors[WEIGHTS]))


def _use(session: Session) -> None:
    """Begin again with the weights that were given."""
    with session.in_order(), session.reporting_errors(WEIGHTS):
        text, sizes = st.session_state.get(WEIGHTS, ""), session.run.config.sizes
        book = ALL_DATASETS[session.recipe.config.data].textbook
        given = pasted_weights.read_pasted_weights(text, sizes, book)
        values = {one.name: one for one in (*session.recipe.set_at_first, *given)}
        session.begin(session.settings, values=[*values.values()])


def _write(session: Session) -> None:
    """Write the weights on show into the field."""
    with session.in_order():
        st.session_state[WEIGHTS] = pasted_weights.write_weights(session.now.network)


def _own_numbers(session: Session) -> None:
    """Draw the field for numbers of an update, and what is right of them."""
    st.text_area(
        "Check my calculation", key=NUMBERS, height=130, placeholder=COMPUTED, help=NAMES,
        max_chars=MOST_LETTERS,
    )  # fmt: skip
    text = st.session_state.get(NUMBERS, "")
    trace = _update(session)
    row = trace.rows.index(session.example) if session.example in trace.rows else 0
    example = f", example {trace.rows[row] + 1}" if len(session.run.data) > 1 else ""
    st.caption(f"Compared with update {trace.number}, of epoch {trace.run.epoch + 1}{example}.")
    if not text.strip():
        return
    try:
        rows = check_numbers(text, trace, names_of(session.run), row)
    except ValueError as error:
        st.error(as_markdown(str(error)))
        return
    right = sum(one.agrees for one in rows)
    st.markdown(f"**{right} of {len(rows)} agree.**")
    st.html(_table(rows))


def _update(session: Session) -> UpdateTrace:
    """Compute the update whose numbers are compared: the one on show, or the last or next one."""
    if session.walk is not None and session.walk.phase is not None:
        return session.walk.trace
    if session.run.epoch == 0:
        return trace_update(session.run)
    chosen = st.segmented_control(
        "Compare with", (LAST, NEXT), key=WHICH, default=LAST, label_visibility="collapsed"
    )
    begin = session.run if chosen == NEXT else rewind(session.run, session.run.epoch - 1)
    return trace_update(begin)


def _table(rows: list[Checked]) -> str:
    """Write what is right of each number."""
    return table(
        "Your numbers",
        ["", "yours", "the page’s", "remark"],
        [
            (f"{'✓' if one.agrees else '✗'} {one.name}", [one.given, one.right, one.remark])
            for one in rows
        ],
    )
