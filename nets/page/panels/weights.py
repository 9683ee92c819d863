"""Panel "Weights and biases": every parameter as a table, layer by layer."""

import streamlit as st

from nets.page.html.tables import table
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import names_of


def show(session: Session) -> None:
    """Draw one table a layer: a row for each input of the layer, and one for the biases."""
    names = names_of(session.run)
    for number, layer in enumerate(session.run.network.layers, start=1):
        rows = list(zip(names[number - 1], layer.weights.tolist(), strict=True))
        rows.append((f"b{number} (biases)", layer.biases[0].tolist()))
        caption = f"Layer {number} at epoch {session.run.epoch}: w{number} and b{number}"
        st.html(table(caption, [f"w{number}", *names[number]], rows))
