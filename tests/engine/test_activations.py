"""Every activation and its derivative, against torch's own and against autograd."""

import math

import pytest
import torch

from nets.engine.activations import ACTIVATIONS, FUSED, LEAK

ORACLES = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "elu": torch.nn.functional.elu,
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
    "softplus": lambda z: torch.nn.functional.softplus(z, threshold=100),
    "linear": torch.clone,
}
# What torch's own loses by cancellation.
LOST = {"gelu": 1e-15}
ALL = [
    *(pytest.param(activation, id=name) for name, activation in ACTIVATIONS.items()),
    pytest.param(FUSED["sigmoid"], id="sigmoid, fused"),
]


@pytest.fixture
def z():
    generator = torch.Generator().manual_seed(0)
    drawn = 4 * torch.randn(40, 25, generator=generator, dtype=torch.float64)
    drawn[0, :5] = torch.tensor([0.0, -30.0, 30.0, 1e-8, -1e-8])
    return drawn


def test_every_activation_has_an_oracle():
    assert list(ACTIVATIONS) == list(FUSED) == list(ORACLES)
    assert all(name == activation.name for name, activation in (ACTIVATIONS | FUSED).items())


@pytest.mark.parametrize("activation", ALL)
def test_a_value_is_torch_s_own(activation, z):
    out = torch.full_like(z, torch.nan)
    assert activation.value(z, out) is out
    torch.testing.assert_close(
        out, ORACLES[activation.name](z), rtol=1e-13, atol=LOST.get(activation.name, 1e-300)
    )


def test_gelu_keeps_its_digits_where_torch_s_own_does_not():
    z = torch.linspace(-30, 5, 71, dtype=torch.float64)
    exact = [x * math.erfc(-x / math.sqrt(2)) / 2 for x in z.tolist()]
    out = ACTIVATIONS["gelu"].value(z, torch.empty_like(z))
    torch.testing.assert_close(out, torch.tensor(exact, dtype=z.dtype), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("activation", ALL)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_far_from_0_a_value_is_no_larger_than_z_and_a_slope_is_0_or_1_or_the_leak(
    activation, dtype
):
    z = torch.tensor([-3e38, -1e30, -1e4, -800.0, 800.0, 1e4, 1e30, 3e38], dtype=dtype)
    a = activation.value(z, torch.empty_like(z))
    slope = activation.slope(z, a, torch.empty_like(z))
    assert (a.abs() <= z.abs()).all()
    assert slope.unique().tolist() in ([0], [1], [0, 1], [torch.tensor(LEAK, dtype=dtype), 1])


@pytest.mark.parametrize("activation", ALL)
def test_a_slope_is_the_derivative_of_the_value(activation, z):
    z.requires_grad_()
    a = ORACLES[activation.name](z)
    (expected,) = torch.autograd.grad(a.sum(), z)
    out = torch.full_like(expected, torch.nan)
    assert activation.slope(z.detach(), a.detach(), out) is out
    torch.testing.assert_close(out, expected, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("activation", ALL)
def test_neither_z_nor_a_is_changed(activation, z):
    before = z.clone()
    a = activation.value(z, torch.empty_like(z))
    kept = a.clone()
    activation.slope(z, a, torch.empty_like(z))
    assert torch.equal(z, before)
    assert torch.equal(a, kept)
