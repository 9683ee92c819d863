"""Equations: what a phase computes, as equations between matrices."""

import decimal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.losses import LOSSES
from nets.engine.names import outputs_symbol, symbol
from nets.explain.arithmetic import EXACT, Factor, Function, Line, Term, format_exact, to_decimal
from nets.explain.phases import Phase, UpdateTrace

MOST = 8  # rows and columns of a matrix that are shown
Terms = Callable[[int, int], tuple[Term, ...]]  # of the number in a row and a column


@dataclass(frozen=True)
class Matrix:
    """A tensor with its name, (rows, columns). Within a phase, no two matrices share a name."""

    name: str
    values: Float[Tensor, "rows columns"]

    @cached_property
    def shown(self) -> list[list[float]]:
        """The first rows and columns."""
        rows: list[list[float]] = self.values[:MOST, :MOST].tolist()  # pyright: ignore
        return rows

    def factor(self, row: int, column: int) -> Factor:
        """One number; a single row is used for every row, and a single column for every column."""
        row, column = min(row, len(self.shown) - 1), min(column, len(self.shown[0]) - 1)
        return Factor(f"{self.name}[{row}, {column}]", self.shown[row][column])

    def term(self, row: int, column: int) -> tuple[Term]:
        """One number as a sum of one term."""
        return (Term((self.factor(row, column),)),)


@dataclass(frozen=True)
class Equation:
    """Matrices and the signs between them; the last matrix is the result.

    Attributes:
        parts: in the order in which they are written.
        terms: of each number of the result. It is None where a number needs others that are cut
            off.
        function: of the sum of the terms, if there is one.
        line: how a number of the result is computed.
    """

    parts: tuple[Matrix | str, ...]
    terms: Terms | None
    function: Function | None = None
    line: type[Line] = Line

    def lines(self) -> Iterator[Line]:
        """Derive every number of the result that is shown."""
        if self.terms is None:
            return
        *_, result = (part for part in self.parts if isinstance(part, Matrix))
        for row, numbers in enumerate(result.shown):
            for column in range(len(numbers)):
                number, terms = result.factor(row, column), self.terms(row, column)
                yield self.line(number.symbol, number.value, terms, self.function)


class Softmax(Line):
    """exp(z) / Σ exp(z): the first term is z, the others are all z of its row."""

    def compute(self, texts: Sequence[Sequence[str]], context: decimal.Context = EXACT) -> Decimal:
        """Compute the number from every z as it is written."""
        own, *row = (to_decimal(text) for (text,) in texts)
        with decimal.localcontext(context):
            return 1 / sum(((z - own).exp() for z in row), Decimal(0))


def equations_of(step: UpdateTrace, phase: Phase) -> list[Equation]:
    """Write the equations of a phase in the order in which they are computed."""
    last = len(step.network.layers)
    match phase:
        case Phase("forward", i):
            return _forward(step, i, last)
        case Phase("loss"):
            y, output = Matrix("y", step.targets), Matrix("ŷ", step.activity.output)
            error = Matrix("error = y − ŷ", y.values - output.values)
            return [
                Equation(
                    (y, "−", output, "=", error), _add(y.term, _product(output, negative=True))
                )
            ]
        case Phase("backward", i):
            return [*_backward(step, i, last), *_gradients(step, i, last)]
        case _:
            return _update(step, phase.layer or last)


def _forward(step: UpdateTrace, i: int, last: int) -> list[Equation]:
    """x · w + b = z, and f(z) = a."""
    activity, layer, f = step.activity, step.network.layers[i - 1], step.network.activations[i - 1]
    x = Matrix(outputs_symbol(i - 1, last), activity.inputs[i - 1])
    w, b = Matrix(symbol("w", layer=i), layer.weights), Matrix(symbol("b", layer=i), layer.biases)
    z = Matrix(symbol("z", layer=i), activity.sums[i - 1])
    a = (f"f({z.name}) =", Matrix(outputs_symbol(i, last), activity.outputs[i - 1]))
    sums = Equation((x, "·", w, "+", b, "=", z), _add(_matmul(x, w), b.term))
    if not f.joint:
        return [sums, Equation(a, z.term, Function(f.formula))]
    count = z.values.shape[1]
    rows = _sum(count, lambda row, column, k: z.term(row, k))
    return [sums, Equation(a, _add(z.term, rows) if rows else None, line=Softmax)]


def _backward(step: UpdateTrace, i: int, last: int) -> list[Equation]:
    """Compute a layer's δ: the error that comes back, times the slopes."""
    layers, gradients = step.network.layers, step.gradients
    delta = Matrix(symbol("δ", layer=i), gradients.deltas[i - 1])
    if step.network.activations[i - 1].joint:
        return _back_through_softmax(step, delta)
    slopes = Matrix(f"f′({symbol('z', layer=i)})", gradients.slopes[i - 1])
    if i == last:
        error, (shared, function) = Matrix("∂loss/∂ŷ", _slopes_of_loss(step)), _shared(step)
        parts = (error, "⊙", slopes, *shared, "=", delta)
        return [Equation(parts, _product(error, slopes), function)]
    turned = Matrix(f"{symbol('w', layer=i + 1)} transposed", layers[i].weights.T)
    error = Matrix(symbol("δ", layer=i + 1), gradients.deltas[i])
    parts = (error, "·", turned, "⊙", slopes, "=", delta)
    return [Equation(parts, _matmul(error, turned, slopes))]


