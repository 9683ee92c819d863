"""One step downhill."""

import pytest
import torch

from nets.engine.backprop import backward
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.network import Network
from nets.engine.update import update


@pytest.fixture
def step():
    generator = torch.Generator().manual_seed(0)

    def draw(*shape):
        return torch.randn(shape, generator=generator)

    network = Network.of([(draw(4, 3), draw(1, 3)), (draw(3, 2), draw(1, 2))])
    inputs, targets = draw(6, 4), draw(6, 2)
    gradients = backward(network, forward(network, inputs), targets, LOSSES["SquaredError"])
    return network, gradients


def test_an_update_is_torch_s_plain_gradient_descent(step):
    network, gradients = step
    expected = network.parameters.clone().requires_grad_()
    expected.grad = gradients.parameters.clone()
    torch.optim.SGD([expected], lr=0.3).step()
    update(network, gradients, torch.tensor(0.3))
    torch.testing.assert_close(network.parameters, expected.detach())


def test_an_update_returns_what_it_subtracted_and_leaves_the_gradients(step):
    network, gradients = step
    before, slopes = network.parameters.clone(), gradients.parameters.clone()
    change = update(network, gradients, torch.tensor(0.3))
    assert torch.equal(network.parameters, before - change)
    assert torch.equal(change, slopes * 0.3)
    assert torch.equal(gradients.parameters, slopes)
