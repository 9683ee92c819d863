"""Derived inputs: each is what its name says, and useful."""

import math
import re
from dataclasses import replace

import pytest
import torch

from nets import DATASETS, Config, advance, forward, start
from nets.config import with_derived_inputs
from nets.data.examples import Data
from nets.data.features import FEATURES, add_features, with_features
from nets.presets import PRESETS

PLANE = [name for name, dataset in DATASETS.items() if dataset.is_plane]


def computed(title, x1, x2):
    """Compute what a title says."""
    for written, python in (("·", "*"), ("²", "**2"), ("³", "**3")):
        title = title.replace(written, python)
    return eval(re.sub(r"sin (\w+)", r"sin(\1)", title), {"sin": math.sin, "x1": x1, "x2": x2})


@pytest.mark.parametrize("name", FEATURES)
def test_a_derived_input_is_what_its_title_says(name):
    points = 6 * torch.randn(50, 2, generator=torch.Generator().manual_seed(0)).double()
    expected = [computed(FEATURES[name].title, *point) for point in points.tolist()]
    torch.testing.assert_close(FEATURES[name].of(points), torch.tensor(expected).double())
    assert FEATURES[name].name == name


def test_derived_inputs_follow_x1_and_x2_in_the_order_of_their_names():
    points = torch.tensor([[2.0, 3.0], [-1.0, 0.5]])
    names = ("x1_times_x2", "x1_squared")
    assert add_features(points, names).tolist() == [[2, 3, 6, 4], [-1, 0.5, -0.5, 1]]
    assert torch.equal(add_features(points, ()), points)
    data = with_features(Data(points, torch.zeros(2, 1)), names)
    assert data.input_names == ("x1", "x2", "x1·x2", "x1²")


def test_only_data_with_two_inputs_can_have_derived_inputs():
    for name, dataset in DATASETS.items():
        has_two = start(PRESETS[name]).data.inputs.shape[1] == 2
        assert dataset.is_plane == (
            has_two and dataset.sizes is not None and dataset.textbook is None
        )


@pytest.mark.parametrize("data", PLANE)
def test_a_run_has_the_same_points_and_more_inputs(data):
    plain = start(PRESETS[data]).data
    run = start(with_derived_inputs(PRESETS[data], tuple(FEATURES)))
    assert torch.equal(run.data.inputs, add_features(plain.inputs, tuple(FEATURES)))
    assert torch.equal(run.data.targets, plain.targets)
    assert run.network.sizes[0] == 2 + len(FEATURES)
    assert advance(run, 1).epoch == 1


def right(run):
    output = forward(run.network, run.data.inputs).output
    return ((output > 0.5) == (run.data.targets > 0.5)).float().mean().item()


@pytest.mark.usefixtures("unenforced_shapes")
def test_squares_solve_the_circle_without_a_hidden_layer():
    names = ("x1_squared", "x2_squared")
    alone = replace(PRESETS["circle"], sizes=(2, 1), learning_rate=0.01)
    for seed in range(5):
        config = replace(alone, seed=seed)
        assert right(advance(start(with_derived_inputs(config, names)), 100)) >= 0.99
        assert right(advance(start(config), 100)) < 0.8


@pytest.mark.usefixtures("unenforced_shapes")
def test_the_product_solves_xor_without_a_hidden_layer():
    config = Config(sizes=(2, 1), data="xor", bias_rule="gradient", learning_rate=1.0)
    for seed in range(5):
        run = start(with_derived_inputs(replace(config, seed=seed), ("x1_times_x2",)))
        assert right(advance(run, 5000)) == 1
