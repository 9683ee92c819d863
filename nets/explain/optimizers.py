"""Optimising: how a gradient becomes the change of a weight or bias, line by line."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nets.engine.update import OPTIMIZERS
from nets.explain.arithmetic import Factor, Function, Line, Term, format_exact


@dataclass(frozen=True)
class ParameterUpdate:
    """A weight or bias in an update.

    Attributes:
        name: what it is called.
        gradient: factors of which its gradient is the product.
        change: what the update adds to it.
        rate: the learning rate.
        remembered: what the optimiser remembers of it, before and after the update.
        number: which update of the run it is, from 1.
    """

    name: str
    gradient: tuple[Factor, ...]
    change: float
    rate: float
    remembered: Sequence[tuple[float, ...]]
    number: int

    def changed(self, *factors: Factor) -> Line:
        """The change is minus the learning rate times these."""
        rate = Factor("η", self.rate, exact=True)
        return Line(f"Δ{self.name}", self.change, (Term((rate, *factors), negative=True),))

    def kept(self, symbol: str, place: int, keep: float, take: float, power: int = 1) -> Line:
        """What is remembered: so much of what it was, and so much of the gradient or its square."""
        old, new = self.remembered[place]
        (gradient,) = self.gradient
        taken = Factor(gradient.symbol, gradient.value, gradient.part, power=power)
        name = f"{symbol} of {self.name}"
        terms = _times(keep, Factor(f"old {name}", old)), _times(take, taken)
        return Line(name, new, terms)

    def scale(self, square: Line, eps: float) -> Line:
        """What is divided by: the root of the square, never 0."""
        formula = Function(
            f"1 / (√{{x}} + {format_exact(eps)})", lambda x: 1 / (math.sqrt(max(x, 0.0)) + eps)
        )
        return Line(
            f"scale of {self.name}", formula.of(square.value), (Term((square.as_factor,)),), formula
        )


def gradient_descent(moved: ParameterUpdate) -> list[Line]:
    """Δ = −η · gradient: the notebook's update."""
    return [moved.changed(*moved.gradient)]


def momentum(moved: ParameterUpdate) -> list[Line]:
    """Like a ball that rolls on: v = 0.9 · v + gradient. torch.optim.SGD."""
    velocity = moved.kept("v", 0, OPTIMIZERS["Momentum"].options["momentum"], 1)
    return [velocity, moved.changed(velocity.as_factor)]


def rmsprop(moved: ParameterUpdate) -> list[Line]:
    """A step is divided by the root of the mean square of late gradients. torch.optim.RMSprop."""
    options = OPTIMIZERS["RMSprop"].options
    square = moved.kept("s", 0, options["alpha"], _rest(options["alpha"]), power=2)
    scale = moved.scale(square, options["eps"])
    return [square, scale, moved.changed(*moved.gradient, scale.as_factor)]


def adagrad(moved: ParameterUpdate) -> list[Line]:
    """A step is divided by the root of the sum of all squared gradients. torch.optim.Adagrad."""
    square = moved.kept("s", 0, 1, 1, power=2)
    scale = moved.scale(square, OPTIMIZERS["Adagrad"].options["eps"])
    return [square, scale, moved.changed(*moved.gradient, scale.as_factor)]


def adam(moved: ParameterUpdate) -> list[Line]:
    """Momentum, divided as in RMSprop, both corrected because they began at 0. torch.optim.Adam."""
    options = OPTIMIZERS["Adam"].options
    (first, second), lines = options["betas"], list[Line]()
    for symbol, place, keep, power in (("m", 0, first, 1), ("s", 1, second, 2)):
        kept = moved.kept(symbol, place, keep, _rest(keep), power)
        share = 1 / (1 - keep**moved.number)
        share = Factor(f"1 / (1 − {format_exact(keep)}^{moved.number})", share)
        name = f"corrected {kept.name}"
        lines += [kept, Line(name, share.value * kept.value, (Term((share, kept.as_factor)),))]
    scale = moved.scale(lines[3], options["eps"])
    return [*lines, scale, moved.changed(lines[1].as_factor, scale.as_factor)]


CHANGES: dict[str, Callable[[ParameterUpdate], list[Line]]] = {
    "GradientDescent": gradient_descent,
    "Momentum": momentum,
    "RMSprop": rmsprop,
    "Adagrad": adagrad,
    "Adam": adam,
}


def changes(optimizer: str, moved: ParameterUpdate) -> list[Line]:
    """Return the lines that lead to a change, the change last; for a new optimiser only that."""
    if optimizer in CHANGES:
        return CHANGES[optimizer](moved)
    return [Line(f"Δ{moved.name}", moved.change, ())]


def _times(share: float, factor: Factor) -> Term:
    """So much of a number; all of it needs no factor."""
    return Term((factor,) if share == 1 else (Factor(f"{share:g}", share, exact=True), factor))


def _rest(share: float) -> float:
    """What a share leaves of 1, as one would write it."""
    return round(1 - share, 12)
