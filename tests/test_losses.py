"""Every loss and its derivative, against torch's own and against autograd."""

import pytest
import torch

from nets.losses import LOSSES

ORACLES = {
    "SquaredError": lambda output, targets: (
        0.5 * torch.nn.functional.mse_loss(output, targets, reduction="sum")
    )
}


@pytest.fixture(params=[(1, 1), (7, 3), (1000, 16)], ids=str)
def pair(request):
    generator = torch.Generator().manual_seed(0)
    return torch.randn(2, *request.param, generator=generator, dtype=torch.float64)


def test_every_loss_has_an_oracle():
    assert list(LOSSES) == list(ORACLES)
    assert all(name == loss.name for name, loss in LOSSES.items())


@pytest.mark.parametrize("name", LOSSES)
def test_a_value_is_torch_s_own_per_example(name, pair):
    output, targets = pair
    expected = ORACLES[name](output, targets) / len(targets)
    torch.testing.assert_close(LOSSES[name].value(output, targets), expected)


@pytest.mark.parametrize("name", LOSSES)
def test_a_slope_is_the_derivative_of_the_sum_over_the_examples(name, pair):
    output, targets = pair
    output.requires_grad_()
    (expected,) = torch.autograd.grad(ORACLES[name](output, targets), output)
    got = LOSSES[name].slope(output.detach(), targets, torch.empty_like(targets))
    torch.testing.assert_close(got, expected)


@pytest.mark.parametrize("name", LOSSES)
def test_many_epochs_at_once_have_the_loss_that_each_has_alone(name, pair):
    _, targets = pair
    generator = torch.Generator().manual_seed(1)
    outputs = torch.randn(5, *targets.shape, generator=generator, dtype=torch.float64)
    alone = torch.stack([LOSSES[name].value(output, targets) for output in outputs])
    assert torch.equal(LOSSES[name].value(outputs, targets), alone)
