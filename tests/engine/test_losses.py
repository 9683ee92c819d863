"""Every loss and its derivative, against torch's own and against autograd."""

from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from nets.engine.losses import LOSSES

ORACLES = {
    "SquaredError": lambda output, targets: (
        0.5 * functional.mse_loss(output, targets, reduction="sum") / len(targets)
    ),
    "MSELoss": torch.nn.MSELoss(),
    "L1Loss": torch.nn.L1Loss(),
    "SmoothL1Loss": torch.nn.SmoothL1Loss(),
    "HuberLoss": torch.nn.HuberLoss(),
    "BCELoss": torch.nn.BCELoss(),
    "BCEWithLogitsLoss": torch.nn.BCEWithLogitsLoss(),
    "CrossEntropyLoss": torch.nn.CrossEntropyLoss(),
}
TORCHS = [name for name in LOSSES if name != "SquaredError"]
DISTANCES = ["SquaredError", "MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"]
SHAPES = [(1, 1), (7, 3), (1000, 16)]
FLOATS = partial(st.floats, width=32, allow_nan=False)
# Outputs that are probabilities may be as near to 0 and 1 as float32 allows.
PROBABILITIES = st.sampled_from([0.0, 2.0**-149, 1e-30, 1e-13, 1e-7, 1 - 2.0**-24, 1.0]) | FLOATS(
    0, 1
)
LOGITS = FLOATS(-(2.0**99), 2.0**99) | st.sampled_from([0.0, -0.0, 88.0, -104.0, 1e4, -1e4])


def drawn(name, shape, seed=0):
    """Draw outputs and targets that a loss can take, some of them at the ends of their range."""
    generator = torch.Generator().manual_seed(seed)
    output, targets = 2 * torch.randn(2, *shape, generator=generator, dtype=torch.float64)
    if name == "BCELoss":
        output = output.sigmoid()
    if name.startswith("BCE"):
        targets = (targets + 0.5).clamp(0, 1)
    if name == "CrossEntropyLoss":
        targets[::2] = torch.nn.functional.one_hot(targets[::2].argmax(dim=1), shape[1]).double()
        targets[1::2] = targets[1::2].softmax(dim=1)
    return output, targets


def both(name, output, targets):
    """Return a loss and its slope by hand, then by torch, for the sum over the examples."""
    loss, leaf = LOSSES[name], output.clone().requires_grad_()
    expected = ORACLES[name](leaf, targets)
    (slope,) = torch.autograd.grad(expected * len(targets), leaf)
    mine = loss.slope(output, targets, torch.full_like(output, torch.nan))
    return (loss.value(output, targets), mine), (expected.detach(), slope)


def test_every_loss_has_an_oracle():
    assert list(LOSSES) == list(ORACLES)
    assert all(name == loss.name for name, loss in LOSSES.items())


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", LOSSES)
def test_value_and_slope_agree_with_torch(name, shape):
    mine, torchs = both(name, *drawn(name, shape))
    torch.testing.assert_close(mine, torchs)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", TORCHS)
def test_torch_s_sum_is_the_value_times_the_number_of_terms(name, shape):
    output, targets = drawn(name, shape)
    summed = type(ORACLES[name])(reduction="sum")(output, targets)
    averaged = len(targets) if name == "CrossEntropyLoss" else targets.numel()
    torch.testing.assert_close(LOSSES[name].value(output, targets) * averaged, summed)


@given(st.sampled_from(DISTANCES), st.data())
def test_losses_by_distance_agree_with_torch_for_every_distance(name, data):
    row = st.lists(FLOATS(-(2.0**49), 2.0**49), min_size=3, max_size=3)
    pair = torch.tensor([[data.draw(row)], [data.draw(row)]])
    mine, torchs = both(name, *pair)
    torch.testing.assert_close(mine, torchs)
    assert all(part.isfinite().all() for part in mine)


@pytest.mark.parametrize("distance", [0.0, -0.0, 1.0, -1.0, 2.0**-149])
@pytest.mark.parametrize("name", DISTANCES)
def test_a_slope_agrees_with_torch_at_its_kinks(name, distance):
    mine, torchs = both(name, torch.tensor([[distance]]), torch.tensor([[0.0]]))
    torch.testing.assert_close(mine, torchs, rtol=0, atol=0)


@given(st.lists(st.tuples(PROBABILITIES, PROBABILITIES), min_size=1, max_size=4))
def test_bce_agrees_with_torch_for_every_probability(pairs):
    output, targets = torch.tensor(pairs).t()[:, :, None].contiguous()
    mine, torchs = both("BCELoss", output, targets)
    torch.testing.assert_close(mine, torchs)
    assert all(part.isfinite().all() for part in mine)


def test_cross_entropy_agrees_with_torch_if_targets_do_not_add_up_to_1():
    output, targets = drawn("CrossEntropyLoss", (7, 3))
    mine, torchs = both("CrossEntropyLoss", output, 0.9 * targets)
    torch.testing.assert_close(mine, torchs)


