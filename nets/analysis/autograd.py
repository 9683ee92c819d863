"""Autograd: gradients as torch finds them itself, with functions of its own."""

from collections.abc import Callable
from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from nets.analysis.finite_differences import Objective
from nets.engine.activations import Activation
from nets.engine.losses import Loss
from nets.engine.network import Network


def by_autograd(
    network: Network, objective: Objective
) -> tuple[Float[Tensor, " length"], Float[Tensor, ""]]:
    """Let torch differentiate the objective, through functions of its own; return its value too."""
    total, value = torch.zeros_like(network.parameters), network.parameters.new_zeros(())
    loss = objective.loss
    own = replace(loss, value=torchs_loss(loss))
    objective = replace(objective, loss=own)
    for inputs, targets, share in objective.parts():
        with torch.enable_grad():
            parameters = network.parameters.clone().requires_grad_()
            output = inputs
            for layer in network.with_parameters(parameters).layers:
                z = output @ layer.weights + layer.biases
                output = torchs_activation(layer.activation)(z)
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


def torchs_activation(activation: Activation) -> Callable[[Tensor], Tensor]:
    """Return the same function by torch; where torch has none, ours, for autograd to go through."""
    found = activation.oracle or getattr(torch.nn.functional, activation.name, None)
    if found is not None:
        return found

    def ours(z: Tensor) -> Tensor:
        return activation.value(z, torch.empty_like(z))

    return torch.func.functionalize(ours)


def torchs_loss(loss: Loss) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the same loss by torch, the mean over the batch; where torch has none, ours."""
    return getattr(torch.nn.functional, loss.oracle) if loss.oracle else loss.value
