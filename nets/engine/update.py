"""Updating the parameters: one small step downhill, by hand or by an optimiser of torch.optim."""

import inspect
from collections.abc import Mapping, Sequence
from functools import cache

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import Gradients
from nets.engine.network import Network
from nets.engine.optimizers import OPTIMIZERS, torch_options


def update(
    network: Network,
    gradients: Gradients,
    learning_rate: Float[Tensor, "*many_rates"],
    change: Float[Tensor, "*many n_parameters"] | None = None,
) -> None:
    """Move every weight and bias of the network, in place, against its gradient.

    The notebook's cells 14 to 16.

    Args:
        network: the network to change.
        gradients: of the same shape.
        learning_rate: how far to go: a tensor without dimensions, because torch wraps a Python
            number at every call; for several networks side by side one rate each, (many, 1).
        change: where to write what is subtracted. It is rounded before it is subtracted, as in
            the notebook. Without it both are one call, which may round the last bit otherwise.
    """
    if change is None:
        network.parameters.addcmul_(gradients.parameters, learning_rate, value=-1)
    else:
        network.parameters.sub_(torch.mul(gradients.parameters, learning_rate, out=change))


class GradientDescent:
    """The notebook's own update, for one network or for several side by side."""

    def __init__(self, network: Network, *, fused: bool) -> None:
        """Make what an update needs; `fused` if it need not have the notebook's bits."""
        self._network, parameters = network, network.parameters
        side_by_side = parameters.ndim > 1
        self._rates = parameters.new_empty((len(parameters), 1) if side_by_side else ())
        self._change = None if fused else torch.empty_like(parameters)
        self._set: list[float] = []

    def set_rates(self, rates: Sequence[float]) -> None:
        """Give each network its learning rate."""
        if self._set != rates:
            self._set = [*rates]
            self._rates.copy_(torch.tensor(rates, dtype=self._rates.dtype).view_as(self._rates))

    def update(self, gradients: Gradients) -> None:
        """Move every weight and bias, in place, against its gradient."""
        update(self._network, gradients, self._rates, self._change)


class TorchOptimizer:
    """An optimiser of torch.optim that takes our gradients."""

    def __init__(
        self,
        optimizer: str,
        network: Network,
        state: Float[Tensor, "*many n_state"],
        constants: Mapping[str, float],
    ) -> None:
        """Continue the work of an optimiser.

        Args:
            optimizer: a key of `OPTIMIZERS` that has a `torch_class`.
            network: whose parameters it changes in place.
            state: what it keeps for each parameter, one kind after the other; it changes in place.
            constants: of the optimiser, by the names of its row.
        """
        row = OPTIMIZERS[optimizer]
        self.parameters = _one_each(network.parameters)
        groups = [{"params": [parameters]} for parameters in self.parameters]
        self.optimizer = _without_compiler(row.torch_class)(groups, **torch_options(constants))
        for parameters, kept in zip(self.parameters, _one_each(state), strict=True):
            kinds = kept.view(-1, len(parameters)).unbind()
            named = dict(zip(row.state_names, kinds, strict=True))
            self.optimizer.state[parameters] = {"step": torch.tensor(0.0), **named}

    def set_updates(self, count: int) -> None:
        """Set the number of updates so far, by which some optimisers correct theirs."""
        for parameters in self.parameters:
            self.optimizer.state[parameters]["step"].fill_(count)

    def set_rates(self, rates: Sequence[float]) -> None:
        """Give each network its learning rate."""
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate

    def update(self, gradients: Gradients) -> None:
        """Move every weight and bias, in place, as the optimiser decides."""
        pairs = zip(self.parameters, _one_each(gradients.parameters), strict=True)
        for parameters, gradient in pairs:
            parameters.grad = gradient
        self.optimizer.step()


@cache
def _without_compiler(torch_class: str) -> type[torch.optim.Optimizer]:
    """Return an optimiser whose methods do not call torch's compiler.

    They would tell it where to stop. We do not use it, and importing it takes a second and 70 MB.
    """
    known = getattr(torch.optim, torch_class)
    plain = {name: inspect.unwrap(getattr(known, name)) for name in ("add_param_group", "step")}
    return type(torch_class, (known,), plain)


def _one_each(numbers: Float[Tensor, "*many n"]) -> list[Tensor]:
    """View the numbers of each network."""
    return list(numbers.view(-1, numbers.shape[-1]).unbind())
