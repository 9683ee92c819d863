"""Reach: which targets an output can come to, and the loss that no training goes below."""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from nets.engine.losses import LOSSES

# The lowest and the highest activation, where there is one; a neuron comes as near as one likes.
RANGES = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, math.inf),
    "elu": (-1.0, math.inf),
    "gelu": (-0.1699712074799037, math.inf),  # at z = -0.7517915247
    "silu": (-0.2784645427610739, math.inf),  # at z = -1.2784645428
    "softplus": (0.0, math.inf),
    "softmax": (0.0, 1.0),
}
# Losses that grow with every output's distance from its target: least where each is nearest.
BY_DISTANCE = {"SquaredError", "MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"}


def range_of(activation: str) -> tuple[float, float]:
    """Return the lowest and the highest output of an activation, infinite where there is none."""
    return RANGES.get(activation, (-math.inf, math.inf))


def out_of_reach(
    targets: Float[Tensor, "N n_output"], activation: str
) -> Bool[Tensor, "N n_output"]:
    """Say which targets lie beyond the ends of an activation's range.

    A target at an end itself, such as 1 for a sigmoid, is not beyond: the loss can come as close
    to 0 as one likes.
    """
    low, high = range_of(activation)
    wanted = targets.to(torch.float64)
    return (wanted < low) | (wanted > high)


def loss_floor(targets: Float[Tensor, "N n_output"], activation: str, loss: str) -> float:
    """Compute the loss per example that no weights can go below, because of targets out of reach.

    The loss of outputs that are each as near to its target as the activation gets; for
    SquaredError ½ Σ (distance of the target from the range)², averaged over the examples, in
    float64. Whether a network can come near it is another question: examples that are alike but
    have different targets, or too few neurons, may keep it above. 0 for a loss of which no such
    bound is known here.
    """
    if loss not in BY_DISTANCE or not out_of_reach(targets, activation).any():
        return 0.0
    wanted = targets.to(torch.float64)
    return LOSSES[loss].value(wanted.clamp(*range_of(activation)), wanted).item()
