"""Panel "Try it": inputs of one's own, what the network answers, and how each neuron responds."""

import math
from html import escape

import streamlit as st
import torch
from jaxtyping import Float
from torch import Tensor

from nets.examples.coding import Classes, Coding, Part
from nets.examples.table import Table
from nets.forward import forward
from nets.page import drawing, try_rows
from nets.page.moment import names_of
from nets.page.session import Session
from nets.page.tables import number, table
from nets.results.answers import coding_of, ranked

FEW = 12  # inputs that have a slider each; more have a field
DIGITS = "digits"  # data whose inputs are drawn


def show(session: Session) -> None:
    """Draw the inputs, the answer beside them, and below them the neurons and many rows at once."""
    coding = coding_of(session.run.data)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        _example(session, coding)
        inputs = (
            torch.tensor([drawing.show()]) if session.run.config.data == DIGITS else _inputs(coding)
        )
    with right, st.container(key="try_answer"):
        st.html(_answer(session, inputs))
    st.html(_neurons(session, inputs))
    try_rows.show(session)


def _key(coding: Coding, place: int) -> str:
    """Name the widget of an input; other columns have other widgets."""
    return f"try_{hash(coding.inputs)}_{place}"


def _example(session: Session, coding: Coding) -> None:
    """Have the inputs of an example taken over."""
    st.number_input(
        f"Begin with example (1 to {len(session.run.data)})",
        1,
        len(session.run.data),
        value=None,
        key="try_example",
        placeholder="none",
        on_change=_take_over,
        args=(session, coding),
    )


def _take_over(session: Session, coding: Coding) -> None:
    """Set the inputs to those of an example."""
    chosen = st.session_state.try_example
    if chosen is None:
        return
    row = session.run.data.inputs[chosen - 1 : chosen]
    if session.run.config.data == DIGITS:
        drawing.draw(row[0].tolist())
        return
    columns = row.split([len(part.names) for part in coding.inputs], dim=1)
    for place, (part, values) in enumerate(zip(coding.inputs, columns, strict=True)):
        (value,) = part.answers(values)
        if not isinstance(part, Classes):
            value = min(max(float(value), part.low), part.high)
        st.session_state[_key(coding, place)] = value


def _inputs(coding: Coding) -> Float[Tensor, "1 n_input"]:
    """Have each input chosen, in its own units, and code them."""
    few = len(coding.inputs) <= FEW
    columns = st.columns(3 if few else 5, gap="small")
    cells: list[str] = []
    for place, part in enumerate(coding.inputs):
        with columns[place % len(columns)]:
            cells.append(_input(part, _key(coding, place), few))
    names = [part.name for part in coding.inputs]
    return coding.inputs_of(Table.of(names, [cells]))


def _input(part: Part, key: str, few: bool) -> str:
    if isinstance(part, Classes):
        return str(st.selectbox(part.name, part.classes, key=key))
    st.session_state.setdefault(key, (part.low + part.high) / 2)
    if few and part.low < part.high:
        step = (part.high - part.low) / 200
        value = st.slider(part.name, part.low, part.high, key=key, step=step, format="%.4g")
    else:
        value = st.number_input(part.name, key=key, format="%.4g")
    return repr(float(value))


def _answer(session: Session, inputs: Float[Tensor, "1 n_input"]) -> str:
    """Write the answer, the winner first, each class with a bar."""
    output = forward(session.run.network, inputs).output
    parts: list[str] = []
    for name, rows in ranked(session.run, output):
        head = f"{escape(name)}: {escape(rows[0][0])}" if len(rows) > 1 else escape(name)
        parts.append(f'<p class="winner">{head}</p>')
        for label, value, share in rows:
            bar = "" if math.isnan(share) else f'<meter value="{share:.4f}"></meter>'
            parts.append(
                f'<div class="answer"><span>{escape(label)}</span>{bar}'
                f"<output>{number(value)}</output></div>"
            )
    return f'<div class="answers">{"".join(parts)}</div>'


def _neurons(session: Session, inputs: Float[Tensor, "1 n_input"]) -> str:
    """Write for each layer the weighted sum and the activation of every neuron."""
    run = session.run
    activity = forward(run.network, inputs)
    tables: list[str] = []
    for layer, names in enumerate(names_of(run)[1:]):
        sums, outputs = activity.sums[layer][0].tolist(), activity.outputs[layer][0].tolist()
        rows = [(name, [z, a]) for name, z, a in zip(names, sums, outputs, strict=True)]
        tables.append(table(f"Layer {layer + 1}, epoch {run.epoch}", ["neuron", "z", "a"], rows))
    return f'<div class="beside">{"".join(tables)}</div>'
