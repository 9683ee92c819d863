"""Optimisers: how a gradient changes a weight or bias, line by line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nets.explain.arithmetic import Factor, Function, Line, Term, format_exact
from nets.explain.quantities import Quantities, parameter_of


@dataclass(frozen=True)
class ParameterUpdate:
    """The update of one weight or bias.

    Attributes:
        name: of the weight or bias.
        gradient: its gradient, as a product of these factors.
        change: what the update adds to it.
        rate: the learning rate.
        state: the numbers that the optimiser keeps for it, each before and after the update.
        number: which update of the run it is, from 1.
        constants: of the optimiser, by their names.
    """

    name: str
    gradient: tuple[Factor, ...]
    change: float
    rate: float
    state: Sequence[tuple[float, ...]]
    number: int
    constants: Mapping[str, float]

    def derive_change(self, *factors: Factor) -> Line:
        """Write the change as minus the learning rate times these factors."""
        rate = Factor("η", self.rate, exact=True)
        return Line(f"Δ{self.name}", self.change, (Term((rate, *factors), negative=True),))

    def derive_state(
        self, symbol: str, index: int, decay: float, weight: float, power: int = 1
    ) -> Line:
        """Write a kept number as decay · old number + weight · gradient, or its square."""
        old, new = self.state[index]
        (gradient,) = self.gradient
        added = Factor(gradient.symbol, gradient.value, gradient.part, power=power)
        name = f"{symbol} of {self.name}"
        return Line(name, new, (_times(decay, Factor(f"old {name}", old)), _times(weight, added)))

    def derive_scale(self, square: Line, eps: float) -> Line:
        """Write the factor 1 / (√square + eps)."""
        formula = Function(f"1 / (√{{x}} + {format_exact(eps)})")
        terms = (Term((square.to_factor(),)),)
        return Line(f"scale of {self.name}", formula.of(square.value), terms, formula)


def gradient_descent(update: ParameterUpdate) -> list[Line]:
    """Δ = −η · gradient: the notebook's update, with the learning rate η."""
    return [update.derive_change(*update.gradient)]


def momentum(update: ParameterUpdate) -> list[Line]:
    """Keep part of the last velocity: v = momentum · v + gradient, Δ = −η · v. torch.optim.SGD."""
    part = update.constants["momentum"]
    if part == 0:  # then torch keeps no velocity
        return [update.derive_change(*update.gradient)]
    velocity = update.derive_state("v", 0, part, 1)
    return [velocity, update.derive_change(velocity.to_factor())]


def rmsprop(update: ParameterUpdate) -> list[Line]:
    """Δ = −η · gradient / √s: s is the moving average of the squared gradients.

    torch.optim.RMSprop.
    """
    alpha = update.constants["alpha"]
    square = update.derive_state("s", 0, alpha, _complement(alpha), power=2)
    scale = update.derive_scale(square, update.constants["epsilon"])
    return [square, scale, update.derive_change(*update.gradient, scale.to_factor())]


def adagrad(update: ParameterUpdate) -> list[Line]:
    """Δ = −η · gradient / √s: s is the sum of all squared gradients. torch.optim.Adagrad."""
    square = update.derive_state("s", 0, 1, 1, power=2)
    scale = update.derive_scale(square, update.constants["epsilon"])
    return [square, scale, update.derive_change(*update.gradient, scale.to_factor())]


def adam(update: ParameterUpdate) -> list[Line]:
    """Δ = −η · m / √s: m and s are the moving averages of the gradients and of their squares.

    Both are corrected for their start at 0. torch.optim.Adam.
    """
    constants, lines = update.constants, list[Line]()
    first, second = constants["beta1"], constants["beta2"]
    for symbol, index, decay, power in (("m", 0, first, 1), ("s", 1, second, 2)):
        kept = update.derive_state(symbol, index, decay, _complement(decay), power)
        share = 1 / (1 - decay**update.number)
        share = Factor(f"1 / (1 − {format_exact(decay)}^{update.number})", share)
        name = f"corrected {kept.name}"
        lines += [kept, Line(name, share.value * kept.value, (Term((share, kept.to_factor())),))]
    scale = update.derive_scale(lines[3], constants["epsilon"])
    return [*lines, scale, update.derive_change(lines[1].to_factor(), scale.to_factor())]


CHANGE_LINES: dict[str, Callable[[ParameterUpdate], list[Line]]] = {
    "GradientDescent": gradient_descent,
    "Momentum": momentum,
    "RMSprop": rmsprop,
    "Adagrad": adagrad,
    "Adam": adam,
}


def _times(share: float, factor: Factor) -> Term:
    """Multiply by a share; a share of 1 is not written."""
    return Term((factor,) if share == 1 else (Factor(f"{share:g}", share, exact=True), factor))


def _complement(share: float) -> float:
    """Return 1 − share without the rounding noise of the subtraction."""
    return round(1 - share, 12)


def derive_update(
    quantities: Quantities, gradients: list[Line], layer: int, neuron: int, source: int | None
) -> list[Line]:
    """Derive the change of a weight or bias from its gradient, and its new value, the last line.

    The update follows the last of the gradients.

    An optimiser without lines of its own has only the change itself.
    """
    gradient = gradients[-1]
    trace, old = quantities.trace, quantities.parameter(layer, neuron, source)
    config, rate = trace.run.config, trace.run.learning_rate
    new = parameter_of(trace.after, layer, neuron, source)
    by_hand = config.optimizer == "GradientDescent"
    is_product = by_hand and len(gradient.terms) == 1  # then it needs no line of its own
    factors = gradient.terms[0].factors if is_product else (gradient.to_factor(),)
    state = [
        tuple(parameter_of(network, layer, neuron, source) for network in before_and_after)
        for before_and_after in trace.optimizer_state
    ]
    change = -rate * gradient.value if by_hand else new - old.value
    update = ParameterUpdate(
        old.symbol, factors, change, rate, state, trace.number, config.constants
    )
    lines = CHANGE_LINES.get(config.optimizer, _unknown)(update)
    after = Line(f"new {old.symbol}", new, (Term((old,)), Term((lines[-1].to_factor(),))))
    return [*gradients[: -1 if is_product else None], *lines, after]


def _unknown(update: ParameterUpdate) -> list[Line]:
    return [Line(f"Δ{update.name}", update.change, ())]
