"""The network: layers of weights and biases, all of them views of one flat tensor."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import torch
from jaxtyping import Float
from torch import Tensor

from nets.activations import ACTIVATIONS, Activation

# Weights start at a multiple of 16 numbers in the flat tensor, because torch.mm may round another
# way where a matrix does not lie on a boundary of 64 bytes as a tensor of its own does. The few
# numbers skipped are zero and stay zero.
ALIGNMENT = 16


@dataclass(frozen=True)
class Layer:
    """One layer of neurons: a = activation(x @ weights + biases)."""

    weights: Float[Tensor, "fan_in fan_out"]
    biases: Float[Tensor, "1 fan_out"]
    activation: Activation
    transposed: Float[Tensor, "fan_out fan_in"]


@dataclass(frozen=True)
class Network:
    """Layers that share one flat tensor of parameters: weights, then biases, layer after layer.

    `split` says where in it each of them lies.
    """

    parameters: Float[Tensor, " n_parameters"]
    layers: tuple[Layer, ...]

    @classmethod
    def shaped(
        cls,
        parameters: Float[Tensor, " n_parameters"],
        sizes: Sequence[int],
        activations: Iterable[Activation],
    ) -> Self:
        """Lay a network of these sizes over a flat tensor, without copying it."""
        layers = (
            Layer(weights, biases, activation, weights.t())
            for (weights, biases), activation in zip(
                split(parameters, sizes), activations, strict=True
            )
        )
        return cls(parameters, tuple(layers))

    @classmethod
    def of(
        cls,
        layers: Iterable[tuple[Tensor, Tensor]],
        *,
        hidden_activation: str = "sigmoid",
        output_activation: str = "sigmoid",
        dtype: torch.dtype = torch.float32,
    ) -> Self:
        """Make a network from (weights, biases), one pair a layer, copied in.

        Weights are (fan_in, fan_out), biases (1, fan_out) or (fan_out,). A ValueError says which
        layer does not fit the one before it.
        """
        pairs = [(torch.as_tensor(w), torch.as_tensor(b)) for w, b in layers]
        if not pairs:
            raise ValueError("A network needs at least one layer of weights and biases; got none.")
        sizes = [pairs[0][0].shape[0]]
        for number, (weights, biases) in enumerate(pairs, start=1):
            if weights.ndim != 2 or weights.shape[0] != sizes[-1]:
                raise ValueError(
                    f"The weights of layer {number} must be a matrix with {sizes[-1]} rows, "
                    f"one an input; got shape {tuple(weights.shape)}."
                )
            sizes.append(weights.shape[1])
            if biases.numel() != sizes[-1]:
                raise ValueError(
                    f"The biases of layer {number} must be {sizes[-1]} numbers, one a neuron; "
                    f"got shape {tuple(biases.shape)}."
                )
        names = [hidden_activation] * (len(pairs) - 1) + [output_activation]
        return cls.filled(pairs, sizes, [ACTIVATIONS[name] for name in names], dtype)

    @classmethod
    def filled(
        cls,
        pairs: Iterable[tuple[Tensor, Tensor]],
        sizes: Sequence[int],
        activations: Iterable[Activation],
        dtype: torch.dtype = torch.float32,
    ) -> Self:
        """Copy (weights, biases), one pair a layer, into a flat tensor of their own."""
        network = cls.shaped(torch.zeros(flat_length(sizes), dtype=dtype), sizes, activations)
        for layer, (weights, biases) in zip(network.layers, pairs, strict=True):
            layer.weights.copy_(weights)
            layer.biases.copy_(biases.reshape(1, -1))
        return network

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of inputs, then of neurons in each layer."""
        return (
            self.layers[0].weights.shape[0],
            *(layer.weights.shape[1] for layer in self.layers),
        )

    def with_parameters(self, parameters: Float[Tensor, " n_parameters"]) -> Self:
        """Lay the same layers over other parameters, without copying them."""
        return self.shaped(parameters, self.sizes, [layer.activation for layer in self.layers])

    def copy(self, dtype: torch.dtype | None = None) -> Self:
        """Return a network with parameters of its own, in another precision if one is named."""
        return self.with_parameters(self.parameters.to(dtype=dtype, copy=True))


