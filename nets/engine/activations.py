"""Activation functions: one row each, with its derivative and everything else about it."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

# Tensors, because torch converts a Python number at every call, which takes as long as a layer.
ZERO, ONE = torch.tensor(0.0), torch.tensor(1.0)
LEAK = 0.01
# delta · a (1 - a) and delta · (1 - a²) in one call.
SIGMOID_BACK: Callable[..., Tensor] = torch.ops.aten.sigmoid_backward.grad_input
TANH_BACK: Callable[..., Tensor] = torch.ops.aten.tanh_backward.grad_input
ROOT_HALF, BELL_TOP = math.sqrt(1 / 2), 1 / math.sqrt(2 * math.pi)  # of the normal distribution

Values = Float[Tensor, "*shape"]


@dataclass(frozen=True)
class Activation:
    """A function a = f(z), its derivative da/dz, and everything else about it.

    `value(z, out)` fills `out` with f(z). `slope(z, a, out)` fills `out` with f'(z), from the
    weighted sums z or the activations a, whichever is cheaper. Both work element by element on
    tensors of any shape and return `out`; `out` must not be `z` or `a`.

    Attributes:
        name: as in `Config` and in a link.
        formula, slope_formula: f and f' as the page shows them, of a number {x}.
        notebook, notebook_slope: f and f' as the notebook writes them: Python, of z or of a.
        slope_of: "a" where `slope_formula` and `notebook_slope` are of a, otherwise "z".
        range: the lowest and the highest a, infinite where there is no limit.
        steepest: the largest slope of a function that is flat at both ends, otherwise None.
        oracle: the same function by torch, where torch.nn.functional has none of this name.
        fused: f in fewer calls of torch, which may round differently.
        fused_back: the same for `back`.
        fused_code, fused_back_code: what training computes under the gradient rule, where it
            rounds differently from `notebook` and `notebook_slope`: Python, the first of z, the
            second of ∂loss/∂a, {error}, and of {a}.
        back: `back(delta, a)` turns ∂loss/∂a into ∂loss/∂z in place. Without it ∂loss/∂z is
            ∂loss/∂a times the slope.
        joint: whether each a depends on every z of its layer, so that one slope is not enough.
    """

    name: str
    value: Callable[[Tensor, Tensor], Tensor]
    slope: Callable[[Tensor, Tensor, Tensor], Tensor]
    formula: str
    slope_formula: str
    notebook: str
    notebook_slope: str
    slope_of: str = "z"
    range: tuple[float, float] = (-math.inf, math.inf)
    steepest: float | None = None
    oracle: Callable[[Tensor], Tensor] | None = None
    fused: Callable[[Tensor, Tensor], Tensor] | None = None
    fused_back: Callable[[Tensor, Tensor], Tensor] | None = None
    fused_code: str = ""
    fused_back_code: str = ""
    back: Callable[[Tensor, Tensor], Tensor] | None = None
    joint: bool = False


def sigmoid(z: Values, out: Values) -> Values:
    """1 / (1 + exp(-z)): a smooth step. It has the notebook's order of operations and rounding."""
    return torch.neg(z, out=out).exp_().add_(ONE).reciprocal_()


def sigmoid_slope(z: Values, a: Values, out: Values) -> Values:
    """a (1 - a): the notebook's sigmoid_delta."""
    return torch.sub(ONE, a, out=out).mul_(a)


def tanh(z: Values, out: Values) -> Values:
    """(exp(z) - exp(-z)) / (exp(z) + exp(-z))."""
    return torch.tanh(z, out=out)


def tanh_slope(z: Values, a: Values, out: Values) -> Values:
    """1 - a²."""
    return torch.mul(a, a, out=out).neg_().add_(ONE)


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
    """z Φ(z), with the normal distribution Φ(z) = ½ erfc(-z / √2)."""
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
    """log(1 + exp(z)), without overflow: a smooth relu."""
    return torch.logaddexp(z, ZERO.to(z.dtype), out=out)


def softplus_slope(z: Values, a: Values, out: Values) -> Values:
    """1 / (1 + exp(-z))."""
    return torch.sigmoid(z, out=out)


