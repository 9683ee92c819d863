"""First weights: what torch.nn draws, from the same stream."""

import itertools

import pytest
import torch
from torch import nn

from nets import Config, advance, diagnose, start
from nets.analysis.symptoms import Symmetric
from nets.engine.initializers import FIRST_WEIGHTS
from nets.seeds import stream

SIZES = [(5, 3, 1), (1, 1, 1), (40, 30, 7, 2)]


def uniform(matrix, fan_in, generator):
    """Do what reset_parameters of torch.nn.Linear does, which takes no generator."""
    nn.init.uniform_(matrix, -1 / fan_in**0.5, 1 / fan_in**0.5, generator=generator)


def xavier(matrix, fan_in, generator):
    nn.init.xavier_uniform_(matrix, generator=generator)


def he(matrix, fan_in, generator):
    """torch's matrices are transposed: for torch, our fan_in is the fan_out of this matrix."""
    nn.init.kaiming_normal_(matrix, mode="fan_out", nonlinearity="relu", generator=generator)


def normal(matrix, fan_in, generator):
    nn.init.normal_(matrix, generator=generator)


def zeros(matrix, fan_in, generator):
    nn.init.zeros_(matrix)


TORCH_S_OWN = {
    "normal": (normal, normal),
    "uniform": (uniform, uniform),
    "xavier": (xavier, zeros),
    "he": (he, zeros),
    "zeros": (zeros, zeros),
}


def test_every_initializer_has_a_counterpart_in_torch():
    assert set(TORCH_S_OWN) == set(FIRST_WEIGHTS)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("name", FIRST_WEIGHTS)
def test_first_weights_are_those_of_torch_nn_init_weights_before_biases(name, sizes):
    run, generator = start(Config(sizes=sizes, first_weights=name, seed=3)), stream(3)
    for columns in (sizes[0], sizes[-1]):  # the notebook's data come first
        torch.randn(1, columns, generator=generator)
    of_weights, of_biases = TORCH_S_OWN[name]
    for (fan_in, fan_out), layer in zip(itertools.pairwise(sizes), run.network.layers, strict=True):
        expected = torch.empty(fan_in, fan_out)
        of_weights(expected, fan_in, generator)
        torch.testing.assert_close(layer.weights, expected, rtol=1e-6, atol=0)
    for (fan_in, fan_out), layer in zip(itertools.pairwise(sizes), run.network.layers, strict=True):
        expected = torch.empty(1, fan_out)
        of_biases(expected, fan_in, generator)
        torch.testing.assert_close(layer.biases, expected, rtol=1e-6, atol=0)


def test_uniform_equals_the_first_weights_of_torch_nn_linear():
    run, linear = start(Config(sizes=(400, 300, 1), first_weights="uniform")), nn.Linear(400, 300)
    for ours, theirs in ((run.network.layers[0].weights, linear.weight),):
        assert ours.abs().max() <= 1 / 400**0.5
        assert theirs.abs().max() <= 1 / 400**0.5
        assert ours.abs().max() == pytest.approx(theirs.abs().max().item(), rel=1e-3)


@pytest.mark.parametrize("rule", ["notebook", "gradient"])
def test_with_zeros_all_hidden_neurons_are_identical_and_stay_identical(rule):
    run = start(Config(sizes=(5, 3, 1), first_weights="zeros", bias_rule=rule))
    for epochs in (0, 1, 30):
        (found,) = (d for d in diagnose(advance(run, epochs)) if isinstance(d, Symmetric))
        assert len(found.groups[0]) == 3


@pytest.mark.parametrize("name", [name for name in FIRST_WEIGHTS if name != "zeros"])
def test_random_first_weights_differ(name):
    run = start(Config(first_weights=name))
    assert not any(isinstance(found, Symmetric) for found in diagnose(run))


def test_other_first_weights_do_not_change_the_data():
    runs = [start(Config(first_weights=name, examples=4)) for name in FIRST_WEIGHTS]
    assert all(torch.equal(run.data.inputs, runs[0].data.inputs) for run in runs)
