"""Activation functions: each one beside its own derivative, in one table."""

import math
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
ROOT_HALF = math.sqrt(1 / 2)
BELL_TOP = 1 / math.sqrt(2 * math.pi)  # of the standard normal density

Values = Float[Tensor, "*shape"]
Layers = Float[Tensor, "*many batch fan_out"]


@dataclass(frozen=True)
class Activation:
    """A function a = f(z) and its derivative da/dz.

    `value(z, out)` fills `out` with f(z). `slope(z, a, out)` fills `out` with f'(z), from the
    weighted sums z or the activations a, whichever is cheaper. Both work element by element on
    tensors of any shape and return `out`; `out` must not be `z` or `a`.

    Where each a depends on every z of its layer, `slope` is that of a neuron by its own z only, and
    `back(delta, a)` turns ∂loss/∂a into ∂loss/∂z in place, (..., batch, fan_out) both. Otherwise
    there is no `back`: ∂loss/∂z is ∂loss/∂a times the slope.
    """

    name: str
    value: Callable[[Tensor, Tensor], Tensor]
    slope: Callable[[Tensor, Tensor, Tensor], Tensor]
    back: Callable[[Tensor, Tensor], Tensor] | None = None


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


def elu(z: Values, out: Values) -> Values:
    """z where it is positive, otherwise exp(z) - 1 (torch.nn.ELU's own alpha of 1)."""
    return torch.maximum(z, torch.minimum(z, ZERO, out=out).expm1_(), out=out)


def elu_slope(z: Values, a: Values, out: Values) -> Values:
    """1 where z is positive, otherwise exp(z)."""
    return torch.minimum(z, ZERO, out=out).exp_()


def gelu(z: Values, out: Values) -> Values:
    """z Φ(z), where Φ(z) = ½ (1 + erf(z / √2)) is the share of a normal distribution below z.

    torch.nn.GELU's own form. 1 + erf(z) is erfc(-z), which keeps its digits far below 0.
    """
    return torch.mul(z, -ROOT_HALF, out=out).erfc_().mul_(0.5).mul_(z)


def gelu_slope(z: Values, a: Values, out: Values) -> Values:
    """Φ(z) + z φ(z), with the normal density φ(z) = exp(-z²/2) / √(2π)."""
    below = torch.mul(z, -ROOT_HALF).erfc_().mul_(0.5)
    return torch.mul(z, z, out=out).mul_(-0.5).exp_().mul_(z).mul_(BELL_TOP).add_(below)


def silu(z: Values, out: Values) -> Values:
    """z / (1 + exp(-z)), also called swish."""
    return torch.sigmoid(z, out=out).mul_(z)


def silu_slope(z: Values, a: Values, out: Values) -> Values:
    """s (1 + z (1 - s)), with s = 1 / (1 + exp(-z))."""
    s = torch.sigmoid(z, out=out)
    return s.mul_(torch.sub(ONE, s).mul_(z).add_(ONE))


def softplus(z: Values, out: Values) -> Values:
    """log(1 + exp(z)), without overflow: a relu with its corner rounded off.

    torch.nn.Softplus gives z itself beyond 20; in float32 that is the same number.
    """
    return torch.logaddexp(z, ZERO.to(z.dtype), out=out)


def softplus_slope(z: Values, a: Values, out: Values) -> Values:
    """1 / (1 + exp(-z))."""
    return torch.sigmoid(z, out=out)


def linear(z: Values, out: Values) -> Values:
    """Z itself."""
    return out.copy_(z)


def linear_slope(z: Values, a: Values, out: Values) -> Values:
    """1."""
    return out.fill_(1.0)


def softmax(z: Layers, out: Layers) -> Layers:
    """exp(z) / Σ exp(z) over the neurons of a layer: shares that add up to 1.

    As torch has it, the largest z is subtracted from all of them first: no overflow.
    """
    return torch.softmax(z, dim=-1, out=out)


def softmax_back(delta: Layers, a: Layers) -> Layers:
    """a (∂loss/∂a - Σ a ∂loss/∂a): raising one z takes from the shares of all the others."""
    return delta.sub_((delta * a).sum(dim=-1, keepdim=True)).mul_(a)


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("sigmoid", sigmoid, sigmoid_slope),
        Activation("tanh", tanh, tanh_slope),
        Activation("relu", relu, relu_slope),
        Activation("leaky_relu", leaky_relu, leaky_relu_slope),
        Activation("elu", elu, elu_slope),
        Activation("gelu", gelu, gelu_slope),
        Activation("silu", silu, silu_slope),
        Activation("softplus", softplus, softplus_slope),
        Activation("linear", linear, linear_slope),
    )
}

# Those that a layer of outputs can have besides.
FOR_OUTPUTS = {"softmax": Activation("softmax", softmax, sigmoid_slope, softmax_back)}

# The same functions in fewer calls of torch, for training that need not match the notebook's bits.
FUSED = ACTIVATIONS | {"sigmoid": Activation("sigmoid", fused_sigmoid, sigmoid_slope)}
