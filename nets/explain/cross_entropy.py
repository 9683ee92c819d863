"""Cross entropies: losses that are logarithms of probabilities, and softmax, line by line."""

import itertools
import math

import torch

from nets.engine.losses import LOWEST_DIVISOR, LOWEST_LOG
from nets.explain.arithmetic import Factor, Function, Line, Term
from nets.explain.quantities import LossLines, Quantities


def of_two(quantities: Quantities) -> LossLines:
    """The mean of −y log(output) − (1 − y) log(1 − output) over the outputs."""
    outputs = _outputs(quantities)
    pairs = [(_log(each.value), _log1p(-each.value), each.symbol) for each in outputs]
    return [], _log_terms(quantities, pairs), quantities.average_outputs()


def of_two_slope(quantities: Quantities, neuron: int) -> LossLines:
    """(output − y) / (output (1 − output)) / n_output; output (1 − output) is a variance."""
    output, error = quantities.activation(quantities.last, neuron), quantities.error_line(neuron)
    inverse = Line(
        f"1/variance[{neuron}]",
        _inverse_variance(output.value),
        (Term((output,)),),
        Function("1 / ({x} · (1 − {x}))", _inverse_variance),
    )
    terms = (Term((error.to_factor(), inverse.to_factor()), negative=True),)
    return [error, inverse], terms, quantities.average_outputs()


def logistic(quantities: Quantities) -> LossLines:
    """The same loss with sigmoid(output) as the probability."""
    pairs = [
        (-_softplus(-output.value), -_softplus(output.value), f"sigmoid({output.symbol})")
        for output in _outputs(quantities)
    ]
    lines = [_sigmoid(output) for output in _outputs(quantities)]
    return lines, _log_terms(quantities, pairs), quantities.average_outputs()


def logistic_slope(quantities: Quantities, neuron: int) -> LossLines:
    """(sigmoid(output) − y) / n_output."""
    line = _sigmoid(quantities.activation(quantities.last, neuron))
    terms = Term((line.to_factor(),)), Term((quantities.target(neuron),), negative=True)
    return [line], terms, quantities.average_outputs()


def of_classes(quantities: Quantities) -> LossLines:
    """−Σ y log(softmax(output)); only classes with y > 0 contribute."""
    outputs = _outputs(quantities)
    present = [k for k in range(len(outputs)) if quantities.target(k).value]
    lines = [line for k in present for line in _softmax(quantities, k)]
    terms = [
        Term((quantities.target(k), Factor(f"log({_share(outputs[k])})", value)), negative=True)
        for k, value in ((k, _log_softmax(outputs, k)) for k in present)
    ]
    return lines, tuple(terms), None


def of_classes_slope(quantities: Quantities, neuron: int) -> LossLines:
    """softmax(output) − y."""
    lines = _softmax(quantities, neuron)
    terms = Term((lines[-1].to_factor(),)), Term((quantities.target(neuron),), negative=True)
    return lines, terms, None


def _outputs(quantities: Quantities) -> list[Factor]:
    count = quantities.trace.targets.shape[1]
    return [quantities.activation(quantities.last, k) for k in range(count)]


def _log_terms(quantities: Quantities, pairs: list[tuple[float, float, str]]) -> tuple[Term, ...]:
    """Write −y · log p − (1 − y) · log(1 − p) for every output."""
    terms: list[Term] = []
    for k, (yes, no, symbol) in enumerate(pairs):
        y = quantities.target(k)
        rest = Factor(f"(1 − {y.symbol})", 1 - y.value, y.part)
        terms.append(Term((y, Factor(f"log({symbol})", yes, y.part)), negative=True))
        terms.append(Term((rest, Factor(f"log(1 − {symbol})", no, y.part)), negative=True))
    return tuple(terms)


def _sigmoid(output: Factor) -> Line:
    function = Function("1 / (1 + exp(−{x}))", lambda x: 1 / (1 + safe_exp(-x)))
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


def _inverse_variance(x: float) -> float:
    return 1 / max(x * (1 - x), LOWEST_DIVISOR)


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
            safe_exp(other.value - own.value),
            (Term((other,)), Term((own,), negative=True)),
            Function("exp({x})", safe_exp),
        )
        for other in numbers
        if other.symbol != own.symbol
    ]
    one = Term((Factor("1", 1.0, exact=True),))
    terms = (one, *(Term((line.to_factor(),)) for line in powers))
    return [*powers, Line(result.symbol, result.value, terms, Function("1 / ({x})", _inverse))]


def softmax_deltas(
    quantities: Quantities, layer: int, neuron: int, slopes: list[list[Line]]
) -> list[Line]:
    """δ = a (∂loss/∂a − Σ a ∂loss/∂a), after the lines for ∂loss/∂a of all neurons of the layer."""
    a, delta = quantities.activation(layer, neuron), quantities.delta(layer, neuron)
    of_all = [lines[-1].to_factor() for lines in slopes]
    pairs = [(quantities.activation(layer, k), slope) for k, slope in enumerate(of_all)]
    total = math.fsum(output.value * slope.value for output, slope in pairs)
    mean = Line("Σ output · ∂loss/∂output", total, tuple(Term(pair) for pair in pairs))
    whole = mean_factor(quantities)
    terms = Term((*whole, *pairs[neuron])), Term((*whole, a, mean.to_factor()), negative=True)
    return [*itertools.chain(*slopes), mean, Line(delta.symbol, delta.value, terms)]


def mean_factor(quantities: Quantities) -> list[Factor]:
    """The factor 1 / number of examples, where the update uses the mean loss."""
    if quantities.trace.run.config.reduction != "mean":
        return []
    return [Factor(f"1/{quantities.count}", 1 / quantities.count)]


def safe_exp(x: float) -> float:
    """Compute exp(x), or infinity where it is too large for a float."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _inverse(x: float) -> float:
    return 1 / x
