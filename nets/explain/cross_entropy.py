"""Cross entropies: losses that are logarithms of probabilities, and softmax, line by line."""

import itertools
import math

import torch

from nets.engine.losses import LOWEST_DIVISOR, LOWEST_LOG
from nets.engine.names import symbol
from nets.explain.arithmetic import Factor, Function, Line, Term, format_exact
from nets.explain.quantities import LossLines, Quantities

EXP = Function("exp({x})")


def of_two(quantities: Quantities) -> LossLines:
    """The mean of −y log(ŷ) − (1 − y) log(1 − ŷ) over the outputs."""
    outputs = _outputs(quantities)
    pairs = [(_log(each.value), _log1p(-each.value), each.symbol) for each in outputs]
    return [], _log_terms(quantities, pairs), quantities.average_outputs()


def of_two_slope(quantities: Quantities, neuron: int) -> LossLines:
    """(ŷ − y) / (ŷ (1 − ŷ)) / n_output; ŷ (1 − ŷ) is a variance."""
    output, error = quantities.activation(quantities.last, neuron), quantities.error_line(neuron)
    variance, formula = output.value * (1 - output.value), "{x} · (1 − {x})"
    if variance < LOWEST_DIVISOR:
        formula = f"max({formula}, {format_exact(LOWEST_DIVISOR)})"
    function = Function(f"1 / ({formula})")
    name = symbol("1/variance", neuron)
    inverse = Line(name, 1 / max(variance, LOWEST_DIVISOR), (Term((output,)),), function)
    terms = (Term((error.to_factor(), inverse.to_factor()), negative=True),)
    return [error, inverse], terms, quantities.average_outputs()


def logistic(quantities: Quantities) -> LossLines:
    """The same loss with sigmoid(ŷ) as the probability."""
    pairs = [
        (-_softplus(-output.value), -_softplus(output.value), f"sigmoid({output.symbol})")
        for output in _outputs(quantities)
    ]
    lines = [_sigmoid(output) for output in _outputs(quantities)]
    return lines, _log_terms(quantities, pairs), quantities.average_outputs()


def logistic_slope(quantities: Quantities, neuron: int) -> LossLines:
    """(sigmoid(ŷ) − y) / n_output."""
    line = _sigmoid(quantities.activation(quantities.last, neuron))
    terms = Term((line.to_factor(),)), Term((quantities.target(neuron),), negative=True)
    return [line], terms, quantities.average_outputs()


def of_classes(quantities: Quantities) -> LossLines:
    """−Σ y log(softmax(ŷ)); only classes with y > 0 contribute."""
    outputs = _outputs(quantities)
    present = [k for k in range(len(outputs)) if quantities.target(k).value]
    lines = [line for k in present for line in _softmax(quantities, k)]
    terms = [
        Term((quantities.target(k), Factor(f"log({_share(outputs[k])})", value)), negative=True)
        for k, value in ((k, _log_softmax(outputs, k)) for k in present)
    ]
    return lines, tuple(terms), None


def of_classes_slope(quantities: Quantities, neuron: int) -> LossLines:
    """softmax(ŷ) − y."""
    lines = _softmax(quantities, neuron)
    terms = Term((lines[-1].to_factor(),)), Term((quantities.target(neuron),), negative=True)
    return lines, terms, None


def _outputs(quantities: Quantities) -> list[Factor]:
    count = quantities.trace.targets.shape[1]
    return [quantities.activation(quantities.last, k) for k in range(count)]


def _log_terms(quantities: Quantities, pairs: list[tuple[float, float, str]]) -> tuple[Term, ...]:
    """Write −y · log p − (1 − y) · log(1 − p) for every output."""
    terms: list[Term] = []
    for k, (yes, no, p) in enumerate(pairs):
        y = quantities.target(k)
        rest = Factor(f"(1 − {y.symbol})", 1 - y.value, y.part)
        terms.append(Term((y, Factor(f"log({p})", yes, y.part)), negative=True))
        terms.append(Term((rest, Factor(f"log(1 − {p})", no, y.part)), negative=True))
    return tuple(terms)


def _sigmoid(output: Factor) -> Line:
    function = Function("1 / (1 + exp(−{x}))")
    name = f"sigmoid({output.symbol})"
    return Line(name, function.of(output.value), (Term((output,)),), function)


def _softmax(quantities: Quantities, neuron: int) -> list[Line]:
    outputs = _outputs(quantities)
    value = math.exp(_log_softmax(outputs, neuron))
    return softmax_lines(Factor(_share(outputs[neuron]), value), outputs, neuron)


def _share(output: Factor) -> str:
    return f"softmax({output.symbol})"


def _log_softmax(outputs: list[Factor], neuron: int) -> float:
    values = torch.tensor([output.value for output in outputs], dtype=torch.float64)
    return values.log_softmax(dim=0)[neuron].item()


def _log(x: float) -> float:
    return max(math.log(x), LOWEST_LOG) if x > 0 else LOWEST_LOG


def _log1p(x: float) -> float:
    return max(math.log1p(x), LOWEST_LOG) if x > -1 else LOWEST_LOG


def _softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def softmax_output_lines(quantities: Quantities, layer: int, neuron: int) -> list[Line]:
    """A softmax output: a = exp(z) / Σ exp(z)."""
    sums = [quantities.sum(layer, k) for k in range(quantities.trace.network.sizes[layer])]
    return softmax_lines(quantities.activation(layer, neuron), sums, neuron)


def softmax_lines(result: Factor, numbers: list[Factor], index: int) -> list[Line]:
    """Softmax of one of several numbers, as 1 / Σ exp(other − this), so that nothing overflows."""
    own = numbers[index]
    powers = [
        Line(
            f"exp({other.symbol} − {own.symbol})",
            EXP.of(other.value - own.value),
            (Term((other,)), Term((own,), negative=True)),
            EXP,
        )
        for other in numbers
        if other.symbol != own.symbol
    ]
    one = Term((Factor("1", 1.0, exact=True),))
    terms = (one, *(Term((line.to_factor(),)) for line in powers))
    return [*powers, Line(result.symbol, result.value, terms, Function("1 / ({x})"))]


def softmax_deltas(
    quantities: Quantities, layer: int, neuron: int, slopes: list[list[Line]]
) -> list[Line]:
    """δ = a (∂loss/∂a − Σ a ∂loss/∂a), after the lines for ∂loss/∂a of all neurons of the layer."""
    a, delta = quantities.activation(layer, neuron), quantities.delta(layer, neuron)
    of_all = [lines[-1].to_factor() for lines in slopes]
    pairs = [(quantities.activation(layer, k), slope) for k, slope in enumerate(of_all)]
    total = math.fsum(output.value * slope.value for output, slope in pairs)
    mean = Line("Σ ŷ · ∂loss/∂ŷ", total, tuple(Term(pair) for pair in pairs))
    whole = mean_factor(quantities)
    terms = Term((*whole, *pairs[neuron])), Term((*whole, a, mean.to_factor()), negative=True)
    return [*itertools.chain(*slopes), mean, Line(delta.symbol, delta.value, terms)]


def mean_factor(quantities: Quantities) -> list[Factor]:
    """The factor 1 / number of examples, where the update uses the mean loss."""
    if quantities.trace.run.config.reduction != "mean":
        return []
    return [Factor(f"1/{quantities.count}", 1 / quantities.count)]
