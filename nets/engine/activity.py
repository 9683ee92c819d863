"""Activity and gradients: what forward propagation and backpropagation compute in every layer."""

from dataclasses import dataclass, replace
from typing import Self

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activations import Activation
from nets.engine.network import Network
from nets.engine.storage import Buffer, Flat, matrix_shapes


@dataclass(frozen=True)
class Activity:
    """What one forward propagation computed.

    Attributes:
        inputs: the inputs of each layer, (batch, fan_in): the examples, then `outputs[:-1]`.
        sums: z of each layer, (batch, fan_out).
        outputs: a of each layer, (batch, fan_out).
        augmented: whether `fed` has one more column, of ones, whose weights are the biases. This
            takes fewer products. Without it every product is the notebook's to the last bit.
        fed: `inputs`, augmented or not.
        transposed: the transposes of `fed`, made once because backpropagation multiplies by them.
        groups: for neighbouring layers that share an activation: it, all their z and all their a.
    """

    inputs: tuple[Float[Tensor, "*many batch _"], ...]
    sums: tuple[Float[Tensor, "*many batch _"], ...]
    outputs: tuple[Float[Tensor, "*many batch _"], ...]
    augmented: bool
    fed: tuple[Float[Tensor, "*many batch _"], ...]
    transposed: tuple[Float[Tensor, "*many _ batch"], ...]
    groups: tuple[tuple[Activation, Tensor, Tensor], ...]

    @classmethod
    def empty(
        cls, network: Network, examples: Float[Tensor, "*many batch _"], *, augmented: bool = False
    ) -> Self:
        """Make the tensors for a forward propagation of these examples, augmented or not."""
        apply_thread_count()
        sums, outputs = [_buffer(network, examples.shape[-2], augmented) for _ in range(2)]
        fed = (examples, *outputs.fed[:-1])
        activations = [network.layers[first].activation for first, _ in network.groups]
        return cls(
            (_without_ones(examples, augmented), *outputs.neurons[:-1]),
            sums.neurons,
            outputs.neurons,
            augmented,
            fed,
            tuple([x.mT for x in fed]),
            tuple(zip(activations, sums.groups, outputs.groups, strict=True)),
        )

    def for_examples(
        self,
        examples: Float[Tensor, "*many batch _"],
        transposed: Float[Tensor, "*many _ batch"] | None = None,
    ) -> Self:
        """Return the same tensors for other examples, of the same number."""
        return replace(
            self,
            inputs=(_without_ones(examples, self.augmented), *self.inputs[1:]),
            fed=(examples, *self.fed[1:]),
            transposed=(examples.mT if transposed is None else transposed, *self.transposed[1:]),
        )

    @property
    def output(self) -> Float[Tensor, "*many batch n_output"]:
        """The activations of the last layer: the network's output ŷ."""
        return self.outputs[-1]


@dataclass(frozen=True)
class Gradients:
    """What one backpropagation computed, in the network's own shape.

    Attributes:
        deltas: ∂loss/∂z of each layer, (batch, fan_out).
        parameters: ∂loss/∂parameter, flat, in the order of `Network.parameters`.
        weights, biases: views of `parameters`, layer by layer.
        products: where transposed inputs times deltas are written: weights with biases as their
            last row if the activity is augmented, otherwise weights alone.
        slopes: ∂a/∂z of each layer, (batch, fan_out), unless the activation has a `back`.
        groups: the slopes of neighbouring layers that share an activation, flat, as in `Activity`.
    """

    deltas: tuple[Float[Tensor, "*many batch _"], ...]
    parameters: Float[Tensor, "*many n_parameters"]
    weights: tuple[Float[Tensor, "*many _ _"], ...]
    biases: tuple[Float[Tensor, "*many 1 _"], ...]
    products: tuple[Float[Tensor, "*many _ _"], ...]
    slopes: tuple[Float[Tensor, "*many batch _"], ...]
    groups: tuple[Tensor, ...]

    @classmethod
    def empty(cls, network: Network, activity: Activity) -> Self:
        """Make the tensors for a backpropagation after this forward propagation."""
        batch, augmented = activity.output.shape[-2], activity.augmented
        flat = torch.zeros_like(network.parameters)
        matrices = Flat.over(flat, matrix_shapes(network.sizes)).matrices
        weights = tuple([matrix[..., :-1, :] for matrix in matrices])
        slopes = _buffer(network, batch, augmented)
        return cls(
            _buffer(network, batch, augmented).neurons,
            flat,
            weights,
            tuple([matrix[..., -1:, :] for matrix in matrices]),
            matrices if augmented else weights,
            slopes.neurons,
            slopes.groups,
        )


def apply_thread_count() -> None:
    """Apply `torch.set_num_threads` to this thread of Python.

    A new thread ignores the number until it asks for it once; until then torch may split products
    and round differently.
    """
    torch.get_num_threads()


def _buffer(network: Network, batch: int, augmented: bool) -> Buffer:
    sizes, groups = network.sizes[1:], network.groups
    return Buffer.empty(network.parameters, sizes, groups, batch, augmented=augmented)


def _without_ones(
    examples: Float[Tensor, "*many batch _"], augmented: bool
) -> Float[Tensor, "*many batch _"]:
    return examples[..., :-1] if augmented else examples
