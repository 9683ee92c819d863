"""Presets: every data set is learned with its preset."""

from dataclasses import replace

import pytest
import torch

from nets.config import Config
from nets.data.datasets import DATASETS
from nets.engine.forward import forward
from nets.presets import PRESETS, require_shown
from nets.training.many import advance_many
from nets.training.run import start

# Tens of thousands of updates; other tests check their shapes.
pytestmark = pytest.mark.usefixtures("unenforced_shapes")

LOGIC = ("and", "or", "xor")
# Epochs, and the accuracy or R² that must be reached.
CLASSES = {
    "circle": (50, 0.95),
    "quadrant_xor": (100, 0.95),
    "gaussians": (20, 0.99),
    "spiral": (300, 0.95),
    "moons": (100, 0.99),
    "iris": (100, 0.95),
    "wine": (50, 0.99),
    "breast_cancer": (50, 0.97),
    "digits": (50, 0.98),
}
NUMBERS = {"plane": (50, 0.95), "hills": (300, 0.8), "sine": (300, 0.9)}


def trained(name, epochs, seeds=3, **settings):
    """Train runs of several seeds; return outputs and targets of each."""
    config = replace(PRESETS[name], **settings)
    runs = advance_many([start(replace(config, seed=seed)) for seed in range(seeds)], epochs)
    assert not any(run.divergence for run in runs)
    return [(forward(run.network, run.data.inputs).output, run.data.targets) for run in runs]


def right(output, targets):
    """Return the accuracy."""
    if targets.shape[1] == 1:
        return ((output > 0.5) == (targets > 0.5)).float().mean().item()
    return (output.argmax(dim=1) == targets.argmax(dim=1)).float().mean().item()


def test_every_data_set_has_a_preset_that_the_page_can_show():
    assert list(PRESETS) == list(DATASETS)
    for config in PRESETS.values():
        require_shown(config)
        start(config)
    assert PRESETS["notebook"] == Config()


@pytest.mark.parametrize("name", LOGIC)
def test_logic_is_learned_from_at_least_nine_of_ten_seeds(name):
    errors = [(output - targets).abs().max() for output, targets in trained(name, 2000, seeds=10)]
    assert sum(error.item() < 0.1 for error in errors) >= 9


def test_without_a_hidden_layer_and_and_or_are_learned_but_not_xor():
    for name, learned in (("and", True), ("or", True), ("xor", False)):
        for output, targets in trained(name, 2000, seeds=10, sizes=(2, 1)):
            assert (right(output, targets) == 1) == learned


@pytest.mark.parametrize("name", CLASSES)
def test_classes_are_learned(name):
    epochs, share = CLASSES[name]
    for output, targets in trained(name, epochs):
        assert right(output, targets) >= share


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_fitted(name):
    epochs, share = NUMBERS[name]
    for output, targets in trained(name, epochs):
        unexplained = torch.nn.functional.mse_loss(output, targets) / targets.var(correction=0)
        assert 1 - unexplained.item() >= share