@dataclass(frozen=True)
class Activity:
    """What one forward propagation computed.

    Attributes:
        inputs: what each layer was fed, (batch, fan_in): the examples, then `outputs[:-1]`.
        sums: z of each layer, (batch, fan_out).
        outputs: a of each layer, (batch, fan_out).
        transposed: `inputs` turned over, made once because backpropagation multiplies by them.
    """

    inputs: tuple[Float[Tensor, "batch _"], ...]
    sums: tuple[Float[Tensor, "batch _"], ...]
    outputs: tuple[Float[Tensor, "batch _"], ...]
    transposed: tuple[Float[Tensor, "_ batch"], ...]

    @classmethod
    def empty(cls, network: Network, examples: Float[Tensor, "batch n_input"]) -> Self:
        """Make room for a forward propagation of these examples."""
        outputs = _room(network, len(examples))
        inputs = (examples, *outputs[:-1])
        return cls(inputs, _room(network, len(examples)), outputs, tuple(fed.t() for fed in inputs))

    @property
    def output(self) -> Float[Tensor, "batch n_output"]:
        """The activations of the last layer: the network's answer."""
        return self.outputs[-1]


@dataclass(frozen=True)
class Gradients:
    """What one backpropagation computed, in the network's own shape.

    Attributes:
        errors: ∂loss/∂a of each layer, (batch, fan_out).
        deltas: ∂loss/∂z of each layer, (batch, fan_out).
        parameters: ∂loss/∂parameter, flat, in the order of `Network.parameters`.
        weights, biases: views of `parameters`, layer by layer.
        ones: (1, batch); multiplying by it sums over the batch.
    """

    errors: tuple[Float[Tensor, "batch _"], ...]
    deltas: tuple[Float[Tensor, "batch _"], ...]
    parameters: Float[Tensor, " n_parameters"]
    weights: tuple[Float[Tensor, "_ _"], ...]
    biases: tuple[Float[Tensor, "1 _"], ...]
    ones: Float[Tensor, "1 batch"]

    @classmethod
    def empty(cls, network: Network, batch: int) -> Self:
        """Make room for a backpropagation through this network."""
        flat = torch.zeros_like(network.parameters)
        weights, biases = zip(*split(flat, network.sizes), strict=True)
        ones = flat.new_ones(1, batch)
        return cls(_room(network, batch), _room(network, batch), flat, weights, biases, ones)


def split(
    flat: Float[Tensor, " n_parameters"], sizes: Sequence[int]
) -> list[tuple[Float[Tensor, "_ _"], Float[Tensor, "1 _"]]]:
    """View a flat tensor as (weights, biases), one pair a layer."""
    pairs: list[tuple[Tensor, Tensor]] = []
    start = 0
    for fan_in, fan_out in itertools.pairwise(sizes):
        biases_start, end = start + fan_in * fan_out, start + (fan_in + 1) * fan_out
        weights, biases = flat[start:biases_start], flat[biases_start:end]
        pairs.append((weights.view(fan_in, fan_out), biases.view(1, fan_out)))
        start = _aligned(end)
    return pairs


def flat_length(sizes: Sequence[int]) -> int:
    """Count the numbers of a flat tensor that holds a network of these sizes."""
    return sum(_aligned((fan_in + 1) * fan_out) for fan_in, fan_out in itertools.pairwise(sizes))


def _aligned(count: int) -> int:
    return -(-count // ALIGNMENT) * ALIGNMENT


def initialize(
    sizes: Sequence[int], activations: Sequence[Activation], generator: torch.Generator
) -> Network:
    """Draw first weights and biases from the standard normal distribution, as the notebook does.

    All weights are drawn before all biases (the notebook's cells 4 and 5).
    """

    def draw(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator)

    fans = list(itertools.pairwise(sizes))
    weights = [draw(fan_in, fan_out) for fan_in, fan_out in fans]
    biases = [draw(1, fan_out) for _, fan_out in fans]
    return Network.filled(zip(weights, biases, strict=True), sizes, activations)


def _room(network: Network, batch: int) -> tuple[Float[Tensor, "batch _"], ...]:
    """One empty (batch, fan_out) tensor a layer, in the network's precision."""
    return tuple(network.parameters.new_empty(batch, size) for size in network.sizes[1:])
