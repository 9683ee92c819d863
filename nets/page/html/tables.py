"""Tables of numbers as HTML: a screen reader can walk through them, and pandas is not needed."""

import itertools
from collections.abc import Iterable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.losses import LOSSES
from nets.engine.names import outputs_symbol, symbol
from nets.explain.arithmetic import format_number
from nets.explain.phases import Phase, UpdateTrace
from nets.figures.colours import plain

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
    head = "".join(
        f'<th scope="col">{plain(name)}</th>' if name else "<td></td>" for name in header
    )
    body = "".join(
        f'<tr><th scope="row">{plain(name)}</th>'
        + "".join(f"<td>{_cell(value)}</td>" for value in values)
        + "</tr>"
        for name, values in rows
    )
    return (
        '<div class="scroll" tabindex="0"><table class="numbers">'
        f"<caption><span>{plain(caption)}</span></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(value: float | str) -> str:
    return plain(value) if isinstance(value, str) else number(value)


def matrices_of(step: UpdateTrace, phase: Phase) -> list[Named]:
    """Name the tensors of a phase as mathematics does, in the order in which they are computed."""
    last = len(step.network.layers)
    match phase:
        case Phase("forward", i):
            return _forward(step, i, last)
        case Phase("loss"):
            output = step.activity.output
            return [("y", step.targets), ("ŷ", output), ("error = y − ŷ", step.targets - output)]
        case Phase("backward", i):
            return [*_backward(step, i, last), *_gradients(step, i)]
        case _:
            return _update(step, phase.layer or last)


def _forward(step: UpdateTrace, i: int, last: int) -> list[Named]:
    """A layer's inputs, its parameters, and its outputs."""
    activity, layer = step.activity, step.network.layers[i - 1]
    return [
        (outputs_symbol(i - 1, last), activity.inputs[i - 1]),
        (symbol("w", layer=i), layer.weights),
        (symbol("b", layer=i), layer.biases),
        (symbol("z", layer=i), activity.sums[i - 1]),
        (outputs_symbol(i, last), activity.outputs[i - 1]),
    ]


def _backward(step: UpdateTrace, i: int, last: int) -> list[Named]:
    """What a layer's δ is computed from: the error that comes back, and the slopes."""
    layers, gradients = step.network.layers, step.gradients
    if layers[i - 1].activation.back is not None:
        return _backward_softmax(step)
    slopes = (f"f′({symbol('z', layer=i)})", gradients.slopes[i - 1])
    if i == last:
        return [("∂loss/∂ŷ", _slopes_of_loss(step)), slopes]
    turned = (f"{symbol('w', layer=i + 1)} transposed", layers[i].weights.T)
    return [(symbol("δ", layer=i + 1), gradients.deltas[i]), turned, slopes]


def _slopes_of_loss(step: UpdateTrace) -> Float[Tensor, "batch n_output"]:
    """Compute ∂loss/∂ŷ of each example's own loss."""
    output, targets = step.activity.output, step.targets
    return LOSSES[step.run.config.loss].slope(output, targets, torch.empty_like(output))


def _update(step: UpdateTrace, i: int) -> list[Named]:
    """A layer's parameters before the update, what is added to them, and what they are then."""
    before, after = step.network.layers[i - 1], step.after.layers[i - 1]
    w, b = symbol("w", layer=i), symbol("b", layer=i)
    return [
        (w, before.weights),
        (f"Δ{w}", after.weights - before.weights),
        (f"new {w}", after.weights),
        (b, before.biases),
        (f"Δ{b}", after.biases - before.biases),
        (f"new {b}", after.biases),
    ]


def _gradients(step: UpdateTrace, i: int) -> list[Named]:
    """A layer's δ and gradients, and what its biases follow instead under the notebook's rule."""
    gradients, b = step.gradients, symbol("b", layer=i)
    matrices = [
        (symbol("δ", layer=i), gradients.deltas[i - 1]),
        (f"gradient of {symbol('w', layer=i)}", gradients.weights[i - 1]),
        (f"gradient of {b}", step.bias_gradients[i - 1]),
    ]
    if step.run.config.bias_rule == "notebook" and step.network.sizes[i] > 1:
        matrices.append((f"sum over the layer, for {b}", gradients.biases[i - 1]))
    return matrices


def _backward_softmax(step: UpdateTrace) -> list[Named]:
    """What the δ of a softmax output is computed from; it has no f′(z) to multiply by."""
    output, slope = step.activity.output, _slopes_of_loss(step)
    total = (output * slope).sum(dim=1, keepdim=True)
    return [("∂loss/∂ŷ", slope), ("ŷ", output), ("Σ ŷ · ∂loss/∂ŷ", total)]


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
        ["", *map(str, range(1, len(shown[0]) + 1))],
        [
            (str(at), [format_number(value, digits) for value in row])
            for at, row in enumerate(shown, start=1)
        ],
    )