def linear(z: Values, out: Values) -> Values:
    """z itself: a straight line."""
    return out.copy_(z)


def linear_slope(z: Values, a: Values, out: Values) -> Values:
    """1."""
    return out.fill_(1.0)


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation(
            "sigmoid",
            sigmoid,
            sigmoid_slope,
            formula="1 / (1 + exp(−{x}))",
            slope_formula="{x} · (1 − {x})",
            notebook="1 / (1 + torch.exp(-z))",
            notebook_slope="a * (1 - a)",
            slope_of="a",
            range=(0.0, 1.0),
            steepest=0.25,
            fused=lambda z, out: torch.sigmoid(z, out=out),
            fused_back=lambda delta, a: SIGMOID_BACK(delta, a, grad_input=delta),
            fused_code="torch.sigmoid(z)",
            fused_back_code="{error} * (1 - {a}) * {a}",
        ),
        Activation(
            "tanh",
            tanh,
            tanh_slope,
            formula="tanh({x})",
            slope_formula="1 − {x}²",
            notebook="torch.tanh(z)",
            notebook_slope="1 - a * a",
            slope_of="a",
            range=(-1.0, 1.0),
            steepest=1.0,
            fused_back=lambda delta, a: TANH_BACK(delta, a, grad_input=delta),
            fused_back_code="{error} * torch.addcmul(torch.ones_like({a}), {a}, {a}, value=-1)",
        ),
        Activation(
            "relu",
            relu,
            relu_slope,
            formula="max(0, {x})",
            slope_formula="1 if {x} > 0 else 0",
            notebook="torch.clamp(z, min=0)",
            notebook_slope="(z > 0).float()",
            range=(0.0, math.inf),
        ),
        Activation(
            "leaky_relu",
            leaky_relu,
            leaky_relu_slope,
            formula="{x} if {x} > 0 else 0.01 · {x}",
            slope_formula="1 if {x} > 0 else 0.01",
            notebook="torch.where(z > 0, z, 0.01 * z)",
            notebook_slope="torch.where(z > 0, 1.0, 0.01)",
        ),
        Activation(
            "elu",
            elu,
            elu_slope,
            formula="{x} if {x} > 0 else exp({x}) − 1",
            slope_formula="1 if {x} > 0 else exp({x})",
            notebook="torch.where(z > 0, z, torch.expm1(z))",
            notebook_slope="torch.exp(torch.clamp(z, max=0))",
            range=(-1.0, math.inf),
        ),
        Activation(
            "gelu",
            gelu,
            gelu_slope,
            formula="{x} · Φ({x})",
            slope_formula="Φ({x}) + {x} · φ({x})",
            notebook="torch.erfc(z * -(0.5**0.5)) / 2 * z",
            notebook_slope="torch.exp(-z * z / 2) * z * (2 * torch.pi) ** -0.5"
            " + torch.erfc(z * -(0.5**0.5)) / 2",
            range=(-0.1699712074799037, math.inf),  # at z = -0.7517915247
        ),
        Activation(
            "silu",
            silu,
            silu_slope,
            formula="{x} / (1 + exp(−{x}))",
            slope_formula="σ({x}) · (1 + {x} · (1 − σ({x})))",
            notebook="z * torch.sigmoid(z)",
            notebook_slope="torch.sigmoid(z) * (1 + z * (1 - torch.sigmoid(z)))",
            range=(-0.2784645427610739, math.inf),  # at z = -1.2784645428
        ),
        Activation(
            "softplus",
            softplus,
            softplus_slope,
            formula="log(1 + exp({x}))",
            slope_formula="1 / (1 + exp(−{x}))",
            notebook="torch.logaddexp(z, torch.zeros_like(z))",
            notebook_slope="torch.sigmoid(z)",
            oracle=lambda z: torch.logaddexp(z, torch.zeros_like(z)),  # torch's steps at 20
            range=(0.0, math.inf),
        ),
        Activation(
            "linear",
            linear,
            linear_slope,
            formula="{x}",
            slope_formula="1",
            notebook="z",
            notebook_slope="torch.ones_like(z)",
            oracle=torch.clone,
        ),
    )
}
