"""A run begins with what was chosen, or an error says why it cannot."""

import itertools

import pytest
import torch

from nets.config import Config
from nets.data.examples import Data
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.network import Network
from nets.training.advance import advance
from nets.training.run import start, with_learning_rate

OWN_DATA = Data(torch.ones(4, 3), torch.zeros(4, 2))


def own_network(*sizes):
    fans = itertools.pairwise(sizes)
    return Network.of([(torch.ones(a, b), torch.zeros(1, b)) for a, b in fans])


def test_a_run_begins_at_epoch_0_with_the_loss_of_its_first_weights():
    run = start(Config(sizes=(4, 3, 2), examples=9))
    output = forward(run.network, run.data.inputs).output
    assert run.epoch == 0
    assert run.history.loss.tolist() == [run.loss]
    assert run.loss == LOSSES["SquaredError"].value(output, run.data.targets).item()


def test_own_data_and_own_first_weights_are_used():
    network = own_network(3, 5, 2)
    run = start(Config(sizes=(3, 5, 2)), data=OWN_DATA, network=network)
    assert run.data is OWN_DATA
    assert torch.equal(run.network.parameters, network.parameters)


def test_own_data_and_own_first_weights_are_copied_in():
    inputs, network = torch.ones(4, 3), own_network(3, 5, 2)
    run = start(Config(sizes=(3, 5, 2)), data=Data(inputs, torch.zeros(4, 2)), network=network)
    inputs.fill_(9)
    network.parameters.fill_(9)
    assert run.data.inputs.max() == 1
    assert run.network.parameters.max() == 1
    before = network.parameters.clone()
    advance(run, 3)
    assert torch.equal(network.parameters, before)


def test_own_first_weights_take_the_activations_of_the_config():
    config = Config(sizes=(3, 5, 2), hidden_activation="relu", output_activation="linear")
    run = start(config, data=OWN_DATA, network=own_network(3, 5, 2))
    assert [layer.activation.name for layer in run.network.layers] == ["relu", "linear"]


@pytest.mark.parametrize(
    ("sizes", "own", "message"),
    [
        ((2, 5, 2), {"data": OWN_DATA}, "n_input must be 3 to fit the data; got 2"),
        ((3, 5, 1), {"data": OWN_DATA}, "n_output must be 2 to fit the data; got 1"),
        ((3, 4, 2), {"network": own_network(3, 5, 2)}, r"sizes must be \(3, 5, 2\) to fit"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(sizes, own, message):
    with pytest.raises(ValueError, match=message):
        start(Config(sizes=sizes), **own)


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf"), "0.1", None])
def test_an_impossible_learning_rate_is_refused_by_name(rate):
    with pytest.raises(ValueError, match="learning_rate must be"):
        with_learning_rate(start(Config()), rate)
