"""The lowest loss: training never goes below it, and comes near it where it can."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nets.config import Config
from nets.data.examples import Data
from nets.engine.activations import ACTIVATIONS
from nets.engine.compatibility import lowest_loss, out_of_reach, range_of
from nets.engine.losses import LOSSES
from nets.training.advance import advance
from nets.training.run import start

NUMBERS = st.floats(-5, 5, width=32)
TARGETS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6).map(torch.tensor)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_stay_within_their_range_and_reach_its_ends(name):
    near, far = (torch.linspace(-end, end, 200_001, dtype=torch.float64) for end in (2.0, 1e12))
    z = torch.cat([near, far])
    a = ACTIVATIONS[name].value(z, torch.empty_like(z))
    low, high = range_of(name)
    assert low <= a.min() < max(low + 1e-9, -99)
    assert min(high - 1e-9, 99) < a.max() <= high


@given(TARGETS, st.sampled_from(list(ACTIVATIONS)))
def test_the_lowest_loss_is_half_the_squared_distance_from_the_range_per_example(targets, name):
    low, high = range_of(name)
    apart = [[max(low - t, t - high, 0.0) for t in row] for row in targets.tolist()]
    expected = sum(d * d for row in apart for d in row) / (2 * len(apart))
    assert lowest_loss(targets, name, "SquaredError") == pytest.approx(expected, rel=1e-12)
    assert out_of_reach(targets, name).tolist() == [[d > 0 for d in row] for row in apart]


@given(
    TARGETS,
    st.sampled_from(list(ACTIVATIONS)),
    st.sampled_from([name for name, loss in LOSSES.items() if loss.by_distance]),
)
def test_no_output_of_an_activation_has_a_loss_below_the_lowest(targets, name, loss):
    wanted = targets.double()
    z = 10 * torch.randn(500, *targets.shape, generator=torch.Generator().manual_seed(1)).double()
    losses = LOSSES[loss].value(ACTIVATIONS[name].value(z, torch.empty_like(z)), wanted)
    assert losses.min() >= lowest_loss(targets, name, loss) * (1 - 1e-12)


@pytest.mark.parametrize(("name", "ends"), [("sigmoid", (0, 1)), ("tanh", (-1, 1)), ("relu", (0,))])
def test_a_target_at_an_end_of_the_range_costs_nothing(name, ends):
    targets = torch.tensor([[float(end)] for end in ends])
    assert not out_of_reach(targets, name).any()
    assert lowest_loss(targets, name, "SquaredError") == 0


@pytest.mark.parametrize("name", ["leaky_relu", "linear"])
def test_an_activation_without_limits_reaches_every_target(name):
    assert range_of(name) == (-math.inf, math.inf)
    assert lowest_loss(torch.tensor([[-1e30, 1e30]]), name, "SquaredError") == 0


@pytest.mark.parametrize("output", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize(("seed", "rate"), list(itertools.product(range(4), [0.1, 3.0])))
def test_training_never_goes_below_the_lowest_loss(output, seed, rate):
    config = Config(
        sizes=(3, 6, 2),
        output_activation=output,
        reduction="mean",
        examples=4,
        bias_rule="gradient",
        learning_rate=rate,
        seed=seed,
    )
    drawn = start(config).data
    run = advance(start(config, data=Data(drawn.inputs, 3 * drawn.targets)), 1000)
    floor = lowest_loss(run.data.targets, output, config.loss)
    assert floor > 0
    assert run.history.loss.min().item() >= floor * (1 - 1e-6)


@pytest.mark.parametrize(("output", "target"), [("sigmoid", 1.5), ("tanh", -1.5), ("relu", -0.5)])
def test_training_comes_near_the_lowest_loss(output, target):
    data = Data(torch.tensor([[1.0, -1.0]]), torch.tensor([[target]]))
    config = Config(
        sizes=(2, 3, 1), output_activation=output, bias_rule="gradient", learning_rate=1.0, seed=3
    )
    run = advance(start(config, data=data), 2000)
    assert run.loss == pytest.approx(0.125, rel=0.01)
    assert lowest_loss(data.targets, output, "SquaredError") == 0.125


def test_a_loss_without_a_known_bound_has_lowest_loss_0():
    assert lowest_loss(torch.tensor([[5.0]]), "sigmoid", "BCELoss") == 0
