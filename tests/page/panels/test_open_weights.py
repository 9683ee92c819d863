"""Weights from a file begin a run whose network is that of the file."""

from dataclasses import replace

import pytest

from nets import Config, advance, start
from nets.page.panels.open_weights import config_for, list_parameters
from nets.page.visitor.session import Session
from nets.presets import PRESETS
from nets.sharing.weights import read_weights, to_safetensors


def trained(config):
    return advance(start(config), 3).network


@pytest.mark.parametrize("data", ["xor", "moons", "digits"])
def test_weights_that_fit_the_data_begin_a_run_with_the_same_numbers(data):
    network = trained(replace(PRESETS[data], seed=5))
    session = Session.of(PRESETS[data])
    read = read_weights(to_safetensors(network))
    session.begin(config_for(read, session.settings), values=list_parameters(read))
    for opened, saved in zip(session.run.network.layers, network.layers, strict=True):
        assert opened.weights.equal(saved.weights)
        assert opened.biases.equal(saved.biases)
    assert session.run.config == PRESETS[data]


def test_weights_of_other_sizes_begin_a_run_on_the_notebooks_data():
    network = trained(Config(sizes=(7, 4, 2), hidden_activation="tanh"))
    config = config_for(network, PRESETS["xor"])
    assert (config.sizes, config.data, config.hidden_activation) == ((7, 4, 2), "notebook", "tanh")


def test_a_network_that_the_page_cannot_show_gets_a_sentence():
    with pytest.raises(ValueError, match="must be a whole number from 1 to 64"):
        config_for(trained(Config(sizes=(5, 65, 1))), PRESETS["xor"])
