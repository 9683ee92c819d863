"""Backpropagation by hand, against autograd."""

import itertools
import threading

import pytest
import torch

from nets.analysis.autograd import find_torch_activation
from nets.config import REDUCTIONS
from nets.engine.activations import ACTIVATIONS
from nets.engine.activity import Activity, Gradients
from nets.engine.backprop import BIAS_RULES, backward
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.network import initialize
from nets.engine.storage import augment
from nets.seeds import stream
from nets.training.run import FUSED

LOSS = LOSSES["SquaredError"]
NAMES = list(ACTIVATIONS)
PAIRS = list(zip(NAMES, [*NAMES[1:], NAMES[0]], strict=True))  # each once hidden, once as output
SIZES = {1: (3, 2), 2: (4, 3, 2), 5: (2, 4, 3, 1, 5, 3)}


def by_autograd(network, inputs, targets, reduction):
    """Return ∂loss/∂z of each layer, ∂loss/∂weights and ∂loss/∂biases, from torch alone."""
    weights = [layer.weights.clone().requires_grad_() for layer in network.layers]
    biases = [layer.biases.clone().requires_grad_() for layer in network.layers]
    x, sums = inputs, []
    for layer, w, b in zip(network.layers, weights, biases, strict=True):
        sums.append(x @ w + b)
        x = find_torch_activation(layer.activation)(sums[-1])
    error = 0.5 * torch.nn.functional.mse_loss(x, targets, reduction="sum")
    if reduction == "mean":
        error = error / len(targets)
    gradients = torch.autograd.grad(error, [*sums, *weights, *biases])
    depth = len(sums)
    return gradients[:depth], gradients[depth : 2 * depth], gradients[2 * depth :]


def work(hidden, output, depth, batch, functions=ACTIVATIONS):
    names = [hidden] * (depth - 1) + [output]
    network = initialize(SIZES[depth], [functions[name] for name in names], stream(depth))
    drawn = torch.randn(batch, 64, generator=stream(batch), dtype=torch.float64)
    inputs, targets = drawn[:, : network.sizes[0]], drawn[:, -network.sizes[-1] :]
    return network.copy(torch.float64), inputs.contiguous(), targets.contiguous()


def assert_agrees(gradients, expected, bias_rule):
    deltas, weights, biases = expected
    if bias_rule == "notebook":
        biases = [delta.sum().expand(1, delta.shape[1]) for delta in deltas]
    for got, by_torch in (
        (gradients.deltas, deltas),
        (gradients.weights, weights),
        (gradients.biases, biases),
    ):
        torch.testing.assert_close(list(got), list(by_torch), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("depth", SIZES)
@pytest.mark.parametrize(("hidden", "output"), PAIRS)
def test_backward_agrees_with_autograd(hidden, output, depth):
    for batch, augmented in itertools.product((1, 33), (False, True)):
        functions = FUSED if augmented else ACTIVATIONS
        network, inputs, targets = work(hidden, output, depth, batch, functions)
        x = augment(inputs) if augmented else inputs
        activity = forward(network, x, Activity.empty(network, x, augmented=augmented))
        for reduction, rule in itertools.product(REDUCTIONS, BIAS_RULES):
            expected = by_autograd(network, inputs, targets, reduction)
            gradients = backward(
                network, activity, targets, LOSS, bias_rule=rule, reduction=reduction
            )
            assert_agrees(gradients, expected, rule)


@pytest.mark.parametrize("rule", BIAS_RULES)
@pytest.mark.parametrize("hidden", ["sigmoid", "tanh"])
def test_networks_trained_together_have_the_gradients_of_each_alone(hidden, rule):
    network, inputs, targets = work(hidden, "sigmoid", 5, 5)
    scales = torch.tensor([[0.5], [1.0], [2.0]], dtype=torch.float64)
    together = network.with_parameters(network.parameters * scales)
    x, y = inputs.expand(3, -1, -1), targets.expand(3, -1, -1)
    many = backward(together, forward(together, x), y, LOSS, bias_rule=rule)
    for row, parameters in zip(many.parameters, together.parameters, strict=True):
        one = network.with_parameters(parameters)
        alone = backward(one, forward(one, inputs), targets, LOSS, bias_rule=rule)
        torch.testing.assert_close(row, alone.parameters)


def test_another_thread_gives_the_same_bits():
    """With more than one core torch would split this long product, and round it differently."""
    network = initialize((16, 1), [ACTIVATIONS["linear"]], stream(1))
    inputs, targets = torch.randn(10_000, 17, generator=stream(2)).split((16, 1), dim=1)
    gradients = []

    def work():
        activity = forward(network, inputs)
        gradients.append(backward(network, activity, targets, LOSS).parameters)

    work()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert torch.equal(*gradients)


def test_the_notebook_rule_moves_some_biases_the_wrong_way():
    network, inputs, targets = work("sigmoid", "sigmoid", 2, 1)
    activity = forward(network, inputs)
    notebook = backward(network, activity, targets, LOSS, bias_rule="notebook").biases[0]
    gradient = backward(network, activity, targets, LOSS, bias_rule="gradient").biases[0]
    assert len(notebook.unique()) == 1
    assert (notebook * gradient < 0).any()


def test_gradients_are_views_of_one_flat_tensor_in_the_order_of_the_network():
    network, inputs, targets = work("tanh", "linear", 5, 4)
    gradients = backward(network, forward(network, inputs), targets, LOSS)
    again = network.with_parameters(gradients.parameters)
    for i, layer in enumerate(again.layers):
        assert torch.equal(layer.weights, gradients.weights[i])
        assert torch.equal(layer.biases, gradients.biases[i])


def test_filling_the_same_buffers_again_gives_the_same_gradients():
    network, inputs, targets = work("tanh", "sigmoid", 5, 4)
    activity = forward(network, inputs)
    room = Gradients.empty(network, activity)
    backward(network, activity, targets + 1, LOSS, bias_rule="notebook", out=room)
    assert backward(network, activity, targets, LOSS, out=room) is room
    expected = backward(network, activity, targets, LOSS)
    assert torch.equal(room.parameters, expected.parameters)
    assert torch.equal(network.parameters, work("tanh", "sigmoid", 5, 4)[0].parameters)
