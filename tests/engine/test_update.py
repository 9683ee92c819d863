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


@pytest.mark.parametrize("rounded", [True, False])
def test_an_update_is_torch_s_plain_gradient_descent(step, rounded):
    network, gradients = step
    expected, slopes = network.parameters.clone().requires_grad_(), gradients.parameters.clone()
    expected.grad = slopes.clone()
    torch.optim.SGD([expected], lr=0.3).step()
    change = torch.empty_like(slopes) if rounded else None
    update(network, gradients, torch.tensor(0.3), change)
    torch.testing.assert_close(network.parameters, expected.detach())
    assert torch.equal(gradients.parameters, slopes)


def test_what_is_subtracted_is_rounded_first_as_in_the_notebook(step):
    network, gradients = step
    before, change = network.parameters.clone(), torch.empty_like(network.parameters)
    update(network, gradients, torch.tensor(0.3), change)
    assert torch.equal(change, gradients.parameters * 0.3)
    assert torch.equal(network.parameters, before - change)
