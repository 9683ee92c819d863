"""Softmax: an activation for outputs only, because each output depends on every z of the layer."""

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activations import Activation, sigmoid_slope

Layers = Float[Tensor, "*many batch fan_out"]


def softmax(z: Layers, out: Layers) -> Layers:
    """exp(z) / Σ exp(z) over the neurons of a layer: they add up to 1.

    torch subtracts the largest z from all of them first, so nothing overflows.
    """
    return torch.softmax(z, dim=-1, out=out)


def softmax_back(delta: Layers, a: Layers) -> Layers:
    """a (∂loss/∂a - Σ a ∂loss/∂a): raising one z lowers all the other outputs."""
    return delta.sub_((delta * a).sum(dim=-1, keepdim=True)).mul_(a)


# Activations that only the output layer can have.
FOR_OUTPUTS = {
    "softmax": Activation(
        "softmax",
        softmax,
        sigmoid_slope,
        formula="exp({x}) / Σ exp(z)",
        slope_formula="{x} · (1 − {x})",
        notebook="torch.softmax(z, 1)",
        fused_code="torch.softmax(z, 1, out=torch.empty_like(z))",
        notebook_slope="",  # one slope a neuron is not enough: see `back`
        slope_of="a",
        oracle=lambda z: torch.softmax(z, dim=-1),
        range=(0.0, 1.0),
        steepest=0.25,
        back=softmax_back,
        joint=True,
    )
}
