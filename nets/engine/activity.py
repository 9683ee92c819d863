"""Activity and gradients: what one pass forward, and one pass back, computes in every layer."""

from dataclasses import dataclass, replace
from typing import Self

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activations import Activation
from nets.engine.network import Network, matrix_shapes
from nets.engine.storage import Flat


@dataclass(frozen=True)
class Activity:
    """What one forward propagation computed.

    Attributes:
        inputs: what each layer was fed, (batch, fan_in): the examples, then `outputs[:-1]`.
        sums: z of each layer, (batch, fan_out).
        outputs: a of each layer, (batch, fan_out).
        augmented: whether `fed` has one more column, of ones, whose weights are the biases. That
            takes fewer products; without it every product is the notebook's to the last bit.
        fed: `inputs`, augmented or not.
        transposed: `fed` turned over, made once because backpropagation multiplies by it.
        alike: neighbouring layers of one activation: it, all their z and all their a, flat.
    """

    inputs: tuple[Float[Tensor, "*many batch _"], ...]
    sums: tuple[Float[Tensor, "*many batch _"], ...]
    outputs: tuple[Float[Tensor, "*many batch _"], ...]
    augmented: bool
    fed: tuple[Float[Tensor, "*many batch _"], ...]
    transposed: tuple[Float[Tensor, "*many _ batch"], ...]
    alike: tuple[tuple[Activation, Tensor, Tensor], ...]

    @classmethod
    def empty(
        cls, network: Network, examples: Float[Tensor, "*many batch _"], *, augmented: bool = False
    ) -> Self:
        """Make room for a forward propagation of these examples, which are augmented or not."""
        take_thread_count()
        sums, outputs = (
            Room.empty(network, examples.shape[-2], augmented=augmented) for _ in range(2)
        )
        fed = (examples, *outputs.fed[:-1])
        activations = [network.layers[first].activation for first, _ in network.alike]
        return cls(
            (_inputs(examples, augmented), *outputs.neurons[:-1]),
            sums.neurons,
            outputs.neurons,
            augmented,
            fed,
            tuple(x.mT for x in fed),
            tuple(zip(activations, sums.alike, outputs.alike, strict=True)),
        )

    def over(self, examples: Float[Tensor, "*many batch _"]) -> Self:
        """Return the same room for other examples, as many."""
        return replace(
            self,
            inputs=(_inputs(examples, self.augmented), *self.inputs[1:]),
            fed=(examples, *self.fed[1:]),
            transposed=(examples.mT, *self.transposed[1:]),
        )

    @property
    def output(self) -> Float[Tensor, "*many batch n_output"]:
        """The activations of the last layer: the network's answer."""
        return self.outputs[-1]


@dataclass(frozen=True)
class Gradients:
    """What one backpropagation computed, in the network's own shape.

    Attributes:
        deltas: ∂loss/∂z of each layer, (batch, fan_out).
        parameters: ∂loss/∂parameter, flat, in the order of `Network.parameters`.
        weights, biases: views of `parameters`, layer by layer.
        products: where transposed inputs times deltas go: weights with biases as their last row
            where the activity is augmented, otherwise weights alone.
        slopes: ∂a/∂z of each layer, (batch, fan_out).
        alike: the slopes of neighbouring layers of one activation, flat, as in the activity.
    """

    deltas: tuple[Float[Tensor, "*many batch _"], ...]
    parameters: Float[Tensor, "*many n_parameters"]
    weights: tuple[Float[Tensor, "*many _ _"], ...]
    biases: tuple[Float[Tensor, "*many 1 _"], ...]
    products: tuple[Float[Tensor, "*many _ _"], ...]
    slopes: tuple[Float[Tensor, "*many batch _"], ...]
    alike: tuple[Tensor, ...]

    @classmethod
    def empty(cls, network: Network, activity: Activity) -> Self:
        """Make room for a backpropagation after this forward propagation."""
        batch, augmented = activity.output.shape[-2], activity.augmented
        flat = torch.zeros_like(network.parameters)
        matrices = Flat.over(flat, matrix_shapes(network.sizes)).matrices
        weights = tuple(matrix[..., :-1, :] for matrix in matrices)
        slopes = Room.empty(network, batch, augmented=augmented)
        return cls(
            Room.empty(network, batch, augmented=augmented).neurons,
            flat,
            weights,
            tuple(matrix[..., -1:, :] for matrix in matrices),
            matrices if augmented else weights,
            slopes.neurons,
            slopes.alike,
        )


def take_thread_count() -> None:
    """Have a new thread of Python take over the number of torch's threads set for the process.

    It does so only once it asks; until then products may be split, and round another way.
    """
    torch.get_num_threads()


def _inputs(
    examples: Float[Tensor, "*many batch _"], augmented: bool
) -> Float[Tensor, "*many batch _"]:
    return examples[..., :-1] if augmented else examples


@dataclass(frozen=True)
class Room:
    """Room for one number per neuron and example.

    Attributes:
        neurons: one tensor a layer, (batch, fan_out).
        fed: what the next layer is fed: `neurons`, or when augmented the same with one more column
            that is always 1, (batch, fan_out + 1). Examples then lie in columns, which is quick
            for many of them.
        alike: neighbouring layers that share an activation as one flat tensor.
    """

    neurons: tuple[Float[Tensor, "*many batch _"], ...]
    fed: tuple[Float[Tensor, "*many batch _"], ...]
    alike: tuple[Tensor, ...]

    @classmethod
    def empty(cls, network: Network, batch: int, *, augmented: bool) -> Self:
        """Make room for so many examples, full of ones."""
        sizes = network.sizes[1:]
        shapes = [(size + 1, batch) if augmented else (batch, size) for size in sizes]
        flat = Flat.filled(network.parameters, shapes, 1.0)
        fed = tuple(rows.mT for rows in flat.matrices) if augmented else flat.matrices
        neurons = tuple(x[..., :-1] for x in fed) if augmented else fed
        return cls(neurons, fed, tuple(flat.span(*ends) for ends in network.alike))


def augment(examples: Float[Tensor, "*many batch n_input"]) -> Float[Tensor, "*many batch _"]:
    """Give examples one more input that is always 1."""
    return torch.cat([examples, torch.ones_like(examples[..., :1])], dim=-1)