def test_a_certain_mistake_costs_100_as_in_torch():
    sure = torch.tensor([[0.0], [1.0]])
    assert LOSSES["BCELoss"].value(sure, 1 - sure).item() == 100
    assert LOSSES["BCELoss"].value(sure, sure).item() == 0


@given(st.lists(st.tuples(LOGITS, PROBABILITIES), min_size=1, max_size=4))
def test_no_output_is_too_large_for_a_sigmoid_inside_the_loss(pairs):
    output, targets = torch.tensor(pairs).t()[:, :, None].contiguous()
    mine, torchs = both("BCEWithLogitsLoss", output, targets)
    torch.testing.assert_close(mine, torchs)
    assert all(part.isfinite().all() for part in mine)


@given(st.lists(LOGITS, min_size=2, max_size=5), st.data())
def test_no_output_is_too_large_for_a_softmax_inside_the_loss(row, data):
    output, classes = torch.tensor([row]), len(row)
    targets = torch.eye(classes)[[data.draw(st.integers(0, classes - 1))]]
    if data.draw(st.booleans()):
        targets = (targets + 1 / classes) / 2
    mine, torchs = both("CrossEntropyLoss", output, targets)
    torch.testing.assert_close(mine, torchs)
    assert all(part.isfinite().all() for part in mine)


def test_bce_of_a_sigmoid_is_bce_with_logits():
    output, targets = drawn("BCEWithLogitsLoss", (50, 4))
    inside = LOSSES["BCEWithLogitsLoss"].value(output, targets)
    torch.testing.assert_close(LOSSES["BCELoss"].value(output.sigmoid(), targets), inside)


@pytest.mark.parametrize("name", LOSSES)
def test_a_slope_is_written_into_any_layout_and_leaves_output_and_targets(name):
    output, targets = drawn(name, (6, 4))
    before = output.clone(), targets.clone()
    expected = LOSSES[name].slope(output, targets, torch.empty_like(output))
    turned = torch.full((4, 6), torch.nan, dtype=torch.float64).mT
    assert LOSSES[name].slope(output.mT.contiguous().mT, targets, turned) is turned
    torch.testing.assert_close(turned, expected)
    assert torch.equal(output, before[0])
    assert torch.equal(targets, before[1])


@pytest.mark.parametrize("name", LOSSES)
def test_many_networks_at_once_have_the_slope_of_each_alone(name):
    pairs = [drawn(name, (7, 3), seed) for seed in range(5)]
    outputs, targets = map(torch.stack, zip(*pairs, strict=True))
    slopes = LOSSES[name].slope(outputs, targets, torch.empty_like(outputs))
    for slope, pair in zip(slopes, pairs, strict=True):
        _, (_, expected) = both(name, *pair)
        torch.testing.assert_close(slope, expected)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_by_distance_if_it_is_0_at_the_target_and_grows_on_both_sides(name):
    target = torch.tensor([[0.3, 0.7]])
    loss, steps = LOSSES[name], torch.linspace(0, 0.29, 20)
    assert loss.by_distance == (loss.value(target, target) == 0)
    for side in (1, -1):
        values = torch.stack([loss.value(target + side * step, target) for step in steps])
        assert not loss.by_distance or (values.diff() > 0).all()


@pytest.mark.parametrize("name", [name for name in LOSSES if LOSSES[name].squash != "softmax"])
def test_the_threshold_is_the_output_with_probability_one_half(name):
    threshold = torch.tensor(LOSSES[name].threshold)
    assert (threshold.sigmoid() if LOSSES[name].squash else threshold) == 0.5


def test_the_absolute_error_is_rough_where_its_slope_changes():
    one, other, targets = torch.randn(3, 50, 4, generator=torch.Generator().manual_seed(0))
    slopes = [both("L1Loss", output, targets)[1][1] for output in (one, other)]
    assert torch.equal(LOSSES["L1Loss"].rough(one, other, targets), slopes[0] != slopes[1])


@pytest.mark.parametrize(
    ("p", "rough"), [(1e-8, True), (1 - 1e-8, True), (1e-5, False), (1 - 1e-5, False), (0.5, False)]
)
def test_binary_cross_entropy_is_rough_if_one_of_two_outputs_is_nearly_certain(p, rough):
    one, other, targets = torch.tensor([[[p]], [[0.4]], [[1.0]]], dtype=torch.float64)
    for pair in ((one, other), (other, one), (one, one)):
        assert LOSSES["BCELoss"].rough(*pair, targets).item() == rough


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", LOSSES)
def test_many_epochs_at_once_have_the_loss_that_each_has_alone(name, shape):
    _, targets = drawn(name, shape)
    outputs = torch.stack([drawn(name, shape, seed)[0] for seed in range(5)])
    alone = torch.stack([LOSSES[name].value(output, targets) for output in outputs])
    assert torch.equal(LOSSES[name].value(outputs, targets), alone)
