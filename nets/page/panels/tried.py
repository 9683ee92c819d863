"""What is tried in the panel Predict: inputs from its widgets, also before they are drawn."""

import streamlit as st
import torch
from jaxtyping import Float
from torch import Tensor

from nets.analysis.predictions import find_encoding
from nets.data.cells import LARGEST, POINT, Reading
from nets.data.encoding import CategoricalColumn, EncodedColumn, Encoding
from nets.data.table import Column, Table
from nets.page.controls.widgets import typed
from nets.page.visitor.session import Session
from nets.validate import require_number

PIXELS = "sheet_pixels"
SIDE, SHAPE = 8, (8, 8)  # of the pictures that can be drawn


def find_tried(session: Session) -> tuple[float, ...] | None:
    """Return the inputs that are tried, as the network takes them; None if one of them is wrong."""
    data = session.run.data
    if data.picture == SHAPE:
        return tuple(st.session_state.get(PIXELS, [0.0] * SIDE**2))
    try:
        return tuple(encode(find_encoding(data))[0].tolist())
    except ValueError:
        return None


def input_key(encoding: Encoding, place: int) -> str:
    """Name the widget of an input; other columns get other widgets."""
    return f"try_{hash(encoding.inputs)}_{place}"


def encode(encoding: Encoding) -> Float[Tensor, "1 n_input"]:
    """Encode what is in the widgets.

    Raises:
        ValueError: if there should be a number and is none.
    """
    cells = [_cell(part, input_key(encoding, i)) for i, part in enumerate(encoding.inputs)]
    return encoding.encode_inputs(Table(tuple(cells))).to(torch.float32)


def usual_value(part: EncodedColumn) -> object:
    """Return what a widget holds before anything is chosen: the first class, or the middle."""
    if isinstance(part, CategoricalColumn):
        return part.classes[0]
    middle = float(f"{(part.low + part.high) / 2:.4g}")
    return min(max(middle, part.low), part.high)


def _cell(part: EncodedColumn, key: str) -> Column:
    """Make a column of one value; a number is not read again, as the file writes its numbers."""
    value = typed(key) if key in st.session_state else usual_value(part)
    if isinstance(part, CategoricalColumn):
        return Column(part.name, (str(st.session_state.get(key, value)),))
    known = require_number(part.name, value, -LARGEST, LARGEST)
    return Column(part.name, (repr(known),), known=Reading([known], POINT))
