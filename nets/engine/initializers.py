"""First weights: how the weights and biases of a network are drawn before epoch 0."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Initializer:
    """A way to draw the first weights and biases of a layer; `title` is its name on the page.

    `weights(fan_in, fan_out, generator)` returns (fan_in, fan_out), and
    `biases(fan_in, fan_out, generator)` returns (1, fan_out). `code_of_weights` and
    `code_of_biases` are Python code that does the same with torch's global random stream, with {0}
    for fan_in and {1} for fan_out.
    """

    name: str
    title: str
    weights: Callable[[int, int, torch.Generator], Tensor]
    biases: Callable[[int, int, torch.Generator], Tensor]
    code_of_weights: str
    code_of_biases: str


def normal_weights(
    fan_in: int, fan_out: int, generator: torch.Generator
) -> Float[Tensor, "{fan_in} {fan_out}"]:
    """The standard normal distribution, as the notebook's `torch.randn` has it in cell 4."""
    return torch.randn(fan_in, fan_out, generator=generator)


def normal_biases(
    fan_in: int, fan_out: int, generator: torch.Generator
) -> Float[Tensor, "1 {fan_out}"]:
    """The same, as in the notebook's cell 5."""
    return torch.randn(1, fan_out, generator=generator)


def uniform_weights(
    fan_in: int, fan_out: int, generator: torch.Generator
) -> Float[Tensor, "{fan_in} {fan_out}"]:
    """Evenly from -1/√fan_in to 1/√fan_in: as torch.nn.Linear draws its first weights."""
    return _evenly(fan_in, fan_out, 1 / math.sqrt(fan_in), generator)


def uniform_biases(
    fan_in: int, fan_out: int, generator: torch.Generator
) -> Float[Tensor, "1 {fan_out}"]:
    """The same range, as torch.nn.Linear draws its biases."""
    return _evenly(1, fan_out, 1 / math.sqrt(fan_in), generator)


def xavier_weights(
    fan_in: int, fan_out: int, generator: torch.Generator
) -> Float[Tensor, "{fan_in} {fan_out}"]:
    """Evenly within ±√(6 / (fan_in + fan_out)), so that signals and gradients keep their size.

    Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks,
    2010, equation 16; torch.nn.init.xavier_uniform_.
    """
    end = math.sqrt(3) * math.sqrt(2 / (fan_in + fan_out))
    return _evenly(fan_in, fan_out, end, generator)


def he_weights(
    fan_in: int, fan_out: int, generator: torch.Generator
) -> Float[Tensor, "{fan_in} {fan_out}"]:
    """Normal with the standard deviation √(2 / fan_in), for ReLU, which sets half of z to 0.

    He et al., Delving deep into rectifiers, 2015, equation 10; torch.nn.init.kaiming_normal_,
    whose matrices are transposed.
    """
    deviation = math.sqrt(2) / math.sqrt(fan_in)
    return torch.empty(fan_in, fan_out).normal_(0, deviation, generator=generator)


def zero_weights(
    fan_in: int, fan_out: int, generator: torch.Generator
) -> Float[Tensor, "{fan_in} {fan_out}"]:
    """All 0, to see why this fails: the neurons of a layer are identical and stay identical."""
    return torch.zeros(fan_in, fan_out)


def zero_biases(
    fan_in: int, fan_out: int, generator: torch.Generator
) -> Float[Tensor, "1 {fan_out}"]:
    """All 0, as in both papers and in torch's examples."""
    return torch.zeros(1, fan_out)


def _evenly(
    rows: int, columns: int, end: float, generator: torch.Generator
) -> Float[Tensor, "{rows} {columns}"]:
    return torch.empty(rows, columns).uniform_(-end, end, generator=generator)


UNIFORM = "torch.empty({rows}, {{1}}).uniform_(-(1 / {{0}}) ** 0.5, (1 / {{0}}) ** 0.5)"
XAVIER = "torch.empty({0}, {1}).uniform_(-(6 / ({0} + {1})) ** 0.5, (6 / ({0} + {1})) ** 0.5)"
HE = "torch.empty({0}, {1}).normal_(0, (2 / {0}) ** 0.5)"
ZEROS = "torch.zeros((1, {1}))"
FIRST_WEIGHTS = {
    way.name: way
    for way in (
        Initializer(
            "normal",
            "normal, as in the notebook",
            normal_weights,
            normal_biases,
            "torch.randn({0}, {1})",
            "torch.randn((1, {1}))",
        ),
        Initializer(
            "uniform",
            "uniform, within ±1/√fan_in",
            uniform_weights,
            uniform_biases,
            UNIFORM.format(rows="{0}"),
            UNIFORM.format(rows="1"),
        ),
        Initializer("xavier", "Xavier", xavier_weights, zero_biases, XAVIER, ZEROS),
        Initializer("he", "He", he_weights, zero_biases, HE, ZEROS),
        Initializer("zeros", "zeros", zero_weights, zero_biases, "torch.zeros({0}, {1})", ZEROS),
    )
}
