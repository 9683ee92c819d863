"""Finite differences: split into parts, for a sample of the parameters, and across a kink."""

import pytest
import torch

from nets.analysis import autograd, finite_differences, gradient_check
from nets.analysis.gradient_check import check_gradients
from nets.analysis.verdict import summarize
from nets.config import REDUCTIONS, Config
from nets.engine.activations import ACTIVATIONS
from nets.engine.network import Network
from nets.training.run import start


def deep_run(**settings):
    return start(Config(sizes=(2, 4, 3, 1, 5, 3), bias_rule="gradient", **settings))


def names(rows):
    return [row.parameter for row in rows]


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_examples_in_parts_give_the_same_as_all_at_once(monkeypatch, reduction):
    run = deep_run(hidden_activation="tanh", reduction=reduction, examples=10)
    at_once = check_gradients(run)
    monkeypatch.setattr(autograd, "EXAMPLES_AT_ONCE", 3)
    monkeypatch.setattr(finite_differences, "NUMBERS_AT_ONCE", 500)
    for part, whole in zip(check_gradients(run), at_once, strict=True):
        assert part.by_hand == pytest.approx(whole.by_hand, rel=1e-9, abs=1e-14)
        assert part.finite_difference == pytest.approx(whole.finite_difference, abs=1e-9)


def test_of_a_large_network_the_seed_draws_a_sample_of_parameters(monkeypatch):
    def sampled(seed):
        rows = check_gradients(deep_run(seed=seed))
        assert summarize(rows).wrong == []
        return names(summarize(rows).compared)

    monkeypatch.setattr(gradient_check, "WORK", 1)
    assert len(sampled(1)) == gradient_check.SMALLEST_SAMPLE
    assert sampled(1) == sampled(1) != sampled(2)


def test_at_the_kink_of_a_relu_autograd_alone_decides():
    network = Network.of(
        [([[1.0, -1.0], [2.0, 1.0]], [0.0, 0.0]), ([[1.0], [1.0]], [0.5])],
        hidden_activation="relu",
    )
    config = Config(sizes=(2, 2, 1), hidden_activation="relu", data="xor", bias_rule="gradient")
    verdict = summarize(check_gradients(start(config, network=network)))
    assert {"b1[0]", "b1[1]"} <= set(names(verdict.unreliable))
    assert verdict.wrong == []


def test_only_relu_and_leaky_relu_have_a_kink():
    kinked = [name for name, row in ACTIVATIONS.items() if finite_differences.has_kink(row)]
    assert kinked == ["relu", "leaky_relu"]


def test_finite_differences_do_not_change_the_network():
    run = deep_run()
    network, objective = run.network.copy(torch.float64), autograd.Objective.of(run)
    before, indices = network.parameters.clone(), gradient_check.list_indices(network)
    scales = torch.ones_like(network.parameters)
    finite_differences.compute_finite_differences(network, objective, indices, scales)
    assert network.parameters.equal(before)
