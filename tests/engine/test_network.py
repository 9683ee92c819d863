"""The network: views of one flat tensor, drawn as the notebook draws, copied in."""

import pytest
import torch

from nets.engine.activations import ACTIVATIONS
from nets.engine.network import Network, initialize
from nets.seeds import stream

SIGMOID = ACTIVATIONS["sigmoid"]


def drawn(sizes, seed=0):
    return initialize(sizes, [SIGMOID] * (len(sizes) - 1), stream(seed))


@pytest.mark.parametrize("sizes", [(5, 3, 1), (1, 1), (64, 64, 16), (2, 4, 3, 2, 7)])
def test_all_parameters_are_views_of_one_flat_tensor_and_none_overlap(sizes):
    network = drawn(sizes)
    network.parameters.zero_()
    for layer in network.layers:
        layer.weights.add_(1)
        layer.biases.add_(1)
    count = sum(layer.weights.numel() + layer.biases.numel() for layer in network.layers)
    assert network.sizes == sizes
    assert network.parameters.sum() == count
    assert network.parameters.max() == 1


def test_shapes_are_the_notebook_s():
    first, last = drawn((5, 3, 1)).layers
    assert [tuple(part.shape) for part in (first.weights, first.biases)] == [(5, 3), (1, 3)]
    assert [tuple(part.shape) for part in (last.weights, last.biases)] == [(3, 1), (1, 1)]
    assert first.weights.dtype == torch.float32
    assert first.weights.is_contiguous()


def test_every_layer_starts_on_a_memory_boundary_as_a_separate_tensor_does():
    for layer in drawn((5, 3, 7, 2)).layers:
        assert layer.weights.data_ptr() % 64 == 0


def test_all_weights_are_drawn_before_all_biases():
    network = drawn((4, 3, 2), seed=9)
    generator = stream(9)
    for shape, got in [
        ((4, 3), network.layers[0].weights),
        ((3, 2), network.layers[1].weights),
        ((1, 3), network.layers[0].biases),
        ((1, 2), network.layers[1].biases),
    ]:
        assert torch.equal(got, torch.randn(shape, generator=generator))


def test_weights_and_biases_are_copied_in():
    pairs = [(torch.ones(2, 3), torch.ones(1, 3)), (torch.ones(3, 1), torch.ones(1))]
    network = Network.of(pairs)
    copy = network.copy()
    pairs[0][0].fill_(7)
    network.layers[1].weights.fill_(8)
    assert network.layers[0].weights.max() == 1
    assert copy.layers[1].weights.max() == 1


@pytest.mark.parametrize(
    ("pairs", "names", "message"),
    [
        ([], {}, "layers must be at least one pair"),
        ([([1.0, 2.0], [1.0])], {}, r"weights of layer 1 must be a matrix.*got shape \(2,\)"),
        ([([[1.0]], [1.0, 2.0])], {}, "biases of layer 1 must be 1 numbers"),
        ([([[1.0]], [1.0]), ([[1.0], [1.0]], [1.0])], {}, "weights of layer 2 must have 1 rows"),
        ([([[float("nan")]], [1.0])], {}, "weights of layer 1 must be finite numbers"),
        ([([[1.0]], [float("inf")])], {}, "biases of layer 1 must be finite numbers"),
        ([([[1.0]], [1.0])], {"output_activation": "step"}, "output_activation must be one of"),
        ([([[1.0]], [1.0])], {"hidden_activation": "step"}, "hidden_activation must be one of"),
    ],
)
def test_an_impossible_network_is_refused_by_name(pairs, names, message):
    with pytest.raises(ValueError, match=message):
        Network.of(pairs, **names)
