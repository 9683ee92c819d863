"""Matrices: what a phase computes, as tables of its tensors."""

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.losses import LOSSES
from nets.engine.names import outputs_name
from nets.explain.arithmetic import format_number
from nets.explain.phases import Phase, UpdateTrace
from nets.page.html.tables import table

MOST_ROWS, MOST_COLUMNS = 8, 8
Named = tuple[str, Float[Tensor, "_ _"]]


def matrices_of(step: UpdateTrace, phase: Phase) -> list[Named]:
    """Name the tensors of a phase, in the order in which they are computed."""
    last = len(step.network.layers)
    match phase:
        case Phase("forward", i):
            return _forward(step, i, last)
        case Phase("loss"):
            output = step.activity.output
            return [("y", step.targets), ("output", output), ("y − output", step.targets - output)]
        case Phase("backward", i):
            return [*_backward(step, i, last), *_gradients(step, i)]
        case _:
            return _update(step, phase.layer or last)


def _forward(step: UpdateTrace, i: int, last: int) -> list[Named]:
    """What a layer is fed, its parameters, and what it gives."""
    activity, layer = step.activity, step.network.layers[i - 1]
    return [
        (outputs_name(i - 1, last), activity.inputs[i - 1]),
        (f"w{i}", layer.weights),
        (f"b{i}", layer.biases),
        (f"z{i}", activity.sums[i - 1]),
        (outputs_name(i, last), activity.outputs[i - 1]),
    ]


def _backward(step: UpdateTrace, i: int, last: int) -> list[Named]:
    """What a layer's δ is made from: what comes back to it, and the slopes of its activation."""
    layers, gradients = step.network.layers, step.gradients
    if layers[i - 1].activation.back is not None:
        return _back_through_shares(step)
    slopes = (f"f′(z{i})", gradients.slopes[i - 1])
    if i == last:
        return [("output − y", step.activity.output - step.targets), slopes]
    turned = (f"w{i + 1} turned over", layers[i].weights.T)
    return [(f"δ{i + 1}", gradients.deltas[i]), turned, slopes]


def _update(step: UpdateTrace, i: int) -> list[Named]:
    """A layer's parameters before the update, what is added to them, and what they are then."""
    before, after = step.network.layers[i - 1], step.after.layers[i - 1]
    return [
        (f"w{i}", before.weights),
        (f"Δw{i}", after.weights - before.weights),
        (f"new w{i}", after.weights),
        (f"b{i}", before.biases),
        (f"Δb{i}", after.biases - before.biases),
        (f"new b{i}", after.biases),
    ]


def _gradients(step: UpdateTrace, i: int) -> list[Named]:
    gradients = step.gradients
    return [
        (f"δ{i}", gradients.deltas[i - 1]),
        (f"gradient of w{i}", gradients.weights[i - 1]),
        (f"gradient of b{i}", gradients.biases[i - 1]),
    ]


def _back_through_shares(step: UpdateTrace) -> list[Named]:
    """What a softmax output makes δ from; it has no f′(z) to multiply by."""
    output, targets = step.activity.output, step.targets
    slope = LOSSES[step.run.config.loss].slope(output, targets, torch.empty_like(output))
    total = (output * slope).sum(dim=1, keepdim=True)
    return [("∂loss/∂output", slope), ("output", output), ("Σ output · ∂loss/∂output", total)]


def as_html(matrices: list[Named], digits: int) -> str:
    """Write tables side by side, each with its name and shape, and what is left out of it."""
    return f'<div class="beside">{"".join(_table(*named, digits) for named in matrices)}</div>'


def _table(name: str, values: Float[Tensor, "rows columns"], digits: int) -> str:
    rows, columns = values.shape
    shown = values[:MOST_ROWS, :MOST_COLUMNS].tolist()
    left_out = rows > MOST_ROWS or columns > MOST_COLUMNS
    part = f", its first {len(shown)} × {len(shown[0])}" if left_out else ""
    return table(
        f"{name} ({rows}, {columns}){part}",
        ["", *map(str, range(len(shown[0])))],
        [
            (str(at), [format_number(value, digits) for value in row])
            for at, row in enumerate(shown)
        ],
    )
