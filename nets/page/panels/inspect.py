"""Panels "Inspect" and "Weights and biases": one part of the network, or all parameters."""

from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from nets.engine.names import symbol
from nets.engine.network import place_of
from nets.explain.arithmetic import Line
from nets.explain.derivation import STANDARDISED, derive, derive_delta
from nets.explain.phases import Phase, trace_update
from nets.explain.quantities import Quantities
from nets.figures.colours import plain
from nets.page.controls.widgets import number_field, step_buttons, typed
from nets.page.html.lines import lines_as_html
from nets.page.html.tables import table
from nets.page.html.text import as_markdown
from nets.page.visitor.by_hand import set_parameters
from nets.page.visitor.selection import Selection
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import Snapshot, names_of
from nets.training.recipe import Parameter
from nets.validate import format_typed_number, to_float32

DIGITS = 4
FIELD = "set_parameter"
BY_HAND = (
    "Type a number to set this weight or bias by hand, or drag its line in the diagram up or down: "
    "the picture and the loss follow at once, and training continues from there. Undo takes it "
    "back."
)
KINDS = {"w": "Weight", "b": "Bias", "a": "Neuron"}


def show(session: Session) -> None:
    """Draw the lists to choose from, and the numbers of the part that is chosen."""
    part = session.selected
    if part is None:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _kind(session, width=240)
            st.caption(
                "Click a line (weight), a square (bias) or a circle (neuron), or choose here."
            )
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="part_lists"):
        _chooser(session, part)
        if part.kind != "a":
            with st.container(key="part_value"):
                _set_by_hand(session, part)
    st.html(tables_of(session.now, part))


def _kind(session: Session, width: int | Literal["stretch"] = "stretch") -> None:
    """Draw the list for the kind of part; it follows a click in the diagram."""
    part = session.selected
    st.session_state.part_kind = None if part is None else part.kind
    st.selectbox(
        "Look at", KINDS, index=None, placeholder="Choose", format_func=KINDS.__getitem__,
        key="part_kind", width=width, on_change=_choose, args=(session,),
    )  # fmt: skip


def _chooser(session: Session, part: Selection) -> None:
    """Draw lists for the kind of part, its layer and its place; they follow a click too."""
    state, changed = st.session_state, {"on_change": _choose, "args": (session,)}
    _kind(session)
    names, state.part_layer = names_of(session.run), part.layer
    layers = range(0 if part.kind == "a" else 1, len(names))
    st.selectbox("Layer", layers, format_func=_layer_name, key="part_layer", **changed)
    label = "Neuron"
    if part.source is not None:
        label = "To"
        _place("From", names[part.layer - 1], "part_source", part.source, changed)
    _place(label, names[part.layer], "part_target", part.neuron, changed)


def _place(label: str, names: list[str], key: str, place: int, changed: Any) -> None:
    """Draw a list of neurons by name."""
    st.session_state[key] = place
    st.selectbox(label, range(len(names)), format_func=names.__getitem__, key=key, **changed)


def _layer_name(layer: int) -> str:
    return "0 (inputs)" if layer == 0 else str(layer)


def _choose(session: Session) -> None:
    """Select the part that the lists name, or the nearest one that the network has."""
    state = st.session_state
    if state.part_kind is None:
        session.selected = None
        return
    layer, *places = (state.get(key, 0) for key in ("part_layer", "part_source", "part_target"))
    session.selected = Selection.nearest(state.part_kind, layer, places, session.run.config.sizes)


def _set_by_hand(session: Session, part: Selection) -> None:
    """Draw a field for the value of a weight or a bias, with buttons − and +."""
    run = session.run
    value = run.network.parameters[place_of(str(part), run.network.sizes)].item()
    st.session_state[FIELD] = format_typed_number(to_float32(value))
    changed = {"on_change": _set, "args": (session, part)}
    field, *buttons = st.columns([3, 1, 1], gap="small", vertical_alignment="bottom")
    label = part.symbol
    number_field(field, label, FIELD, help=BY_HAND, **changed)
    step_buttons(buttons, label, FIELD, **changed)
    wrong = session.errors.get(FIELD, "")
    if wrong.startswith(str(part)):  # and not of a part that was selected before
        st.error(as_markdown(wrong))


def _set(session: Session, part: Selection) -> None:
    """Set the selected weight or bias to the number that was typed."""
    with session.reporting_errors(FIELD):
        set_parameters(session, [Parameter(str(part), typed(FIELD))])


def show_weights(session: Session) -> None:
    """Draw a table for each layer: a row for each of its inputs, and one for the biases."""
    names, now = names_of(session.run), session.now
    if session.run.data.is_scaled:
        st.caption(STANDARDISED)
    for number, layer in enumerate(now.network.layers, start=1):
        rows = list(zip(names[number - 1], layer.weights.tolist(), strict=True))
        w, b = symbol("w", layer=number), symbol("b", layer=number)
        rows.append((f"{b} (biases)", layer.biases[0].tolist()))
        caption = f"Layer {number} at {now.moment}: {w} and {b}"
        st.html(table(caption, [w, *names[number]], rows))


def tables_of(now: Snapshot, part: Selection) -> str:
    """Write the numbers of a weight, a bias or a neuron, and how they are computed."""
    run = now.run_on_show
    names = names_of(run)
    neuron = names[part.layer][part.neuron]
    if part.kind == "a" and part.layer == 0:
        rows = [("input", [run.data.inputs[0, part.neuron].item()])]
        how = ", standardised" if run.data.is_scaled else ""
        return table(f"{neuron}, first example{how}", ["", "value"], rows)
    step = trace_update(replace(run, config=replace(run.config, batch_size=None)))
    quantities, place = Quantities(step), (part.neuron, part.source)
    if part.kind == "a":
        title = f"{neuron} at {now.moment}, first example"
        lines = derive(quantities, Phase("forward", part.layer), *place)
        lines += derive_delta(quantities, part.layer, part.neuron)
    else:
        what = f"weight from {names[part.layer - 1][part.source or 0]} to {neuron}"
        what = f"bias of {neuron}" if part.source is None else what
        title = f"{part.symbol}: {what}, at {now.moment}, in an update over all examples"
        value = quantities.parameter(part.layer, *place)
        lines = [Line(value.symbol, value.value, ())]
        lines += derive(quantities, Phase("update", part.layer), *place)
    remark = f"<small>{STANDARDISED}</small>" if run.data.is_scaled else ""
    return f"<b>{plain(title)}</b>{lines_as_html(lines, DIGITS, opened=False)}{remark}"
