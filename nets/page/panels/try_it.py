"""Panel "Predict": choose or draw inputs, and see the outputs and the response of each neuron."""

import math
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st
import torch
from jaxtyping import Float
from streamlit.components.v2 import component
from streamlit.delta_generator import DeltaGenerator
from torch import Tensor

from nets.analysis.predictions import find_encoding, rank_answers
from nets.data.cells import LARGEST, POINT, Reading, write_own
from nets.data.encoding import CategoricalColumn, EncodedColumn, Encoding
from nets.data.table import Column, Table
from nets.engine.forward import forward
from nets.engine.names import column_symbol, prediction_symbol
from nets.page.controls.widgets import number_field, show_errors, typed
from nets.page.html.tables import number, table
from nets.page.html.text import as_markdown
from nets.page.panels import many_rows
from nets.page.visitor.events import parse_drawing
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import names_of
from nets.validate import require_number, require_whole

FEW = 12  # inputs get a slider each; more get a field each
SHEET = "sheet"  # the canvas for drawing
PIXELS, VERSION = "sheet_pixels", "sheet_version"
SIDE, SHAPE = 8, (8, 8)  # of the pictures that can be drawn here
HTML = """
<div class="sheet">
  <canvas width="192" height="192" tabindex="0" role="img"
    aria-label="8×8 pixels: drag to draw; or arrow keys to move and Space to draw"></canvas>
  <button type="button">Clear</button>
</div>
"""


def show(session: Session) -> None:
    """Draw the inputs, the prediction, the neurons, and a place for many rows at once."""
    encoding = find_encoding(session.run.data)
    _example(session, encoding)
    is_drawn = session.run.data.picture == SHAPE
    inputs = torch.tensor([_show_sheet()]) if is_drawn else _inputs(encoding)
    if inputs is not None:
        with st.container(key="try_answer"):
            st.html(_answer(session, inputs))
        st.html(_neurons(session, inputs))
    many_rows.show(session)


def _key(encoding: Encoding, place: int) -> str:
    """Name the widget of an input; other columns get other widgets."""
    return f"try_{hash(encoding.inputs)}_{place}"


def _example(session: Session, encoding: Encoding) -> None:
    """Draw the field for the example whose inputs are copied."""
    number_field(
        st.container(),
        f"Copy the inputs of example (1 to {len(session.run.data)})",
        "try_example",
        placeholder="none",
        on_change=_copy_example,
        args=(session, encoding),
    )
    show_errors(session, "try_example")


def _copy_example(session: Session, encoding: Encoding) -> None:
    """Set the inputs to those of an example."""
    chosen = typed("try_example")
    with session.reporting_errors("try_example"):
        if chosen is not None:
            require_whole("The example", chosen, 1, len(session.run.data))
            _copy_inputs(session, encoding, chosen)


def _copy_inputs(session: Session, encoding: Encoding, chosen: int) -> None:
    row = session.run.data.inputs[chosen - 1 : chosen]
    if session.run.data.picture == SHAPE:
        _draw_on_sheet(row[0].tolist())
        return
    columns = row.split([len(part.names) for part in encoding.inputs], dim=1)
    for place, (part, values) in enumerate(zip(encoding.inputs, columns, strict=True)):
        (value,) = part.decode(values)
        if not isinstance(part, CategoricalColumn):
            value = min(max(float(f"{value:.7g}"), part.low), part.high)  # float32 has 7 digits
        st.session_state[_key(encoding, place)] = value


def _inputs(encoding: Encoding) -> Float[Tensor, "1 n_input"] | None:
    """Draw a widget for each input, in its own units; return the encoded inputs, if all are."""
    few = len(encoding.inputs) <= FEW
    columns = st.columns(3 if few else 5, gap="small")
    values = [
        _input(part, _key(encoding, place), few, columns[place % len(columns)])
        for place, part in enumerate(encoding.inputs)
    ]
    try:
        return encoding.encode_inputs(Table(tuple(map(_cell, encoding.inputs, values))))
    except ValueError as error:
        st.error(as_markdown(f"{error} Nothing is predicted."))
        return None


def _input(part: EncodedColumn, key: str, few: bool, place: DeltaGenerator) -> object:
    """Draw a widget for an input; return the name of a class, or what should be a number."""
    label = as_markdown(column_symbol(part.name))
    if isinstance(part, CategoricalColumn):
        return place.selectbox(label, part.classes, key=key)
    middle = float(f"{(part.low + part.high) / 2:.4g}")
    st.session_state.setdefault(key, min(max(middle, part.low), part.high))
    if few and part.low < part.high:
        step = (part.high - part.low) / 200
        return place.slider(label, part.low, part.high, key=key, step=step, format="%.4g")
    number_field(place, label, key)
    return typed(key)


def _cell(part: EncodedColumn, value: object) -> Column:
    """Make a column of one value; a number is not read again, as the file writes its numbers.

    Raises:
        ValueError: if there should be a number and is none.
    """
    if isinstance(part, CategoricalColumn):
        return Column(part.name, (str(value),))
    known = require_number(part.name, value, -LARGEST, LARGEST)
    return Column(part.name, (repr(known),), known=Reading([known], POINT))


@cache
def _sheet_component() -> Callable[..., Any]:
    script = Path(__file__).with_name("drawing.js").read_text(encoding="utf-8")
    return component("nets_sheet", html=HTML, js=script, isolate_styles=False)


def _show_sheet() -> list[float]:
    """Show the canvas; return its pixels row by row: 0 is paper, 1 is ink."""
    state = st.session_state
    data = {"pixels": state.setdefault(PIXELS, [0.0] * SIDE**2), "version": state.get(VERSION, 0)}
    _sheet_component()(key=SHEET, data=data, on_drawn_change=_keep_drawing)
    return data["pixels"]


def _draw_on_sheet(pixels: Sequence[float]) -> None:
    """Replace the picture on the canvas."""
    st.session_state[PIXELS] = list(pixels)
    st.session_state[VERSION] = st.session_state.get(VERSION, 0) + 1


def _keep_drawing() -> None:
    """Keep what was drawn, if it is a picture."""
    drawn = parse_drawing(st.session_state[SHEET].get("drawn"), SIDE**2)
    if drawn is not None:
        st.session_state[PIXELS] = drawn


def _answer(session: Session, inputs: Float[Tensor, "1 n_input"]) -> str:
    """Write the prediction: the most likely class first, each class with a bar."""
    if session.run.data.picture == SHAPE and not inputs.any():
        return "The sheet is empty: draw a digit."
    output = forward(session.run.network, inputs).output
    parts: list[str] = []
    for target, rows in rank_answers(session.run, output):
        name = prediction_symbol(target)
        head = f"{escape(name)}: {escape(rows[0][0])}" if len(rows) > 1 else escape(name)
        parts.append(f'<p class="winner">{head}</p>')
        for label, value, share in rows:
            written = number(value) if abs(value) < 1e5 else write_own(value).replace("-", "−")
            bar = "" if math.isnan(share) else f'<meter value="{share:.4f}"></meter>'
            parts.append(
                f'<div class="answer"><span>{escape(prediction_symbol(label))}</span>{bar}'
                f"<output>{written}</output></div>"
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
    return f'<div class="side-by-side">{"".join(tables)}</div>'
