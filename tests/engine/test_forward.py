"""Forward propagation, against torch.nn."""

import pytest
import torch
from torch import nn

from nets.engine.activations import ACTIVATIONS
from nets.engine.activity import Activity
from nets.engine.forward import forward
from nets.engine.network import Network, initialize
from nets.engine.storage import augment
from nets.seeds import stream

MODULES = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "linear": nn.Identity,
}


def drawn_network(sizes, *names, seed=0):
    activations = [ACTIVATIONS[name] for name in names]
    return initialize(sizes, activations, stream(seed)).copy(torch.float64)


def sequential(network):
    """Make the same network from torch's modules: linear and activation, in turns."""
    modules = []
    for layer in network.layers:
        linear = nn.Linear(*layer.weights.shape, dtype=layer.weights.dtype)
        linear.load_state_dict({"weight": layer.weights.t(), "bias": layer.biases[0]})
        modules += [linear, MODULES[layer.activation.name]()]
    return nn.Sequential(*modules)


@pytest.fixture(params=[1, 5, 300])
def inputs(request):
    return torch.randn(request.param, 3, generator=stream(1), dtype=torch.float64)


@pytest.mark.parametrize("augmented", [False, True])
@pytest.mark.parametrize(
    "names", [("tanh",), ("relu", "sigmoid"), ("leaky_relu", "tanh", "linear")]
)
def test_every_layer_s_sums_and_outputs_agree_with_torch(inputs, names, augmented):
    network = drawn_network((3, 4, 2, 5)[: len(names) + 1], *names)
    room = Activity.empty(network, augment(inputs), augmented=True) if augmented else None
    activity = forward(network, room.fed[0] if room else inputs, room)
    x = inputs
    for module, got in zip(sequential(network), interleaved(activity), strict=True):
        x = module(x)
        torch.testing.assert_close(got, x.detach())
    assert torch.equal(activity.inputs[0], inputs)
    assert all(map(torch.equal, activity.inputs[1:], activity.outputs[:-1]))
    assert activity.output is activity.outputs[-1]


def interleaved(activity):
    return [each for pair in zip(activity.sums, activity.outputs, strict=True) for each in pair]


def test_forward_changes_neither_the_network_nor_the_inputs(inputs):
    network = drawn_network((3, 4, 2), "tanh", "sigmoid")
    before, kept = network.parameters.clone(), inputs.clone()
    forward(network, inputs)
    assert torch.equal(network.parameters, before)
    assert torch.equal(inputs, kept)


def test_filling_an_activity_again_gives_what_a_new_one_gives(inputs):
    network = drawn_network((3, 4, 2), "tanh", "sigmoid")
    other = drawn_network((3, 4, 2), "tanh", "sigmoid", seed=1)
    room = forward(other, inputs)
    assert forward(network, inputs, room) is room
    assert torch.equal(room.output, forward(network, inputs).output)


def test_networks_side_by_side_predict_as_each_does_alone(inputs):
    alone = [drawn_network((3, 4, 2), "tanh", "sigmoid", seed=seed) for seed in range(4)]
    together = alone[0].with_parameters(torch.stack([network.parameters for network in alone]))
    output = forward(together, inputs.expand(4, -1, -1)).output
    expected = torch.stack([forward(network, inputs).output for network in alone])
    torch.testing.assert_close(output, expected)


def test_a_network_made_of_the_weights_of_another_gives_the_same_outputs(inputs):
    network = drawn_network((3, 4, 2), "relu", "tanh")
    again = Network.of(
        [(layer.weights, layer.biases) for layer in network.layers],
        hidden_activation="relu",
        output_activation="tanh",
        dtype=torch.float64,
    )
    assert torch.equal(forward(again, inputs).output, forward(network, inputs).output)
