"""Torch model: a network as an `nn.Sequential` and back, with the same numbers."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from nets.engine.activations import ACTIVATIONS, Activation
from nets.engine.network import Network
from nets.engine.softmax import FOR_OUTPUTS
from nets.explain.notebook_code import find_activation
from nets.training.run import FUSED

# It tells whether two functions are the same.
PROBE = torch.linspace(-12, 12, 99).view(33, 3)


class NotebookLinear(nn.Linear):
    """`nn.Linear`, rounded as the notebook does: the product first, then the biases are added."""

    def forward(self, input: Float[Tensor, "*many fan_in"]) -> Float[Tensor, "*many fan_out"]:
        """Compute z = x @ weights + biases."""
        return torch.matmul(input, self.weight.t()) + self.bias


class NotebookActivation(nn.Module):
    """An activation as the notebook writes it, where torch's own module rounds differently."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def forward(self, input: Float[Tensor, "*many fan_out"]) -> Float[Tensor, "*many fan_out"]:
        """Compute a = f(z)."""
        return _notebook_function(self.name)(input)

    def extra_repr(self) -> str:
        """Name the function."""
        return self.name


@cache
def _notebook_function(name: str) -> Callable[[Tensor], Tensor]:
    """Make a function of the row's own line, which autograd can follow."""
    return eval(f"lambda z: {find_activation(name).notebook}", {"torch": torch})


def to_torch(network: Network) -> nn.Sequential:
    """Return a copy of a network as an `nn.Sequential` of linear layers and activations.

    Its output is that of `forward`, bit for bit, and it can be trained with autograd. Weights have
    torch's shape, (fan_out, fan_in), and names: 0.weight, 0.bias, 2.weight, ….
    """
    modules: list[nn.Module] = []
    for layer in network.layers:
        fan_in, fan_out = layer.weights.shape
        linear = NotebookLinear(fan_in, fan_out, dtype=layer.weights.dtype)
        # A view of our layout: the same product in another layout may be rounded differently.
        linear.weight.data = layer.weights.detach().clone().t()
        linear.bias.data = layer.biases.detach().clone()[0]
        modules += [linear, _module_of(layer.activation)]
    return nn.Sequential(*modules)


def _module_of(row: Activation) -> nn.Module:
    """Return torch's own module if it gives the row's numbers to the last bit."""
    module = _torch_modules().get(row.name)
    # Its rows too: torch computes a few numbers in another way than many.
    some = (PROBE, *PROBE.chunk(len(PROBE)))
    if module is not None and all(torch.equal(module(z), _values(row, z)) for z in some):
        return type(module)(dim=-1) if row.name in FOR_OUTPUTS else type(module)()
    return NotebookActivation(row.name)


@cache
def _torch_modules() -> dict[str, nn.Module]:
    """Find torch's module for each activation that has one: its name without capitals."""
    known = {name.lower(): getattr(nn, name) for name in dir(nn)}
    modules: dict[str, nn.Module] = {"linear": nn.Identity()}
    for name in ACTIVATIONS | FOR_OUTPUTS:
        made = known.get(name.replace("_", ""))
        if made is not None and name not in modules:
            modules[name] = made(dim=-1) if name in FOR_OUTPUTS else made()
    return modules


def _values(row: Activation, z: Tensor) -> Tensor:
    return row.value(z, torch.empty_like(z))


def from_torch(model: nn.Sequential) -> Network:
    """Copy an `nn.Sequential` of linear layers, each with an activation or none, into a network.

    Parameters are the same bit for bit. So are outputs, if the model comes from `to_torch`; those
    of other models are the same within rounding.

    Raises:
        ValueError: for a model of other parts; names the part and what is allowed.
    """
    layers: list[tuple[nn.Linear, Activation]] = []
    fresh = False  # whether the last layer has no activation yet
    for place, part in enumerate(_parts(model)):
        if isinstance(part, nn.Linear):
            layers.append((part, ACTIVATIONS["linear"]))
            fresh = True
        elif fresh:
            layers[-1] = (layers[-1][0], _row_of(part, place))
            fresh = False
        else:
            raise ValueError(
                f"An activation must follow a Linear layer; part {place} is {_name(part)}."
            )
    if not layers:
        raise ValueError("The model must have a Linear layer; it has none.")
    if any(row.name in FOR_OUTPUTS for _, row in layers[:-1]):
        raise ValueError("Softmax must be the last part of the model.")
    return make_network([_pair(linear) for linear, _ in layers], [row for _, row in layers])


def _parts(model: object) -> list[nn.Module]:
    if not isinstance(model, nn.Sequential):
        raise ValueError(f"The model must be an nn.Sequential; got {type(model).__name__}.")
    return list(cast(Any, model))


def linear_pairs(model: nn.Sequential) -> list[tuple[Tensor, Tensor]]:
    """Return (weights, biases) of each linear layer of a model that `from_torch` accepts."""
    return [_pair(part) for part in model if isinstance(part, nn.Linear)]


def make_network(pairs: Sequence[tuple[Tensor, Tensor]], rows: Sequence[Activation]) -> Network:
    """Make a network from (weights, biases) of each layer and its activations.

    Raises:
        ValueError: if a layer does not fit the one before it, or is not finite.
    """
    dtype = torch.float64 if pairs[0][0].dtype == torch.float64 else torch.float32
    checked = Network.of(pairs, dtype=dtype)
    return Network.shaped(checked.parameters, checked.sizes, rows)


def _pair(linear: nn.Linear) -> tuple[Tensor, Tensor]:
    """Return weights (fan_in, fan_out) and biases (fan_out,); no biases are biases of 0."""
    weights, biases = linear.weight.detach().cpu(), cast(Tensor | None, linear.bias)
    return weights.t(), weights.new_zeros(len(weights)) if biases is None else biases.detach().cpu()


def _row_of(part: nn.Module, place: int) -> Activation:
    """Return the row of a module: that of `FUSED` for torch's own, which rounds as torch does."""
    if isinstance(part, NotebookActivation):
        return find_activation(part.name)
    for name, module in _torch_modules().items():
        row = (FUSED | FOR_OUTPUTS)[name]
        if type(part) is type(module):
            values = part(PROBE.clone())
            if torch.allclose(values, _values(row, PROBE), atol=1e-6):
                return row
    names = ", ".join(type(module).__name__ for module in _torch_modules().values())
    raise ValueError(
        f"Part {place} of the model must be Linear, or one of {names} with torch's own defaults; "
        f"got {_name(part)}."
    )


def _name(part: nn.Module) -> str:
    return f"{type(part).__name__}({part.extra_repr()})"
