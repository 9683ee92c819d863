"""The network: layers of weights and biases, all views of one flat tensor."""

import bisect
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activations import ACTIVATIONS, Activation
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.names import parameter_name, parse_parameter
from nets.engine.softmax import FOR_OUTPUTS
from nets.engine.storage import Flat, matrix_shapes, starts_of
from nets.validate import quote


@dataclass(frozen=True)
class Layer:
    """One layer of neurons: a = activation(x @ weights + biases).

    Attributes:
        matrix: (fan_in + 1, fan_out), the weights and, as its last row, the biases: a bias is the
            weight of one more input that is always 1.
        weights, biases: views of `matrix`, (fan_in, fan_out) and (1, fan_out).
        transposed: the transpose of `weights`, a view too.
    """

    matrix: Float[Tensor, "*many fan_in_and_1 fan_out"]
    weights: Float[Tensor, "*many fan_in fan_out"]
    biases: Float[Tensor, "*many 1 fan_out"]
    transposed: Float[Tensor, "*many fan_out fan_in"]
    activation: Activation


@dataclass(frozen=True, eq=False)
class Network:
    """Layers that share one flat tensor of parameters: weights, then biases, layer after layer.

    Axes of `parameters` before the last hold several networks side by side; every tensor of every
    layer then has the same first axes. Networks are compared by identity.

    Attributes:
        sizes: the number of inputs, then of neurons in each layer.
        activations: of each layer.
        from_torch: copies an `nn.Sequential`; see `sharing/torch_model.py`, which adds it.
    """

    from_torch: ClassVar[Callable[[Any], "Network"]]
    parameters: Float[Tensor, "*many n_parameters"]
    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]

    @classmethod
    def shaped(
        cls,
        parameters: Float[Tensor, "*many n_parameters"],
        sizes: Sequence[int],
        activations: Iterable[Activation],
    ) -> Self:
        """View a flat tensor as a network of these sizes, without copying it."""
        return cls(parameters, tuple(sizes), tuple(activations))

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, views of the parameters."""
        matrices = Flat.over(self.parameters, matrix_shapes(self.sizes)).matrices
        layers: tuple[Layer, ...] = ()
        for both, activation in zip(matrices, self.activations, strict=True):
            weights, biases = both[..., :-1, :], both[..., -1:, :]
            layers += (Layer(both, weights, biases, weights.mT, activation),)
        return layers

    @classmethod
    def of(
        cls,
        layers: Iterable[tuple[Any, Any]],
        *,
        hidden_activation: str = "sigmoid",
        output_activation: str = "sigmoid",
        dtype: torch.dtype = torch.float32,
    ) -> Self:
        """Make a network from (weights, biases), one pair for each layer, copied in.

        Weights are (fan_in, fan_out), biases (1, fan_out) or (fan_out,).

        Raises:
            ValueError: if a layer does not fit the one before it or is not finite, or if there is
                no activation of that name.
        """
        hidden = _activation("hidden_activation", hidden_activation, ACTIVATIONS)
        output = _activation("output_activation", output_activation, ACTIVATIONS | FOR_OUTPUTS)
        pairs = [_pair(number, *pair, dtype) for number, pair in enumerate(layers, start=1)]
        if not pairs:
            raise ValueError("layers must be at least one pair of weights and biases; got none.")
        for number, ((before, _), (after, _)) in enumerate(itertools.pairwise(pairs), start=2):
            if after.shape[0] != before.shape[1]:
                raise ValueError(
                    f"weights of layer {number} must have {before.shape[1]} rows, one for each "
                    f"neuron of the layer before it; got {after.shape[0]}."
                )
        sizes = [pairs[0][0].shape[0], *(weights.shape[1] for weights, _ in pairs)]
        return cls.filled(pairs, sizes, [hidden] * (len(pairs) - 1) + [output], dtype)

    @classmethod
    def filled(
        cls,
        pairs: Iterable[tuple[Tensor, Tensor]],
        sizes: Sequence[int],
        activations: Iterable[Activation],
        dtype: torch.dtype = torch.float32,
    ) -> Self:
        """Copy (weights, biases), one pair for each layer, into a new flat tensor."""
        length = starts_of(matrix_shapes(sizes))[-1]
        network = cls.shaped(torch.zeros(length, dtype=dtype), sizes, activations)
        for layer, (weights, biases) in zip(network.layers, pairs, strict=True):
            layer.weights.copy_(weights)
            layer.biases.copy_(biases.reshape(1, -1))
        return network

    @cached_property
    def groups(self) -> list[tuple[int, int]]:
        """The first and the last layer of each group of neighbours that share an activation."""
        grouped = itertools.groupby(range(len(self.activations)), key=self.activations.__getitem__)
        members = [list(group) for _, group in grouped]
        return [(group[0], group[-1]) for group in members]

    def with_parameters(self, parameters: Float[Tensor, "*many n_parameters"]) -> Self:
        """View other parameters as the same layers, without copying them."""
        return type(self)(parameters, self.sizes, self.activations)

    def copy(self, dtype: torch.dtype | None = None) -> Self:
        """Copy the network, in another precision if one is named."""
        return self.with_parameters(self.parameters.to(dtype=dtype, copy=True))


def name_of(place: int, sizes: Sequence[int]) -> str:
    """Name the weight or bias at this place of the flat parameters, as the code does."""
    shapes = matrix_shapes(sizes)
    layer = bisect.bisect_right(starts_of(shapes), place)
    rows, columns = shapes[layer - 1]
    row, neuron = divmod(place - starts_of(shapes)[layer - 1], columns)
    return parameter_name(layer, None if row == rows - 1 else row, neuron)


def place_of(name: str, sizes: Sequence[int]) -> int:
    """Find a weight or a bias in the flat parameters, by the code's name: w1[2, 0] or b1[0].

    Raises:
        ValueError: if a network of these sizes has no such parameter.
    """
    parsed, shapes = parse_parameter(name), matrix_shapes(sizes)
    if parsed is not None and parsed[0] <= len(shapes):
        layer, source, neuron = parsed
        rows, columns = shapes[layer - 1]
        row = rows - 1 if source is None else source
        if neuron < columns and (source is None or source < rows - 1):
            return starts_of(shapes)[layer - 1] + row * columns + neuron
    raise ValueError(
        f"name must be a weight or a bias of the network {'-'.join(map(str, sizes))}, such as "
        f"w1[0, 0] or b1[0]; got {quote(name)}."
    )


def _activation(field: str, name: str, known: Mapping[str, Activation]) -> Activation:
    """Look up an activation; raise a ValueError if there is none of this name."""
    if name not in known:
        raise ValueError(f"{field} must be one of {', '.join(known)}; got {name!r}.")
    return known[name]


def _pair(number: int, weights: Any, biases: Any, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Turn one layer's weights and biases into tensors; raise a ValueError if they are wrong."""
    weights, biases = (torch.as_tensor(values).detach().to(dtype) for values in (weights, biases))
    if weights.ndim != 2 or 0 in weights.shape:
        raise ValueError(
            f"weights of layer {number} must be a matrix of fan_in rows and fan_out columns; "
            f"got shape {tuple(weights.shape)}."
        )
    fan_out = weights.shape[1]
    if tuple(biases.shape) not in ((fan_out,), (1, fan_out)):
        raise ValueError(
            f"biases of layer {number} must be {fan_out} numbers, one for each neuron; "
            f"got shape {tuple(biases.shape)}."
        )
    for name, values in (("weights", weights), ("biases", biases)):
        if not values.isfinite().all():
            raise ValueError(
                f"{name} of layer {number} must be finite numbers; some are infinite or missing."
            )
    return weights, biases


def initialize(
    sizes: Sequence[int],
    activations: Sequence[Activation],
    generator: torch.Generator,
    first_weights: str = "normal",
) -> Network:
    """Draw the first weights and biases.

    All weights are drawn before all biases (the notebook's cells 4 and 5). `first_weights` is a
    key of `FIRST_WEIGHTS`.
    """
    fans, way = list(itertools.pairwise(sizes)), FIRST_WEIGHTS[first_weights]
    weights = [way.weights(*fan, generator) for fan in fans]
    biases = [way.biases(*fan, generator) for fan in fans]
    return Network.filled(zip(weights, biases, strict=True), sizes, activations)
