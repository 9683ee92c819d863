"""Autograd: gradients as torch finds them itself, with functions of its own."""

from collections.abc import Callable
from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from nets.analysis.finite_differences import Objective
from nets.engine.activations import LEAK, Activation
from nets.engine.network import Network

TORCHS_OWN: dict[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, LEAK),
    "elu": torch.nn.functional.elu,
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
    # torch's own softplus has a step at 20, which float64 sees.
    "softplus": lambda z: torch.logaddexp(z, torch.zeros_like(z)),
    "linear": torch.clone,
    "softmax": lambda z: torch.softmax(z, dim=-1),
}
TORCHS_LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "MSELoss": torch.nn.functional.mse_loss,
    "L1Loss": torch.nn.functional.l1_loss,
    "SmoothL1Loss": torch.nn.functional.smooth_l1_loss,
    "HuberLoss": torch.nn.functional.huber_loss,
    "BCELoss": torch.nn.functional.binary_cross_entropy,
    "BCEWithLogitsLoss": torch.nn.functional.binary_cross_entropy_with_logits,
    "CrossEntropyLoss": torch.nn.functional.cross_entropy,
}


def by_autograd(
    network: Network, objective: Objective
) -> tuple[Float[Tensor, " length"], Float[Tensor, ""]]:
    """Let torch differentiate the objective, through functions of its own; return its value too."""
    total, value = torch.zeros_like(network.parameters), network.parameters.new_zeros(())
    loss = objective.loss
    own = replace(loss, value=TORCHS_LOSSES.get(loss.name, loss.value))
    objective = replace(objective, loss=own)
    for inputs, targets, share in objective.parts():
        with torch.enable_grad():
            parameters = network.parameters.clone().requires_grad_()
            output = inputs
            for layer in network.with_parameters(parameters).layers:
                z = output @ layer.weights + layer.biases
                output = differentiable(layer.activation)(z)
            reduced = share * objective.reduce(output, targets)
            (gradient,) = torch.autograd.grad(reduced, parameters)
        total += gradient
        value += reduced.detach()
    if not objective.penalty:
        return total, value
    with torch.enable_grad():
        parameters = network.parameters.clone().requires_grad_()
        penalty = objective.penalty.value(network.with_parameters(parameters))
        (gradient,) = torch.autograd.grad(penalty, parameters)
    return total + gradient, value + penalty.detach()


def differentiable(activation: Activation) -> Callable[[Tensor], Tensor]:
    """Return torch's own function of this name; for one that is new here, ours without `out`."""
    if activation.name in TORCHS_OWN:
        return TORCHS_OWN[activation.name]

    def ours(z: Tensor) -> Tensor:
        return activation.value(z, torch.empty_like(z))

    return torch.func.functionalize(ours)
