"""The public API: everything that the design promises is importable from `nets`."""

import inspect

import pytest
import torch

import nets

PROMISED = [
    "Config",
    "start",
    "Data",
    "Network",
    "Parameter",
    "advance",
    "rewind",
    "advance_many",
    "with_learning_rate",
    "forward",
    "backward",
    "update",
    "Activity",
    "Gradients",
    "check_gradients",
    "diagnose",
    "Recipe",
    "replay",
    "Epochs",
    "LearningRate",
    "to_query",
    "from_query",
    "to_notebook",
    "to_script",
    "to_session_file",
    "to_torch",
    "to_safetensors",
    "read_weights",
    "weights_as_csv",
    "draw",
    "Observer",
    "history_as_csv",
    "read_data",
    "ACTIVATIONS",
    "LOSSES",
    "OPTIMIZERS",
    "FIRST_WEIGHTS",
    "DATASETS",
]


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_name_is_importable_from_nets(name):
    assert name in nets.__all__
    assert not inspect.ismodule(getattr(nets, name))


def test_a_file_becomes_a_run_that_a_link_could_describe_by_public_names_alone():
    data = nets.read_data(b"size,price\n1,10\n2,19\n3,31\n4,42\n")
    run = nets.start(nets.Config(sizes=(1, 2, 1), loss="MSELoss", bias_rule="gradient"), data=data)
    assert nets.advance(run, 5).loss < run.loss
    recipe = nets.Recipe(nets.Config(), (nets.Epochs(2), nets.LearningRate(0.5), nets.Epochs(3)))
    replayed = nets.replay(nets.from_query(nets.to_query(recipe)))
    assert torch.equal(replayed.network.parameters, nets.replay(recipe).network.parameters)
