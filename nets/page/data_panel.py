"""Panel "Data and output": what goes in, what should come out, and what does come out."""

import streamlit as st

from nets.forward import forward
from nets.page.session import Session
from nets.page.tables import table

MOST_ROWS = 50


def show(session: Session) -> None:
    """Draw a row an example: inputs x, targets y, outputs ŷ and errors y − ŷ."""
    run = session.run
    inputs, targets = run.data.inputs[:MOST_ROWS], run.data.targets[:MOST_ROWS]
    output = forward(run.network, inputs).output
    columns = [*run.data.input_names]
    for sign in ("y", "ŷ", "y − ŷ"):
        columns += [f"{sign} {name}".removesuffix(" y1") for name in run.data.output_names]
    values = zip(inputs, targets, output, targets - output, strict=True)
    rows = [
        (str(number), [value for part in parts for value in part.tolist()])
        for number, parts in enumerate(values, start=1)
    ]
    shown = "" if len(run.data) <= MOST_ROWS else f", the first {MOST_ROWS} of {len(run.data)}"
    st.html(table(f"Examples at epoch {run.epoch}{shown}", ["example", *columns], rows))
