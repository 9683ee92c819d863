"""Separability: inseparable examples are found, and never learned without a hidden layer."""

from dataclasses import replace

import pytest
import torch

from nets import DATASETS, Data, advance_many, forward, start
from nets.analysis.diagnosis import best_possible_loss, find_inseparable
from nets.config import with_derived_inputs
from nets.engine.compatibility import lowest_loss
from nets.engine.losses import LOSSES
from nets.presets import PRESETS

KNOWN = [(name, output) for name, loss in LOSSES.items() for output in loss.half_after]
XOR = replace(PRESETS["xor"], sizes=(2, 1))


def test_only_xor_is_found_inseparable():
    for name in DATASETS:
        config = PRESETS[name]
        run = start(
            replace(config, sizes=(config.sizes[0], config.sizes[-1]), first_weights="normal")
        )
        assert bool(find_inseparable(run.network, run.data)) == (name == "xor")
        assert find_inseparable(start(config).network, run.data) is None


def test_the_pairs_have_equal_sums_of_inputs_and_opposite_targets():
    run = start(XOR)
    found = find_inseparable(run.network, run.data)
    for pair, target in ((found.ones, 1), (found.zeros, 0)):
        assert (run.data.targets[list(pair)] == target).all()
        assert run.data.inputs[list(pair)].sum(dim=0).tolist() == [1, 1]


@pytest.mark.parametrize("name", ["x1_squared", "x2_squared", "sin_x1", "sin_x2", "x1_times_x2"])
def test_only_the_product_of_the_inputs_makes_xor_separable(name):
    run = start(with_derived_inputs(XOR, (name,)))
    assert bool(find_inseparable(run.network, run.data)) == (name != "x1_times_x2")


@pytest.mark.usefixtures("unenforced_shapes")
@pytest.mark.parametrize(("loss", "output"), KNOWN)
def test_training_without_a_hidden_layer_never_solves_xor_nor_goes_below_the_bound(loss, output):
    config = replace(XOR, loss=loss, output_activation=output, learning_rate=0.1)
    runs = advance_many([start(replace(config, seed=seed)) for seed in range(10)], 2000)
    half = 0.5 if loss != "BCEWithLogitsLoss" else 0.0
    for run in runs:
        answers = forward(run.network, run.data.inputs).output > half
        assert not torch.equal(answers, run.data.targets > 0.5)
        assert run.history.loss.min().item() >= best_possible_loss(run) * (1 - 1e-6)
        assert run.loss == pytest.approx(best_possible_loss(run), rel=0.05)


@pytest.mark.parametrize(("loss", "output"), KNOWN)
def test_no_weights_have_a_loss_below_the_bound(loss, output):
    grid = torch.linspace(-12, 12, 41, dtype=torch.float64)
    a, b, c = (sums.flatten() for sums in torch.meshgrid(grid, grid, grid, indexing="ij"))
    z = torch.stack([a, b, c, b + c - a], dim=1)
    run = start(replace(XOR, loss=loss, output_activation=output))
    p, y = (torch.sigmoid(z) if output == "sigmoid" else z), run.data.targets[:, 0].double()
    losses = {
        "SquaredError": (p - y).square().mean(1) / 2,
        "MSELoss": (p - y).square().mean(1),
        "BCELoss": torch.nn.functional.binary_cross_entropy_with_logits(
            z, y.expand_as(z), reduction="none"
        ).mean(1),
    }
    losses["BCEWithLogitsLoss"] = losses["BCELoss"]
    assert losses[loss].min().item() >= best_possible_loss(run) * (1 - 1e-12)


def test_otherwise_the_bound_is_that_of_the_targets_out_of_range():
    drawn = start(replace(XOR, sizes=(2, 4, 1)))
    assert best_possible_loss(drawn) == 0
    run = start(XOR, data=Data(drawn.data.inputs, drawn.data.targets * 3))
    assert best_possible_loss(run) == lowest_loss(run.data.targets, "sigmoid", "SquaredError") > 0
