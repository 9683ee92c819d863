"""The penalty: its derivative agrees with autograd, for weights only."""

import pytest
import torch

from nets import Config, advance, check_gradients, start
from nets.analysis.gradient_check import quick_check
from nets.engine.regularization import Regularization

NETWORK = start(Config(sizes=(4, 3, 2), seed=1)).network.copy(torch.float64)
STRENGTHS = [(0.0, 0.0), (0.3, 0.0), (0.0, 0.7), (0.1, 0.2)]


@pytest.mark.parametrize("strength", STRENGTHS, ids=str)
def test_the_penalty_is_the_sum_over_weights(strength):
    weights = torch.cat([layer.weights.flatten() for layer in NETWORK.layers])
    l1, l2 = strength
    expected = l1 * torch.linalg.vector_norm(weights, 1)
    expected = expected + l2 / 2 * torch.linalg.vector_norm(weights) ** 2
    torch.testing.assert_close(Regularization(*strength).value(NETWORK), expected)


@pytest.mark.parametrize("strength", STRENGTHS, ids=str)
def test_the_slope_agrees_with_autograd_and_is_0_for_biases(strength):
    penalty, parameters = Regularization(*strength), NETWORK.parameters.clone().requires_grad_()
    value = penalty.value(NETWORK.with_parameters(parameters))
    if penalty:
        value.backward()
    slopes = NETWORK.with_parameters(torch.zeros_like(NETWORK.parameters))
    penalty.add_slope(NETWORK, [layer.weights for layer in slopes.layers])
    expected = torch.zeros_like(parameters) if parameters.grad is None else parameters.grad
    torch.testing.assert_close(slopes.parameters, expected)
    assert not any(layer.biases.any() for layer in slopes.layers)


@pytest.mark.parametrize("first_weights", ["normal", "zeros"])
@pytest.mark.parametrize("strength", STRENGTHS[1:], ids=str)
@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_with_a_penalty_every_gradient_agrees_with_autograd_and_finite_differences(
    first_weights, strength, reduction
):
    l1, l2 = strength
    config = Config(
        sizes=(4, 3, 2),
        examples=9,
        bias_rule="gradient",
        reduction=reduction,
        l1=l1,
        l2=l2,
        first_weights=first_weights,
    )
    run = advance(start(config), 3)
    assert all(row.agrees for row in check_gradients(run))
    seen = quick_check(run)
    assert (seen.layer_sums, seen.wrong) == (0, 0)


def test_a_wrong_slope_is_found(monkeypatch):
    monkeypatch.setattr(Regularization, "add_slope", lambda *_: None)
    run = start(Config(bias_rule="gradient", l2=0.1))
    assert quick_check(run).wrong == 5 * 3 + 3
    assert sum(row.wrong for row in check_gradients(run)) == 5 * 3 + 3


def test_the_penalty_shrinks_weights_and_is_not_in_the_loss_shown():
    plain, held = (advance(start(Config(examples=20, l2=l2)), 50) for l2 in (0.0, 1.0))
    assert held.history.loss[0] == plain.history.loss[0]
    sizes = [
        sum(la.weights.square().sum() for la in run.network.layers).item() for run in (plain, held)
    ]
    assert sizes[1] < sizes[0]
