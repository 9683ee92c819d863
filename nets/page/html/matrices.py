"""Matrices: what a phase computes, as equations between tensors."""

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.losses import LOSSES
from nets.engine.names import outputs_symbol, symbol
from nets.explain.arithmetic import format_number
from nets.explain.phases import Phase, UpdateTrace
from nets.figures.colours import plain
from nets.page.html.tables import table

MOST_ROWS, MOST_COLUMNS = 8, 8  # of a matrix
Named = tuple[str, Float[Tensor, "_ _"]]
Equation = list[Named | str]  # matrices with their names, and the signs between them


def equations_of(step: UpdateTrace, phase: Phase) -> list[Equation]:
    """Write the equations of a phase in the order in which they are computed."""
    last = len(step.network.layers)
    match phase:
        case Phase("forward", i):
            return _forward(step, i, last)
        case Phase("loss"):
            y, output = step.targets, step.activity.output
            return [[("y", y), "−", ("ŷ", output), "=", ("error = y − ŷ", y - output)]]
        case Phase("backward", i):
            return [_backward(step, i, last), *_gradients(step, i, last)]
        case _:
            return _update(step, phase.layer or last)


def _forward(step: UpdateTrace, i: int, last: int) -> list[Equation]:
    """x · w + b = z, and f(z) = a."""
    activity, layer = step.activity, step.network.layers[i - 1]
    x = (outputs_symbol(i - 1, last), activity.inputs[i - 1])
    w, b = (symbol("w", layer=i), layer.weights), (symbol("b", layer=i), layer.biases)
    z = (symbol("z", layer=i), activity.sums[i - 1])
    a = (outputs_symbol(i, last), activity.outputs[i - 1])
    return [[x, "·", w, "+", b, "=", z], [f"f({z[0]}) =", a]]


def _backward(step: UpdateTrace, i: int, last: int) -> Equation:
    """Compute a layer's δ: the error that comes back, times the slopes."""
    layers, gradients = step.network.layers, step.gradients
    delta = (symbol("δ", layer=i), gradients.deltas[i - 1])
    if layers[i - 1].activation.back is not None:
        return [*_back_through_softmax(step), *_shared(step), "=", delta]
    slopes = (f"f′({symbol('z', layer=i)})", gradients.slopes[i - 1])
    if i == last:
        return [("∂loss/∂ŷ", _slopes_of_loss(step)), "⊙", slopes, *_shared(step), "=", delta]
    turned = (f"{symbol('w', layer=i + 1)} transposed", layers[i].weights.T)
    error = (symbol("δ", layer=i + 1), gradients.deltas[i])
    return [error, "·", turned, "⊙", slopes, "=", delta]


def _shared(step: UpdateTrace) -> list[str]:
    """Divide by the number of examples where the loss is their mean."""
    count = len(step.targets)
    return [f"÷ {count}"] if step.run.config.reduction == "mean" and count > 1 else []


def _slopes_of_loss(step: UpdateTrace) -> Float[Tensor, "batch n_output"]:
    """Compute ∂loss/∂ŷ of each example's own loss."""
    output, targets = step.activity.output, step.targets
    return LOSSES[step.run.config.loss].slope(output, targets, torch.empty_like(output))


def _back_through_softmax(step: UpdateTrace) -> Equation:
    """Write what the δ of a softmax output is computed from; it has no f′(z) to multiply by."""
    output, slope = step.activity.output, _slopes_of_loss(step)
    total = (output * slope).sum(dim=1, keepdim=True)
    return ["(", ("∂loss/∂ŷ", slope), "−", ("Σ ŷ · ∂loss/∂ŷ", total), ") ⊙", ("ŷ", output)]


def _gradients(step: UpdateTrace, i: int, last: int) -> list[Equation]:
    """A layer's gradients, and what its biases follow instead under the notebook's rule."""
    gradients, b = step.gradients, symbol("b", layer=i)
    delta = (symbol("δ", layer=i), gradients.deltas[i - 1])
    x = (f"{outputs_symbol(i - 1, last)} transposed", step.activity.inputs[i - 1].T)
    w = (f"gradient of {symbol('w', layer=i)}", gradients.weights[i - 1])
    equations: list[Equation] = [
        [x, "·", delta, "=", w],
        [f"sums of the columns of {delta[0]} =", (f"gradient of {b}", step.bias_gradients[i - 1])],
    ]
    if step.run.config.bias_rule == "notebook" and step.network.sizes[i] > 1:
        shared = (f"sum over the layer, for {b}", gradients.biases[i - 1])
        equations.append([f"sum of all of {delta[0]} =", shared])
    return equations


def _update(step: UpdateTrace, i: int) -> list[Equation]:
    """A layer's parameters before the update, what is added to them, and what they are then."""
    before, after = step.network.layers[i - 1], step.after.layers[i - 1]
    pairs = ("w", before.weights, after.weights), ("b", before.biases, after.biases)
    return [
        [(name, old), "+", (f"Δ{name}", new - old), "=", (f"new {name}", new)]
        for letter, old, new in pairs
        for name in [symbol(letter, layer=i)]
    ]


def equations_as_html(equations: list[Equation], digits: int) -> str:
    """Write equations; each matrix has its name, its shape, and says what is left out of it."""
    rows = ("".join(_part(part, digits) for part in equation) for equation in equations)
    return "".join(f'<div class="side-by-side equation">{row}</div>' for row in rows)


def _part(part: Named | str, digits: int) -> str:
    if isinstance(part, str):
        return f'<span class="operator">{plain(part)}</span>'
    return f'<div class="matrix">{_matrix(*part, digits)}</div>'


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
