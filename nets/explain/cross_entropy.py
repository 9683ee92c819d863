"""Cross entropies: losses that are logarithms of probabilities, line by line."""

import itertools
import math

import torch

from nets.engine.losses import LOWEST_DIVISOR, LOWEST_LOG
from nets.explain import cross_entropy
from nets.explain.arithmetic import Factor, Function, Line, Term
from nets.explain.distance_losses import LossLines, error, mean_of_outputs
from nets.explain.quantities import Quantities


def of_two(factors: Quantities) -> LossLines:
    """The mean of −y log(output) − (1 − y) log(1 − output) over the outputs."""
    pairs = [
        (_log(output.value), _log1p(-output.value), output.symbol) for output in _outputs(factors)
    ]
    return [], _yes_and_no(factors, pairs), mean_of_outputs(factors)


def of_two_slope(factors: Quantities, neuron: int) -> LossLines:
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


def logistic(factors: Quantities) -> LossLines:
    """The same of sigmoid(output)."""
    pairs = [
        (-_softplus(-output.value), -_softplus(output.value), f"sigmoid({output.symbol})")
        for output in _outputs(factors)
    ]
    lines = [_sigmoid(output) for output in _outputs(factors)]
    return lines, _yes_and_no(factors, pairs), mean_of_outputs(factors)


def logistic_slope(factors: Quantities, neuron: int) -> LossLines:
    """(sigmoid(output) − y) / n_output."""
    line = _sigmoid(factors.activation(factors.last, neuron))
    terms = Term((line.as_factor,)), Term((factors.target(neuron),), negative=True)
    return [line], terms, mean_of_outputs(factors)


def of_classes(factors: Quantities) -> LossLines:
    """−Σ y log(softmax(output)); the classes that y leaves out count for nothing."""
    outputs = _outputs(factors)
    wanted = [k for k in range(len(outputs)) if factors.target(k).value]
    lines = [line for k in wanted for line in _softmax(factors, k)]
    terms = [
        Term((factors.target(k), Factor(f"log({_share(outputs[k])})", value)), negative=True)
        for k, value in ((k, _log_softmax(outputs, k)) for k in wanted)
    ]
    return lines, tuple(terms), None


def of_classes_slope(factors: Quantities, neuron: int) -> LossLines:
    """softmax(output) − y."""
    lines = _softmax(factors, neuron)
    terms = Term((lines[-1].as_factor,)), Term((factors.target(neuron),), negative=True)
    return lines, terms, None


def _outputs(factors: Quantities) -> list[Factor]:
    return [factors.activation(factors.last, k) for k in range(factors.step.targets.shape[1])]


def _yes_and_no(factors: Quantities, pairs: list[tuple[float, float, str]]) -> tuple[Term, ...]:
    """−y · log p − (1 − y) · log(1 − p) of every output."""
    terms: list[Term] = []
    for k, (yes, no, symbol) in enumerate(pairs):
        y = factors.target(k)
        rest = Factor(f"(1 − {y.symbol})", 1 - y.value, y.part)
        terms.append(Term((y, Factor(f"log({symbol})", yes, y.part)), negative=True))
        terms.append(Term((rest, Factor(f"log(1 − {symbol})", no, y.part)), negative=True))
    return tuple(terms)


def _sigmoid(output: Factor) -> Line:
    function = Function("1 / (1 + exp(−{x}))", lambda x: 1 / (1 + cross_entropy.safe_exp(-x)))
    name = f"sigmoid({output.symbol})"
    return Line(name, function.of(output.value), (Term((output,)),), function)


def _softmax(factors: Quantities, neuron: int) -> list[Line]:
    outputs = _outputs(factors)
    value = math.exp(_log_softmax(outputs, neuron))
    return cross_entropy.softmax_lines(Factor(_share(outputs[neuron]), value), outputs, neuron)


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


def softmax_output_lines(factors: Quantities, layer: int, neuron: int) -> list[Line]:
    """A softmax output: a = exp(z) / Σ exp(z)."""
    sums = [factors.sum(layer, k) for k in range(factors.step.network.sizes[layer])]
    return softmax_lines(factors.activation(layer, neuron), sums, neuron)


def softmax_lines(result: Factor, numbers: list[Factor], place: int) -> list[Line]:
    """The share of one of several numbers, as 1 / Σ exp(the other - this): nothing overflows."""
    own = numbers[place]
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
    terms = (one, *(Term((line.as_factor,)) for line in powers))
    return [*powers, Line(result.symbol, result.value, terms, Function("1 / ({x})", _inverse))]


def softmax_deltas(
    factors: Quantities, layer: int, neuron: int, slopes: list[list[Line]]
) -> list[Line]:
    """δ = a (∂loss/∂a - Σ a ∂loss/∂a), from what leads to ∂loss/∂a of all neurons of the layer."""
    a, delta = factors.activation(layer, neuron), factors.delta(layer, neuron)
    of_all = [lines[-1].as_factor for lines in slopes]
    pairs = [(factors.activation(layer, k), slope) for k, slope in enumerate(of_all)]
    total = math.fsum(output.value * slope.value for output, slope in pairs)
    mean = Line("Σ output · ∂loss/∂output", total, tuple(Term(pair) for pair in pairs))
    whole = of_examples(factors)
    terms = Term((*whole, *pairs[neuron])), Term((*whole, a, mean.as_factor), negative=True)
    return [*itertools.chain(*slopes), mean, Line(delta.symbol, delta.value, terms)]


def of_examples(factors: Quantities) -> list[Factor]:
    """What an example counts where the loss is a mean over them: 1 / their number."""
    if factors.step.run.config.reduction != "mean":
        return []
    return [Factor(f"1/{factors.count}", 1 / factors.count)]


def safe_exp(x: float) -> float:
    """The exponential function, infinite beyond the largest float."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _inverse(x: float) -> float:
    return 1 / x
