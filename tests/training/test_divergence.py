"""A diverging run stops at its last finite epoch and says what happened."""

import itertools
from dataclasses import replace

import pytest
import torch

from nets.config import Config
from nets.data.examples import Data
from nets.engine.backprop import backward
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.network import Network
from nets.training.advance import advance
from nets.training.divergence import first_not_finite
from nets.training.run import Divergence, start, with_learning_rate

IRIS = Config(
    sizes=(4, 6, 3),
    hidden_activation="relu",
    output_activation="linear",
    bias_rule="gradient",
    data="iris",
    learning_rate=1e6,
)
IN_ORDER = ["z1", "a1", "z2", "output", "delta2", "delta1", "w1", "b1", "w2", "b2"]
RUNAWAYS = {
    "iris": IRIS,
    "notebook rule": Config(
        output_activation="linear", learning_rate=3.0, hidden_activation="linear", examples=5
    ),
    "mini-batches": replace(IRIS, batch_size=50, learning_rate=9.0, reduction="mean"),
    "slowly": Config(
        sizes=(2, 1), output_activation="linear", examples=9, learning_rate=0.5, seed=1
    ),
}


@pytest.fixture(params=RUNAWAYS)
def begun(request):
    return start(RUNAWAYS[request.param])


@pytest.fixture
def stopped(begun):
    return advance(begun, 50)


def test_a_diverging_run_stops_with_finite_numbers_only(stopped):
    assert stopped.divergence is not None
    assert stopped.epoch < 50
    assert stopped.network.parameters.isfinite().all()
    assert stopped.history.loss.isfinite().all()
    assert stopped.history.parameters.isfinite().all()
    assert len(stopped.history.loss) == stopped.epoch + 1


def test_it_stops_at_the_last_finite_epoch(begun, stopped, monkeypatch):
    monkeypatch.setattr("nets.training.advance.is_finite", lambda run, epochs: True)
    onwards = advance(begun, stopped.epoch + 1)
    assert torch.equal(onwards.history.loss[:-1], stopped.history.loss)
    last = [onwards.network.parameters, onwards.history.loss[-1]]
    assert not all(numbers.isfinite().all() for numbers in last)


def test_it_stops_at_the_same_epoch_if_it_trains_in_parts(begun, stopped):
    run = begun
    for epochs in (1, 2, 3, 40):
        run = advance(run, epochs)
    assert run.divergence == stopped.divergence
    assert torch.equal(run.network.parameters, stopped.network.parameters)
    assert torch.equal(run.history.loss, stopped.history.loss)


def test_a_loss_that_is_finite_again_later_does_not_hide_where_it_was_not():
    config = Config(
        sizes=(1, 1), output_activation="relu", bias_rule="gradient", learning_rate=1e10
    )
    data, network = (
        Data(torch.tensor([[1.0]]), torch.tensor([[1e10]])),
        Network.of([([[0.5]], [0.0])]),
    )
    stopped = advance(start(config, data=data, network=network), 2)
    assert stopped.divergence == Divergence("loss", 1)
    assert stopped.epoch == 0


def test_a_finite_loss_does_not_hide_a_weight_that_is_not():
    config = Config(
        sizes=(1, 1), output_activation="relu", bias_rule="gradient", learning_rate=1e30
    )
    data = Data(torch.tensor([[1.0]]), torch.tensor([[0.0]]))
    stopped = advance(start(config, data=data, network=Network.of([([[1e10]], [0.0])])), 9)
    assert stopped.divergence == Divergence("w1", 1)
    assert stopped.epoch == 0


def test_it_stays_stopped(stopped):
    assert advance(stopped, 10) is stopped


def test_it_names_the_epoch_after_the_last_finite_one(stopped):
    assert stopped.divergence.epoch == stopped.epoch + 1


def test_it_names_a_tensor_of_the_four_steps_or_the_loss():
    several_updates = replace(IRIS, batch_size=10)
    assert advance(start(several_updates), 50).divergence == Divergence("z2", 1)
    assert advance(start(IRIS), 50).divergence == Divergence("loss", 2)


@pytest.mark.parametrize("place", range(len(IN_ORDER)))
def test_the_first_tensor_that_is_not_finite_is_named(place):
    run = start(Config(sizes=(4, 3, 2), examples=5))
    network, activity = run.network, forward(run.network, run.data.inputs)
    gradients = backward(network, activity, run.data.targets, LOSSES["SquaredError"])
    assert first_not_finite(network, activity, gradients) is None
    first, last = network.layers
    tensors = [activity.sums[0], activity.outputs[0], activity.sums[1], activity.outputs[1]]
    tensors += [gradients.deltas[1], gradients.deltas[0]]
    tensors += [first.weights, first.biases, last.weights, last.biases]
    for tensor, value in zip(tensors[place:], itertools.cycle([torch.nan, torch.inf])):
        tensor[-1, -1] = value
    assert first_not_finite(network, activity, gradients) == IN_ORDER[place]


def test_a_smaller_learning_rate_continues_from_there():
    begun = start(replace(IRIS, learning_rate=0.5, reduction="mean", seed=4))
    stopped = advance(with_learning_rate(advance(begun, 5), 1e3), 50)
    assert stopped.divergence is not None
    going = with_learning_rate(stopped, 1e-30)
    assert going.divergence is None
    assert advance(going, 3).epoch == stopped.epoch + 3


def test_a_run_that_stays_finite_has_no_divergence():
    assert advance(start(Config()), 100).divergence is None
