"""Activation functions: each one beside its own derivative, in one table."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

# Constants are tensors: torch wraps a bare Python number anew at every call, which costs more than
# the arithmetic of a small layer. 0 and 1 are exact in float32; a type that matches costs nothing.
ZERO = torch.tensor(0.0)
ONE = torch.tensor(1.0)
LEAK = 0.01

Values = Float[Tensor, "*shape"]


@dataclass(frozen=True)
class Activation:
    """A function a = f(z) and its derivative da/dz.

    `value(z, out)` fills `out` with f(z). `slope(z, a, out)` fills `out` with f'(z), from the
    weighted sums z or the activations a, whichever is cheaper. Both work element by element on
    tensors of any shape and return `out`; `out` must not be `z` or `a`.
    """

    name: str
    value: Callable[[Tensor, Tensor], Tensor]
    slope: Callable[[Tensor, Tensor, Tensor], Tensor]


def sigmoid(z: Values, out: Values) -> Values:
    """1 / (1 + exp(-z)), in the notebook's order of operations and so with its rounding."""
    return torch.neg(z, out=out).exp_().add_(ONE).reciprocal_()


def fused_sigmoid(z: Values, out: Values) -> Values:
    """1 / (1 + exp(-z)) in one call of torch, which may round the last bit another way."""
    return torch.sigmoid(z, out=out)


def sigmoid_slope(z: Values, a: Values, out: Values) -> Values:
    """a (1 - a): the notebook's sigmoid_delta."""
    return torch.sub(ONE, a, out=out).mul_(a)


def tanh(z: Values, out: Values) -> Values:
    """(exp(z) - exp(-z)) / (exp(z) + exp(-z))."""
    return torch.tanh(z, out=out)


def tanh_slope(z: Values, a: Values, out: Values) -> Values:
    """1 - a²."""
    return torch.addcmul(ONE, a, a, value=-1, out=out)


def relu(z: Values, out: Values) -> Values:
    """z where it is positive, otherwise 0."""
    return torch.maximum(z, ZERO, out=out)


def relu_slope(z: Values, a: Values, out: Values) -> Values:
    """1 where z is positive, otherwise 0 (at z = 0 too, as in torch)."""
    return torch.gt(z, ZERO, out=out)


def leaky_relu(z: Values, out: Values) -> Values:
    """z where it is positive, otherwise 0.01 z (torch.nn.LeakyReLU's own default)."""
    return torch.maximum(z, torch.mul(z, LEAK, out=out), out=out)


def leaky_relu_slope(z: Values, a: Values, out: Values) -> Values:
    """1 where z is positive, otherwise 0.01."""
    return torch.gt(z, ZERO, out=out).clamp_(min=LEAK)


def linear(z: Values, out: Values) -> Values:
    """Z itself."""
    return out.copy_(z)


def linear_slope(z: Values, a: Values, out: Values) -> Values:
    """1."""
    return out.fill_(1.0)


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("sigmoid", sigmoid, sigmoid_slope),
        Activation("tanh", tanh, tanh_slope),
        Activation("relu", relu, relu_slope),
        Activation("leaky_relu", leaky_relu, leaky_relu_slope),
        Activation("linear", linear, linear_slope),
    )
}

# The same functions in fewer calls of torch, for training that need not match the notebook's bits.
FUSED = ACTIVATIONS | {"sigmoid": Activation("sigmoid", fused_sigmoid, sigmoid_slope)}
