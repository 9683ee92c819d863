"""Panel "Inspect": the numbers of one weight, bias or neuron, clicked or chosen from lists."""

from dataclasses import replace
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nets.explaining.factors import parameter_of
from nets.explaining.phases import step_of
from nets.naming import bias_name
from nets.page.moment import forward_and_back, names_of
from nets.page.parts import Part
from nets.page.session import Session
from nets.page.tables import table
from nets.training import Run

KINDS = {"w": "Weight", "b": "Bias", "a": "Neuron"}


def show(session: Session) -> None:
    """Draw the lists to choose from, and the numbers of what is chosen."""
    part = session.selected
    if part is None:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _kind(session, width=240)
            st.caption("Click a line, a square or a neuron in the diagram, or choose one here.")
        return
    left, right = st.columns([1, 2], gap="medium")
    with left:
        _chooser(session, part)
    with right:
        st.html(_numbers(session.run, part))


def _kind(session: Session, width: int | Literal["stretch"] = "stretch") -> None:
    """The list for the kind of part; it follows a click in the diagram."""
    part = session.selected
    st.session_state.part_kind = None if part is None else part.kind
    st.selectbox(
        "Look at", KINDS, index=None, placeholder="Choose", format_func=KINDS.__getitem__,
        key="part_kind", width=width, on_change=_choose, args=(session,),
    )  # fmt: skip


def _chooser(session: Session, part: Part) -> None:
    """Lists for the kind of part, its layer and its place; they follow a click in the diagram."""
    state, changed = st.session_state, {"on_change": _choose, "args": (session,)}
    left, right = st.columns(2, gap="small")
    with left:
        _kind(session)
    names, state.part_layer = names_of(session.run), part.layer
    layers = range(0 if part.kind == "a" else 1, len(names))
    right.selectbox("Layer", layers, format_func=_layer_name, key="part_layer", **changed)
    *source, target = part.places
    if source:
        _place(left, "From", names[part.layer - 1], "part_source", source[0], changed)
    _place(right, "To" if source else "Neuron", names[part.layer], "part_target", target, changed)


def _place(
    column: DeltaGenerator, label: str, names: list[str], key: str, place: int, changed: Any
) -> None:
    """A list of neurons by name."""
    st.session_state[key] = place
    column.selectbox(label, range(len(names)), format_func=names.__getitem__, key=key, **changed)


def _layer_name(layer: int) -> str:
    return "0 (inputs)" if layer == 0 else str(layer)


def _choose(session: Session) -> None:
    """Select what the lists say, as near as the network has it."""
    state = st.session_state
    if state.part_kind is None:
        session.selected = None
        return
    layer, *places = (state.get(key, 0) for key in ("part_layer", "part_source", "part_target"))
    session.selected = Part.nearest(state.part_kind, layer, places, session.run.config.sizes)


def _numbers(run: Run, part: Part) -> str:
    if part.kind == "a":
        return _neuron(run, part)
    (_, gradients), names = forward_and_back(run), names_of(run)
    of_layer, own = part.layer - 1, names[part.layer][part.places[-1]]
    place = part.places if part.kind == "w" else (0, *part.places)
    tensors = (
        (run.network.layers[of_layer].weights, gradients.weights[of_layer])
        if part.kind == "w"
        else (run.network.layers[of_layer].biases, gradients.biases[of_layer])
    )
    value, gradient = (tensor[place].item() for tensor in tensors)
    change, how = _change(run, part, gradient)
    what = (
        f"{part}: weight from {names[of_layer][part.places[0]]} to {own}"
        if part.kind == "w"
        else f"{part}: bias of {own}"
    )
    rows = [
        ("value", [value]),
        ("gradient, by all examples", [gradient]),
        (f"change by an update with these: {how}", [change]),
        ("value after it", [value + change]),
    ]
    return table(f"{what}, at epoch {run.epoch}", ["", ""], rows)


def _change(run: Run, part: Part, gradient: float) -> tuple[float, str]:
    """Return what an update from all examples changes, and how it comes to that."""
    if run.config.optimizer == "GradientDescent":
        return -run.learning_rate * gradient, f"−{run.learning_rate:g} · gradient"
    config = replace(run.config, batch_size=None)
    step = step_of(replace(run, config=config))
    *source, target = part.places
    before, after = (
        parameter_of(network, part.layer, target, source[0] if source else None)
        for network in (step.network, step.after)
    )
    return after - before, f"by {run.config.optimizer}, which remembers those before it"


def _neuron(run: Run, part: Part) -> str:
    """The weighted sum of a neuron for the first example, term by term."""
    (activity, gradients), names = forward_and_back(run), names_of(run)
    layer, place = part.layer, part.places[0]
    title = f"{names[layer][place]} at epoch {run.epoch}, first example"
    if layer == 0:
        return table(title, ["", "value"], [("input", [run.data.inputs[0, place].item()])])
    of_layer = layer - 1
    weights, biases = run.network.layers[of_layer].weights, run.network.layers[of_layer].biases
    fed = activity.inputs[of_layer][0]
    rows = [
        (name, [a, w, a * w])
        for name, a, w in zip(
            names[of_layer], fed.tolist(), weights[:, place].tolist(), strict=True
        )
    ]
    ends = {
        f"{bias_name(layer, place)}, its bias": biases[0, place],
        "z, the sum": activity.sums[of_layer][0, place],
        f"a = {run.network.layers[of_layer].activation.name}(z)": activity.outputs[of_layer][
            0, place
        ],
        "δ = ∂loss/∂z": gradients.deltas[of_layer][0, place],
    }
    sums = [(name, [value.item()]) for name, value in ends.items()]
    terms = table(title, ["from", "a", "w", "a · w"], rows)
    return f'<div class="beside">{terms}{table("Σ a · w + b", ["", ""], sums)}</div>'