def _back_through_softmax(step: UpdateTrace, delta: Matrix) -> list[Equation]:
    """Compute the δ of a softmax output, which has no f′(z) to multiply by."""
    output, slope = Matrix("ŷ", step.activity.output), Matrix("∂loss/∂ŷ", _slopes_of_loss(step))
    products = (output.values * slope.values).sum(dim=1, keepdim=True)
    total = Matrix("Σ ŷ · ∂loss/∂ŷ", products)
    count, both, (shared, function) = output.values.shape[1], _product(output, slope), _shared(step)
    terms = _add(both, _product(output, total, negative=True))
    return [
        Equation(
            ("sums of the rows of", output, "⊙", slope, "=", total),
            _sum(count, lambda row, column, k: both(row, k)),
        ),
        Equation(("(", slope, "−", total, ") ⊙", output, *shared, "=", delta), terms, function),
    ]


def _shared(step: UpdateTrace) -> tuple[list[str], Function | None]:
    """Divide by the number of examples where the loss is their mean."""
    count = len(step.targets)
    if step.run.config.reduction != "mean" or count == 1:
        return [], None
    return [f"÷ {count}"], Function(f"({{x}}) / {count}")


def _slopes_of_loss(step: UpdateTrace) -> Float[Tensor, "batch n_output"]:
    """Compute ∂loss/∂ŷ of each example's own loss."""
    output, targets = step.activity.output, step.targets
    return LOSSES[step.run.config.loss].slope(output, targets, torch.empty_like(output))


def _gradients(step: UpdateTrace, i: int, last: int) -> list[Equation]:
    """A layer's gradients, and what its biases follow instead under the notebook's rule."""
    gradients, size, b = step.gradients, step.network.sizes[i], symbol("b", layer=i)
    delta = Matrix(symbol("δ", layer=i), gradients.deltas[i - 1])
    count = len(step.targets)
    sums = _sum(count, lambda row, column, n: delta.term(n, column))
    equations = [
        _weight_gradient(step, i, last, delta),
        Equation(
            (
                f"sums of the columns of {delta.name} =",
                Matrix(f"gradient of {b}", step.bias_gradients[i - 1]),
            ),
            sums,
        ),
    ]
    if step.run.config.bias_rule == "notebook" and size > 1:
        shared = Matrix(f"sum over the layer, for {b}", gradients.biases[i - 1])
        all_of = sums and _sum(size, lambda row, column, k: sums(row, k))
        equations.append(Equation((f"sum of all of {delta.name} =", shared), all_of))
    return equations


def _weight_gradient(step: UpdateTrace, i: int, last: int, delta: Matrix) -> Equation:
    """The gradient of a layer's weights, with what L2 and L1 add to it."""
    config, weights = step.run.config, step.network.layers[i - 1].weights
    turned = step.activity.inputs[i - 1].T
    x, w = Matrix(f"{outputs_symbol(i - 1, last)} transposed", turned), symbol("w", layer=i)
    parts, terms = [x, "·", delta], _matmul(x, delta)
    penalties = (config.l2, Matrix(w, weights)), (config.l1, Matrix(f"sign({w})", weights.sign()))
    for strength, of_weights in penalties:
        if strength:
            parts += [f"+ {format_exact(strength)} ·", of_weights]
            terms = _add(terms, _scaled(strength, of_weights))
    gradient = Matrix(f"gradient of {w}", step.gradients.weights[i - 1])
    return Equation((*parts, "=", gradient), terms)


def _update(step: UpdateTrace, i: int) -> list[Equation]:
    """A layer's parameters before the update, what is added to them, and what they are then."""
    before, after = step.network.layers[i - 1], step.after.layers[i - 1]
    pairs = ("w", before.weights, after.weights), ("b", before.biases, after.biases)
    equations: list[Equation] = []
    for letter, old_values, new_values in pairs:
        name = symbol(letter, layer=i)
        old, new = Matrix(name, old_values), Matrix(f"new {name}", new_values)
        change = Matrix(f"Δ{name}", new_values - old_values)
        equations.append(Equation((old, "+", change, "=", new), _add(old.term, change.term)))
    return equations


def _sum(count: int, term: Callable[[int, int, int], tuple[Term, ...]]) -> Terms | None:
    """Add up as many terms, or none where not all of them are shown."""
    if count > MOST:
        return None
    return lambda row, column: tuple(each for k in range(count) for each in term(row, column, k))


def _matmul(left: Matrix, right: Matrix, factor: Matrix | None = None) -> Terms | None:
    """left · right, times another matrix number by number if there is one."""

    def term(row: int, column: int, k: int) -> tuple[Term]:
        pair = left.factor(row, k), right.factor(k, column)
        return (Term((*pair, factor.factor(row, column)) if factor else pair),)

    return _sum(left.values.shape[1], term)


def _product(*matrices: Matrix, negative: bool = False) -> Terms:
    """Multiply matrices number by number."""
    return lambda row, column: (Term(tuple(m.factor(row, column) for m in matrices), negative),)


def _add(first: Terms | None, second: Terms | None) -> Terms | None:
    """Add two sums; none where one of them is not all shown."""
    if first is None or second is None:
        return None
    return lambda row, column: (*first(row, column), *second(row, column))


def _scaled(share: float, matrix: Matrix) -> Terms:
    """Multiply a matrix by a chosen number, which is written with all its digits."""
    factor = Factor("", share, exact=True)
    return lambda row, column: (Term((factor, matrix.factor(row, column))),)
