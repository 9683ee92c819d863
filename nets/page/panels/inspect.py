"""Panels "Inspect" and "Weights and biases": one part of the network, or all parameters."""

from dataclasses import replace
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nets.engine.names import bias_name
from nets.explain.phases import trace_update
from nets.explain.quantities import parameter_of
from nets.page.html.tables import table
from nets.page.visitor.selection import Selection
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import compute, names_of
from nets.training.run import Run

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
    left, right = st.columns([1, 2], gap="medium")
    with left:
        _chooser(session, part)
    with right:
        st.html(tables_of(session.run, part))


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
    left, right = st.columns(2, gap="small")
    with left:
        _kind(session)
    names, state.part_layer = names_of(session.run), part.layer
    layers = range(0 if part.kind == "a" else 1, len(names))
    right.selectbox("Layer", layers, format_func=_layer_name, key="part_layer", **changed)
    label = "Neuron"
    if part.source is not None:
        label = "To"
        _place(left, "From", names[part.layer - 1], "part_source", part.source, changed)
    _place(right, label, names[part.layer], "part_target", part.neuron, changed)


def _place(
    column: DeltaGenerator, label: str, names: list[str], key: str, place: int, changed: Any
) -> None:
    """Draw a list of neurons by name."""
    st.session_state[key] = place
    column.selectbox(label, range(len(names)), format_func=names.__getitem__, key=key, **changed)


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


def show_weights(session: Session) -> None:
    """Draw a table for each layer: a row for each of its inputs, and one for the biases."""
    names = names_of(session.run)
    for number, layer in enumerate(session.run.network.layers, start=1):
        rows = list(zip(names[number - 1], layer.weights.tolist(), strict=True))
        rows.append((f"b{number} (biases)", layer.biases[0].tolist()))
        caption = f"Layer {number} at epoch {session.run.epoch}: w{number} and b{number}"
        st.html(table(caption, [f"w{number}", *names[number]], rows))


def tables_of(run: Run, part: Selection) -> str:
    """Write the numbers of a weight, a bias or a neuron."""
    if part.kind != "a":
        return _parameter(run, part)
    return _input(run, part) if part.layer == 0 else _neuron(run, part)


def _parameter(run: Run, part: Selection) -> str:
    """Write a weight or a bias: its value, its gradient, and what an update would change."""
    gradients, names = compute(run).gradients, names_of(run)
    neuron = names[part.layer][part.neuron]
    what = (
        f"bias of {neuron}"
        if part.source is None
        else f"weight from {names[part.layer - 1][part.source]} to {neuron}"
    )
    place = part.layer, part.neuron, part.source
    value = parameter_of(run.network, *place)
    gradient = parameter_of(run.network.with_parameters(gradients.parameters), *place)
    change, how = _change(run, part, gradient)
    rows = [
        ("value", [value]),
        ("gradient over all examples", [gradient]),
        (f"change in an update over all examples: {how}", [change]),
        ("value after the update", [value + change]),
    ]
    return table(f"{part}: {what}, at epoch {run.epoch}", ["", ""], rows)


def _change(run: Run, part: Selection, gradient: float) -> tuple[float, str]:
    """Return what an update over all examples changes, and how it is computed."""
    if run.config.optimizer == "GradientDescent":
        return -run.learning_rate * gradient, f"−{run.learning_rate:g} · gradient"
    step = trace_update(replace(run, config=replace(run.config, batch_size=None)))
    before, after = (
        parameter_of(network, part.layer, part.neuron, part.source)
        for network in (step.network, step.after)
    )
    return after - before, f"computed by {run.config.optimizer}, which also uses earlier gradients"


def _input(run: Run, part: Selection) -> str:
    """Write an input: its value in the first example."""
    rows = [("input", [run.data.inputs[0, part.neuron].item()])]
    return table(_title(run, part), ["", "value"], rows)


def _neuron(run: Run, part: Selection) -> str:
    """Write a neuron's weighted sum for the first example, term by term, then a and δ."""
    computed = compute(run)
    activity, gradients = computed.activity, computed.gradients
    at, neuron = part.layer - 1, part.neuron
    layer, sources = run.network.layers[at], names_of(run)[at]
    fed, weights = activity.inputs[at][0].tolist(), layer.weights[:, neuron].tolist()
    terms = [(name, [a, w, a * w]) for name, a, w in zip(sources, fed, weights, strict=True)]
    ends = {
        f"{bias_name(part.layer, neuron)}, its bias": layer.biases,
        "z, the sum": activity.sums[at],
        f"a = {layer.activation.name}(z)": activity.outputs[at],
        "δ = ∂loss/∂z": gradients.deltas[at],
    }
    sums = [(name, [values[0, neuron].item()]) for name, values in ends.items()]
    tables = (
        table(_title(run, part), ["from", "a", "w", "a · w"], terms),
        table("Σ a · w + b", ["", ""], sums),
    )
    return f'<div class="side-by-side">{"".join(tables)}</div>'


def _title(run: Run, part: Selection) -> str:
    neuron = names_of(run)[part.layer][part.neuron]
    return f"{neuron} at epoch {run.epoch}, first example"
