"""Tables of numbers as HTML: a screen reader can walk through them, and pandas is not needed."""

import itertools
from collections.abc import Iterable, Sequence
from html import escape

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.losses import LOSSES
from nets.engine.names import outputs_name
from nets.explain.arithmetic import format_number
from nets.explain.phases import Phase, UpdateTrace

MOST_NAMES = 6  # in one sentence
MOST_ROWS, MOST_COLUMNS = 8, 8  # of a matrix
Named = tuple[str, Float[Tensor, "_ _"]]


def number(value: float) -> str:
    """Write a number as torch prints it, with four decimals, or in scientific notation.

    Small and large numbers, which four decimals would hide or stretch, are written 1.2346e-05.
    """
    plain = value == 0 or 1e-3 <= abs(value) < 1e5
    return (f"{value:.4f}" if plain else f"{value:.4e}").replace("-", "−")


def listed(names: Iterable[str], count: int) -> str:
    """Write the first of `count` names, and how many more there are."""
    more = count - MOST_NAMES
    return ", ".join(itertools.islice(names, MOST_NAMES)) + (f" and {more} more" * (more > 0))


def table(
    caption: str,
    header: Sequence[str],
    rows: Iterable[tuple[str, Sequence[float] | Sequence[float | str]]],
) -> str:
    """Write a table: a caption, names of the columns, and for each row its name and numbers.

    A string is written as it is.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{_cell(value)}</td>" for value in values)
        + "</tr>"
        for name, values in rows
    )
    return (
        f'<div class="scroll"><table class="numbers"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(value: float | str) -> str:
    return escape(value) if isinstance(value, str) else number(value)


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
    """A layer's inputs, its parameters, and its outputs."""
    activity, layer = step.activity, step.network.layers[i - 1]
    return [
        (outputs_name(i - 1, last), activity.inputs[i - 1]),
        (f"w{i}", layer.weights),
        (f"b{i}", layer.biases),
        (f"z{i}", activity.sums[i - 1]),
        (outputs_name(i, last), activity.outputs[i - 1]),
    ]


def _backward(step: UpdateTrace, i: int, last: int) -> list[Named]:
    """What a layer's δ is computed from: the error that comes back, and the slopes."""
    layers, gradients = step.network.layers, step.gradients
    if layers[i - 1].activation.back is not None:
        return _backward_softmax(step)
    slopes = (f"f′(z{i})", gradients.slopes[i - 1])
    if i == last:
        return [("output − y", step.activity.output - step.targets), slopes]
    turned = (f"w{i + 1} transposed", layers[i].weights.T)
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


def _backward_softmax(step: UpdateTrace) -> list[Named]:
    """What the δ of a softmax output is computed from; it has no f′(z) to multiply by."""
    output, targets = step.activity.output, step.targets
    slope = LOSSES[step.run.config.loss].slope(output, targets, torch.empty_like(output))
    total = (output * slope).sum(dim=1, keepdim=True)
    return [("∂loss/∂output", slope), ("output", output), ("Σ output · ∂loss/∂output", total)]


def matrices_as_html(matrices: list[Named], digits: int) -> str:
    """Write matrices side by side, each with its name, its shape, and what is left out of it."""
    return (
        f'<div class="side-by-side">{"".join(_matrix(*named, digits) for named in matrices)}</div>'
    )


def _matrix(name: str, values: Float[Tensor, "rows columns"], digits: int) -> str:
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
