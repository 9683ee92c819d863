"""Shares: how each number of a softmax output is computed, line by line."""

import math

from nets.explaining.arithmetic import Factor, Function, Line, Term
from nets.explaining.factors import Factors


def share(factors: Factors, layer: int, neuron: int) -> list[Line]:
    """a = exp(z) / Σ exp(z), as 1 / Σ exp(the other z - this one): nothing then overflows."""
    z, a = factors.sum(layer, neuron), factors.activation(layer, neuron)
    others = [factors.sum(layer, k) for k in range(factors.step.network.sizes[layer])]
    powers = [
        Line(
            f"exp({other.symbol} − {z.symbol})",
            exp(other.value - z.value),
            (Term((other,)), Term((z,), negative=True)),
            Function("exp({x})", exp),
        )
        for other in others
        if other.symbol != z.symbol
    ]
    terms = (Term((Factor("1", 1.0, exact=True),)), *(Term((_result(line),)) for line in powers))
    return [*powers, Line(a.symbol, a.value, terms, Function("1 / ({x})", lambda x: 1 / x))]


def deltas(factors: Factors, layer: int, neuron: int, slopes: list[Line]) -> list[Line]:
    """δ = a (∂loss/∂a - Σ a ∂loss/∂a), from ∂loss/∂a of all neurons of the layer."""
    a, delta = factors.activation(layer, neuron), factors.delta(layer, neuron)
    pairs = [(factors.activation(layer, k), _result(line)) for k, line in enumerate(slopes)]
    total = math.fsum(output.value * slope.value for output, slope in pairs)
    mean = Line("Σ output · ∂loss/∂output", total, tuple(Term(pair) for pair in pairs))
    whole = of_examples(factors)
    terms = Term((*whole, *pairs[neuron])), Term((*whole, a, _result(mean)), negative=True)
    return [*slopes, mean, Line(delta.symbol, delta.value, terms)]


def of_examples(factors: Factors) -> list[Factor]:
    """What an example counts where the loss is a mean over them: 1 / their number."""
    if factors.step.run.config.reduction != "mean":
        return []
    return [Factor(f"1/{factors.count}", 1 / factors.count)]


def exp(x: float) -> float:
    """The exponential function, infinite beyond the largest float."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _result(line: Line) -> Factor:
    return Factor(line.name, line.value)
