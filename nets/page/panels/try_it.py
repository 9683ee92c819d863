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
from nets.data.cells import write_own
from nets.data.encoding import CategoricalColumn, EncodedColumn, Encoding
from nets.engine.forward import forward
from nets.engine.names import column_symbol, prediction_symbol
from nets.page.controls.widgets import number_field, show_errors, typed
from nets.page.html.tables import number, table
from nets.page.html.text import as_markdown
from nets.page.panels import many_rows
from nets.page.panels.tried import PIXELS, SHAPE, SIDE, encode, input_key, usual_value
from nets.page.visitor.events import parse_drawing
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import names_of
from nets.validate import require_whole

FEW = 12  # inputs get a slider each; more get a field each
SHEET = "sheet"  # the canvas for drawing
VERSION = "sheet_version"
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
        st.session_state[input_key(encoding, place)] = value


def _inputs(encoding: Encoding) -> Float[Tensor, "1 n_input"] | None:
    """Draw a widget for each input, in its own units; return the encoded inputs, if all are."""
    few = len(encoding.inputs) <= FEW
    columns = st.columns(3 if few else 5, gap="small")
    for place, part in enumerate(encoding.inputs):
        _input(part, input_key(encoding, place), few, columns[place % len(columns)])
    try:
        return encode(encoding)
    except ValueError as error:
        st.error(as_markdown(f"{error} Nothing is predicted."))
        return None


def _input(part: EncodedColumn, key: str, few: bool, place: DeltaGenerator) -> None:
    """Draw a widget for an input."""
    label = as_markdown(column_symbol(part.name))
    if isinstance(part, CategoricalColumn):
        place.selectbox(label, part.classes, key=key)
    elif few and part.low < part.high:
        step = (part.high - part.low) / 200
        st.session_state.setdefault(key, usual_value(part))
        place.slider(label, part.low, part.high, key=key, step=step, format="%.4g")
    else:
        st.session_state.setdefault(key, usual_value(part))
        number_field(place, label, key)


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
