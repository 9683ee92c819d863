"""Every activation and its derivative, against torch's own and against autograd."""

import math

import pytest
import torch
from independent import FUNCTIONS

from nets.engine.activations import ACTIVATIONS
from nets.training.run import FUSED

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


def test_every_row_is_found_by_its_name():
    assert list(ACTIVATIONS) == list(FUSED)
    assert all(name == activation.name for name, activation in (ACTIVATIONS | FUSED).items())


@pytest.mark.parametrize("activation", ALL)
def test_a_value_is_that_of_torch(activation, z):
    out = torch.full_like(z, torch.nan)
    assert activation.value(z, out) is out
    torch.testing.assert_close(
        out, FUNCTIONS[activation.name](z), rtol=1e-13, atol=LOST.get(activation.name, 1e-300)
    )


def test_gelu_keeps_digits_that_torch_loses():
    z = torch.linspace(-30, 5, 71, dtype=torch.float64)
    exact = [x * math.erfc(-x / math.sqrt(2)) / 2 for x in z.tolist()]
    out = ACTIVATIONS["gelu"].value(z, torch.empty_like(z))
    torch.testing.assert_close(out, torch.tensor(exact, dtype=z.dtype), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("activation", ALL)
def test_far_from_0_a_value_is_no_larger_than_z_and_the_function_is_nearly_straight(activation):
    for dtype in (torch.float32, torch.float64):
        z = torch.tensor([-3e38, -1e30, -1e4, -800.0, 800.0, 1e4, 1e30, 3e38], dtype=dtype)
        a, halfway = (activation.value(x, torch.empty_like(x)) for x in (z, z / 2))
        assert (a.abs() <= z.abs()).all()
        slope = activation.slope(z, a, torch.empty_like(z))
        torch.testing.assert_close(slope, (a - halfway) / (z / 2), rtol=0, atol=1e-5)


@pytest.mark.parametrize("activation", ALL)
def test_a_slope_is_the_derivative_of_the_value(activation, z):
    z.requires_grad_()
    a = FUNCTIONS[activation.name](z)
    (expected,) = torch.autograd.grad(a.sum(), z)
    out = torch.full_like(expected, torch.nan)
    assert activation.slope(z.detach(), a.detach(), out) is out
    torch.testing.assert_close(out, expected, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", [name for name, row in FUSED.items() if row.back])
def test_an_error_goes_back_through_a_fused_row_as_its_exported_code_says(name, dtype, z):
    z, error = z.to(dtype), torch.linspace(-3, 3, z.numel(), dtype=dtype).view_as(z)
    row, delta = FUSED[name], error.clone()
    a = row.value(z, torch.empty_like(z))
    code = row.fused_back_code.format(error="error", a="a")
    assert row.back(delta, a) is delta
    assert torch.equal(delta, eval(code, {"torch": torch}, {"error": error, "a": a}))
    slope = row.slope(z, a, torch.empty_like(z))
    eps = torch.finfo(dtype).eps
    torch.testing.assert_close(delta, error * slope, rtol=4 * eps, atol=4 * eps)


@pytest.mark.parametrize("activation", ALL)
def test_neither_z_nor_a_is_changed(activation, z):
    before = z.clone()
    a = activation.value(z, torch.empty_like(z))
    kept = a.clone()
    activation.slope(z, a, torch.empty_like(z))
    assert torch.equal(z, before)
    assert torch.equal(a, kept)
