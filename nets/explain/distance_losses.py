"""Errors: losses that grow with the distance of each output from its target, line by line."""

from collections.abc import Callable

from nets.explain.arithmetic import Factor, Function, Line, Term
from nets.explain.quantities import Quantities

# Lines that come first, and then the sum of products, or the function of it, that is wanted.
LossLines = tuple[list[Line], tuple[Term, ...], Function | None]


def squared_error(factors: Quantities) -> LossLines:
    """½ Σ error²."""
    half = Factor("½", 0.5, exact=True)
    return [], tuple(Term((half, _squared(e))) for e in _errors(factors)), None


def squared_error_slope(factors: Quantities, neuron: int) -> LossLines:
    """output − y."""
    return [], _beyond(factors, neuron), None


def mean_squared_error(factors: Quantities) -> LossLines:
    """The mean of error² over the outputs."""
    return [], tuple(Term((_squared(e),)) for e in _errors(factors)), mean_of_outputs(factors)


def mean_squared_error_slope(factors: Quantities, neuron: int) -> LossLines:
    """2 (output − y) / n_output."""
    return [], _beyond(factors, neuron), mean_of_outputs(factors, "2 · ({x})", lambda x: 2 * x)


def absolute_error(factors: Quantities) -> LossLines:
    """The mean of |error| over the outputs."""
    sizes = [Factor(f"|{e.symbol}|", abs(e.value), e.part) for e in _errors(factors)]
    return [], tuple(Term((size,)) for size in sizes), mean_of_outputs(factors)


def absolute_error_slope(factors: Quantities, neuron: int) -> LossLines:
    """The sign of output − y, / n_output."""
    return [], _beyond(factors, neuron), mean_of_outputs(factors, "sign({x})", _sign)


def huber(factors: Quantities) -> LossLines:
    """The mean over the outputs of ½ error² up to 1, beyond it |error| − ½."""
    lines = [_of_huber(missed) for missed in _errors(factors)]
    return lines, tuple(Term((line.as_factor,)) for line in lines), mean_of_outputs(factors)


def _of_huber(missed: Factor) -> Line:
    near = abs(missed.value) <= 1
    formula = "½ · {x}²" if near else "|{x}| − ½"
    function = Function(formula, lambda x: x * x / 2 if near else abs(x) - 0.5)
    name = f"huber({missed.symbol})"
    return Line(name, function.of(missed.value), (Term((missed,)),), function)


def huber_slope(factors: Quantities, neuron: int) -> LossLines:
    """output − y, but not beyond −1 or 1, / n_output."""
    clamped = mean_of_outputs(factors, "max(−1, min(1, {x}))", lambda x: max(-1.0, min(1.0, x)))
    return [], _beyond(factors, neuron), clamped


def _errors(factors: Quantities) -> list[Factor]:
    return [factors.error(k) for k in range(factors.step.targets.shape[1])]


def error(factors: Quantities, neuron: int) -> Line:
    """error = y − output."""
    missed, output = factors.error(neuron), factors.activation(factors.last, neuron)
    terms = Term((factors.target(neuron),)), Term((output,), negative=True)
    return Line(missed.symbol, missed.value, terms)


def _squared(missed: Factor) -> Factor:
    return Factor(missed.symbol, missed.value, missed.part, power=2)


def _beyond(factors: Quantities, neuron: int) -> tuple[Term, ...]:
    """The output minus y."""
    output = factors.activation(factors.last, neuron)
    return Term((output,)), Term((factors.target(neuron),), negative=True)


def mean_of_outputs(
    factors: Quantities, formula: str = "{x}", of: Callable[[float], float] = lambda x: x
) -> Function | None:
    """A function of one output's sum, divided by the number of outputs that the loss averages."""
    count = factors.step.targets.shape[1]
    if count == 1:
        return None if formula == "{x}" else Function(formula, of)
    written = "({x})" if formula == "{x}" else formula
    return Function(f"{written} / {count}", lambda x: of(x) / count)


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0))
