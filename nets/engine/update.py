"""Updating the parameters: one small step downhill, by hand or by an optimiser of torch's own."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Gradients
from nets.engine.network import Network


def update(
    network: Network,
    gradients: Gradients,
    learning_rate: Float[Tensor, "*many_rates"],
    out: Float[Tensor, "*many n_parameters"] | None = None,
) -> Float[Tensor, "*many n_parameters"]:
    """Move every weight and bias of the network, in place, against its gradient.

    The notebook's cells 14 to 16. The product is rounded before it is subtracted, as there; a
    fused multiply-add would differ in the last bit.

    Args:
        network: the network to change.
        gradients: of the same shape.
        learning_rate: how far to go; a tensor of no dimension, because torch wraps a Python
            number anew at every call; for several networks side by side one rate each, (many, 1).
        out: room for the change, which is returned: what was subtracted from the parameters.
    """
    change = torch.mul(gradients.parameters, learning_rate, out=out)
    network.parameters.sub_(change)
    return change


@dataclass(frozen=True)
class Optimizer:
    """How gradients become a change of the parameters.

    Attributes:
        name: as a Config has it.
        title: as people read it.
        of_torch: the class of torch.optim that does it; empty where it is done by `update`.
        options: of that class: torch's defaults, but for the momentum.
        remembers: what it keeps of every parameter from one update to the next, as torch calls it;
            all 0 at first.
        usual_rates: the lowest and the highest learning rate with which it usually learns well.
    """

    name: str
    title: str
    of_torch: str = ""
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    remembers: tuple[str, ...] = ()
    usual_rates: tuple[float, float] = (0.0, math.inf)


OPTIMIZERS = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer("GradientDescent", "Gradient descent"),
        Optimizer(
            "Momentum",
            "Momentum",
            of_torch="SGD",
            options={"momentum": 0.9},
            remembers=("momentum_buffer",),
            usual_rates=(0.001, 0.1),
        ),
        Optimizer(
            "RMSprop",
            "RMSprop",
            of_torch="RMSprop",
            options={"alpha": 0.99, "eps": 1e-8},
            remembers=("square_avg",),
            usual_rates=(0.0001, 0.01),
        ),
        Optimizer(
            "Adagrad",
            "Adagrad",
            of_torch="Adagrad",
            options={"eps": 1e-10},
            remembers=("sum",),
            usual_rates=(0.001, 0.1),
        ),
        Optimizer(
            "Adam",
            "Adam",
            of_torch="Adam",
            options={"betas": (0.9, 0.999), "eps": 1e-8},
            remembers=("exp_avg", "exp_avg_sq"),
            usual_rates=(0.0001, 0.01),
        ),
    )
}


def initial_optimizer_state(
    optimizer: str, parameters: Float[Tensor, " n_parameters"]
) -> Float[Tensor, " remembered"]:
    """Make what an optimiser remembers before the first update: nothing but zeros, flat."""
    return parameters.new_zeros(len(OPTIMIZERS[optimizer].remembers) * len(parameters))


class TorchOptimizer:
    """An optimiser of torch.optim that is fed with our gradients.

    Making one takes 2 seconds the first time, in which torch imports what it has for optimisers.
    """

    def __init__(
        self,
        optimizer: str,
        parameters: Float[Tensor, "*many n_parameters"],
        memory: Float[Tensor, "*many remembered"],
        updates: int,
    ) -> None:
        """Take up the work of an optimiser after some updates.

        Args:
            optimizer: a key of `OPTIMIZERS`, one of torch's own.
            parameters: that it will change; of several networks side by side, one row each.
            memory: what it remembers, one piece behind the other; it will be changed too.
            updates: how many there were.
        """
        ours = OPTIMIZERS[optimizer]
        self.rows = _rows(parameters)
        groups = [{"params": [row]} for row in self.rows]
        self.optimizer = getattr(torch.optim, ours.of_torch)(groups, **ours.options)
        for row, remembered in zip(self.rows, _rows(memory), strict=True):
            pieces = remembered.view(-1, len(row)).unbind()
            state = dict(zip(ours.remembers, pieces, strict=True))
            self.optimizer.state[row] = {"step": torch.tensor(float(updates)), **state}

    def set_rates(self, rates: Sequence[float]) -> None:
        """Give each network its learning rate."""
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate

    def update(self, gradients: Gradients) -> None:
        """Move every weight and bias, in place, as the optimiser has it."""
        for row, gradient in zip(self.rows, _rows(gradients.parameters), strict=True):
            row.grad = gradient
        self.optimizer.step()


def _rows(numbers: Float[Tensor, "*many n"]) -> list[Tensor]:
    """View each network's own numbers."""
    return list(numbers.view(-1, numbers.shape[-1]).unbind())
