"""Optimisers: ways in which gradients become a change of the parameters, and their constants."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Constant:
    """A number that some optimisers have besides the learning rate.

    Attributes:
        name: as in `Config`.
        title: its name on the page.
        meaning: what it does, in a sentence.
        low, high: its limits.
        step: what an arrow key adds to it on the page.
        torch_name: of the option in torch.optim.
    """

    name: str
    title: str
    meaning: str
    low: float = 0.0
    high: float = 0.9999
    step: float = 0.01
    torch_name: str = ""


CONSTANTS = {
    constant.name: constant
    for constant in (
        Constant(
            "momentum",
            "Momentum factor",
            "From 0 to 0.9999. The part of the last velocity that an update keeps.",
            torch_name="momentum",
        ),
        Constant(
            "alpha",
            "α",
            "From 0 to 0.9999. How much of the moving average of the squared gradients an update "
            "keeps.",
            torch_name="alpha",
        ),
        Constant(
            "beta1",
            "β₁",
            "From 0 to 0.9999. How much of the moving average of the gradients an update keeps.",
            torch_name="betas",
        ),
        Constant(
            "beta2",
            "β₂",
            "From 0 to 0.9999. How much of the moving average of the squared gradients an update "
            "keeps.",
            torch_name="betas",
        ),
        Constant(
            "epsilon",
            "ε",
            "From 1e-12 to 1. Added to the root by which the change is divided, so that nothing is "
            "divided by 0.",
            1e-12,
            1.0,
            1e-8,
            "eps",
        ),
    )
}


@dataclass(frozen=True)
class Optimizer:
    """How gradients become a change of the parameters.

    Attributes:
        name: as in `Config`.
        title: its name on the page.
        torch_class: its class in torch.optim; empty for `update` itself.
        constants: that it has, by their names in `CONSTANTS`, with their usual values: torch's
            defaults, except for the momentum.
        state_names: what it keeps for each parameter between updates, by torch's names; at
            first all are 0.
        usual_rates: the lowest and the highest learning rate with which it usually learns well.
    """

    name: str
    title: str
    torch_class: str = ""
    constants: dict[str, float] = field(default_factory=dict[str, float])
    state_names: tuple[str, ...] = ()
    usual_rates: tuple[float, float] = (0.0, math.inf)


OPTIMIZERS = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer("GradientDescent", "Gradient descent"),
        Optimizer(
            "Momentum",
            "Momentum",
            torch_class="SGD",
            constants={"momentum": 0.9},
            state_names=("momentum_buffer",),
            usual_rates=(0.001, 0.1),
        ),
        Optimizer(
            "RMSprop",
            "RMSprop",
            torch_class="RMSprop",
            constants={"alpha": 0.99, "epsilon": 1e-8},
            state_names=("square_avg",),
            usual_rates=(0.0001, 0.01),
        ),
        Optimizer(
            "Adagrad",
            "Adagrad",
            torch_class="Adagrad",
            constants={"epsilon": 1e-10},
            state_names=("sum",),
            usual_rates=(0.001, 0.1),
        ),
        Optimizer(
            "Adam",
            "Adam",
            torch_class="Adam",
            constants={"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
            state_names=("exp_avg", "exp_avg_sq"),
            usual_rates=(0.0001, 0.01),
        ),
    )
}


def torch_options(constants: Mapping[str, float]) -> dict[str, Any]:
    """Write constants as options of torch.optim, in which both betas are one option."""
    options: dict[str, Any] = {}
    for name, value in constants.items():
        option = CONSTANTS[name].torch_name
        options[option] = (*options.get(option, ()), value) if option == "betas" else value
    return options


def initial_optimizer_state(
    optimizer: str, parameters: Float[Tensor, " n_parameters"]
) -> Float[Tensor, " n_state"]:
    """Make the state of an optimiser before the first update: zeros, flat."""
    return parameters.new_zeros(len(OPTIMIZERS[optimizer].state_names) * len(parameters))
