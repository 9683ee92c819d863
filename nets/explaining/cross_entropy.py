"""Cross entropies: losses that are logarithms of probabilities, line by line."""

import math

import torch

from nets.explaining import shares
from nets.explaining.arithmetic import Factor, Function, Line, Term
from nets.explaining.errors import Way, error, mean_of_outputs
from nets.explaining.factors import Factors
from nets.losses import LOWEST_DIVISOR, LOWEST_LOG


def of_two(factors: Factors) -> Way:
    """The mean of −y log(output) − (1 − y) log(1 − output) over the outputs."""
    pairs = [
        (_log(output.value), _log1p(-output.value), output.symbol) for output in _outputs(factors)
    ]
    return [], _yes_and_no(factors, pairs), mean_of_outputs(factors)


def of_two_slope(factors: Factors, neuron: int) -> Way:
    """(output − y) / (output (1 − output)) / n_output; the divisor is a yes-or-no's variance."""
    output, missed = factors.activation(factors.last, neuron), error(factors, neuron)
    inverse = Line(
        f"1/variance[{neuron}]",
        _inverse_variance(output.value),
        (Term((output,)),),
        Function("1 / ({x} · (1 − {x}))", _inverse_variance),
    )
    terms = (Term((missed.as_factor, inverse.as_factor), negative=True),)
    return [missed, inverse], terms, mean_of_outputs(factors)


def logistic(factors: Factors) -> Way:
    """The same of sigmoid(output)."""
    pairs = [
        (-_softplus(-output.value), -_softplus(output.value), f"sigmoid({output.symbol})")
        for output in _outputs(factors)
    ]
    lines = [_sigmoid(output) for output in _outputs(factors)]
    return lines, _yes_and_no(factors, pairs), mean_of_outputs(factors)


def logistic_slope(factors: Factors, neuron: int) -> Way:
    """(sigmoid(output) − y) / n_output."""
    line = _sigmoid(factors.activation(factors.last, neuron))
    terms = Term((line.as_factor,)), Term((factors.target(neuron),), negative=True)
    return [line], terms, mean_of_outputs(factors)


def of_classes(factors: Factors) -> Way:
    """−Σ y log(softmax(output)); the classes that y leaves out count for nothing."""
    outputs = _outputs(factors)
    wanted = [k for k in range(len(outputs)) if factors.target(k).value]
    lines = [line for k in wanted for line in _softmax(factors, k)]
    terms = [
        Term((factors.target(k), Factor(f"log({_share(outputs[k])})", value)), negative=True)
        for k, value in ((k, _log_softmax(outputs, k)) for k in wanted)
    ]
    return lines, tuple(terms), None


def of_classes_slope(factors: Factors, neuron: int) -> Way:
    """softmax(output) − y."""
    lines = _softmax(factors, neuron)
    terms = Term((lines[-1].as_factor,)), Term((factors.target(neuron),), negative=True)
    return lines, terms, None


def _outputs(factors: Factors) -> list[Factor]:
    return [factors.activation(factors.last, k) for k in range(factors.step.targets.shape[1])]


def _yes_and_no(factors: Factors, pairs: list[tuple[float, float, str]]) -> tuple[Term, ...]:
    """−y · log p − (1 − y) · log(1 − p) of every output."""
    terms: list[Term] = []
    for k, (yes, no, symbol) in enumerate(pairs):
        y = factors.target(k)
        rest = Factor(f"(1 − {y.symbol})", 1 - y.value, y.part)
        terms.append(Term((y, Factor(f"log({symbol})", yes, y.part)), negative=True))
        terms.append(Term((rest, Factor(f"log(1 − {symbol})", no, y.part)), negative=True))
    return tuple(terms)


def _sigmoid(output: Factor) -> Line:
    function = Function("1 / (1 + exp(−{x}))", lambda x: 1 / (1 + shares.exp(-x)))
    name = f"sigmoid({output.symbol})"
    return Line(name, function.of(output.value), (Term((output,)),), function)


def _softmax(factors: Factors, neuron: int) -> list[Line]:
    outputs = _outputs(factors)
    value = math.exp(_log_softmax(outputs, neuron))
    return shares.softmax(Factor(_share(outputs[neuron]), value), outputs, neuron)


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
