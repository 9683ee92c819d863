"""Losses: the calculation of a loss and of its slope by an output, line by line.

Here are the losses that measure the distance between output and target. Those that take an output
as a probability are in `cross_entropy`.
"""

from collections.abc import Callable

import torch

from nets.engine.losses import LOSSES
from nets.engine.names import symbol
from nets.explain import cross_entropy
from nets.explain.arithmetic import Factor, Function, Line, Term
from nets.explain.quantities import LossLines, Quantities


def derive_loss(quantities: Quantities, neuron: int) -> list[Line]:
    """Derive the error of one output, and the loss of the example, which is the last line."""
    name, (output, targets) = quantities.trace.run.config.loss, quantities.outputs_and_targets
    before, terms, function = LOSS_LINES[name][0](quantities) if name in LOSS_LINES else UNKNOWN
    value = LOSSES[name].value(output, targets).item()
    loss = Line("loss of this example", value, terms, function)
    return [quantities.error_line(neuron), *before, loss]


def derive_loss_slope(quantities: Quantities, neuron: int) -> list[Line]:
    """Derive ∂loss/∂ŷ of one output for the example, which is the last line."""
    name, (output, targets) = quantities.trace.run.config.loss, quantities.outputs_and_targets
    known = name in LOSS_LINES
    before, terms, function = LOSS_LINES[name][1](quantities, neuron) if known else UNKNOWN
    value = LOSSES[name].slope(output, targets, torch.empty_like(output))[0, neuron].item()
    return [*before, Line(f"∂loss/∂{symbol('ŷ', neuron)}", value, terms, function)]


def squared_error(quantities: Quantities) -> LossLines:
    """½ Σ error²."""
    half = Factor("½", 0.5, exact=True)
    return [], tuple(Term((half, _square(error))) for error in _errors(quantities)), None


def squared_error_slope(quantities: Quantities, neuron: int) -> LossLines:
    """ŷ − y."""
    return [], _output_minus_target(quantities, neuron), None


def mean_squared_error(quantities: Quantities) -> LossLines:
    """The mean of error² over the outputs."""
    terms = tuple(Term((_square(error),)) for error in _errors(quantities))
    return [], terms, quantities.average_outputs()


def mean_squared_error_slope(quantities: Quantities, neuron: int) -> LossLines:
    """2 (ŷ − y) / n_output."""
    average = quantities.average_outputs("2 · ({x})")
    return [], _output_minus_target(quantities, neuron), average


def absolute_error(quantities: Quantities) -> LossLines:
    """The mean of |error| over the outputs."""
    sizes = [Factor(f"|{e.symbol}|", abs(e.value), e.part) for e in _errors(quantities)]
    return [], tuple(Term((size,)) for size in sizes), quantities.average_outputs()


def absolute_error_slope(quantities: Quantities, neuron: int) -> LossLines:
    """The sign of ŷ − y, / n_output."""
    average = quantities.average_outputs("sign({x})")
    return [], _output_minus_target(quantities, neuron), average


def huber(quantities: Quantities) -> LossLines:
    """The mean over the outputs of ½ error² for |error| up to 1, and of |error| − ½ beyond."""
    lines = [_huber_line(error) for error in _errors(quantities)]
    terms = tuple(Term((line.to_factor(),)) for line in lines)
    return lines, terms, quantities.average_outputs()


def _huber_line(error: Factor) -> Line:
    function = Function("½ · {x}²" if abs(error.value) <= 1 else "|{x}| − ½")
    name = f"huber({error.symbol})"
    return Line(name, function.of(error.value), (Term((error,)),), function)


def huber_slope(quantities: Quantities, neuron: int) -> LossLines:
    """ŷ − y, clamped to the range from −1 to 1, / n_output."""
    clamped = quantities.average_outputs("max(−1, min(1, {x}))")
    return [], _output_minus_target(quantities, neuron), clamped


def _errors(quantities: Quantities) -> list[Factor]:
    return [quantities.error(k) for k in range(quantities.trace.targets.shape[1])]


def _square(error: Factor) -> Factor:
    return Factor(error.symbol, error.value, error.part, power=2)


def _output_minus_target(quantities: Quantities, neuron: int) -> tuple[Term, ...]:
    output = quantities.activation(quantities.last, neuron)
    return Term((output,)), Term((quantities.target(neuron),), negative=True)


# For each loss the calculation of its value and of its slope by one output.
LOSS_LINES: dict[
    str, tuple[Callable[[Quantities], LossLines], Callable[[Quantities, int], LossLines]]
] = {
    "SquaredError": (squared_error, squared_error_slope),
    "MSELoss": (mean_squared_error, mean_squared_error_slope),
    "L1Loss": (absolute_error, absolute_error_slope),
    "SmoothL1Loss": (huber, huber_slope),
    "HuberLoss": (huber, huber_slope),
    "BCELoss": (cross_entropy.of_two, cross_entropy.of_two_slope),
    "BCEWithLogitsLoss": (cross_entropy.logistic, cross_entropy.logistic_slope),
    "CrossEntropyLoss": (cross_entropy.of_classes, cross_entropy.of_classes_slope),
}
UNKNOWN: LossLines = [], (), None  # for a loss that is not in the table: only the number
