"""Shares: how each number of a softmax output is computed, line by line."""

import itertools
import math

from nets.explaining.arithmetic import Factor, Function, Line, Term
from nets.explaining.factors import Factors


def share(factors: Factors, layer: int, neuron: int) -> list[Line]:
    """A softmax output: a = exp(z) / Σ exp(z)."""
    sums = [factors.sum(layer, k) for k in range(factors.step.network.sizes[layer])]
    return softmax(factors.activation(layer, neuron), sums, neuron)


def softmax(result: Factor, numbers: list[Factor], place: int) -> list[Line]:
    """The share of one of several numbers, as 1 / Σ exp(the other - this): nothing overflows."""
    own = numbers[place]
    powers = [
        Line(
            f"exp({other.symbol} − {own.symbol})",
            exp(other.value - own.value),
            (Term((other,)), Term((own,), negative=True)),
            Function("exp({x})", exp),
        )
        for other in numbers
        if other.symbol != own.symbol
    ]
    one = Term((Factor("1", 1.0, exact=True),))
    terms = (one, *(Term((line.as_factor,)) for line in powers))
    return [*powers, Line(result.symbol, result.value, terms, Function("1 / ({x})", _inverse))]


def deltas(factors: Factors, layer: int, neuron: int, slopes: list[list[Line]]) -> list[Line]:
    """δ = a (∂loss/∂a - Σ a ∂loss/∂a), from what leads to ∂loss/∂a of all neurons of the layer."""
    a, delta = factors.activation(layer, neuron), factors.delta(layer, neuron)
    of_all = [lines[-1].as_factor for lines in slopes]
    pairs = [(factors.activation(layer, k), slope) for k, slope in enumerate(of_all)]
    total = math.fsum(output.value * slope.value for output, slope in pairs)
    mean = Line("Σ output · ∂loss/∂output", total, tuple(Term(pair) for pair in pairs))
    whole = of_examples(factors)
    terms = Term((*whole, *pairs[neuron])), Term((*whole, a, mean.as_factor), negative=True)
    return [*itertools.chain(*slopes), mean, Line(delta.symbol, delta.value, terms)]


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


def _inverse(x: float) -> float:
    return 1 / x
