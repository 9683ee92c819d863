"""Synthetic data: the sets of the TensorFlow Playground, two moons and a wave."""

import math

import pytest
import torch
from sklearn.datasets import make_moons

from nets.data.datasets import DATASETS
from nets.data.examples import DataRequest
from nets.data.synthetic import HILLS
from nets.seeds import stream

NOISY = [name for name, dataset in DATASETS.items() if dataset.has_noise]
NUMBERS = ("plane", "hills", "sine")
CLASSES = [name for name in NOISY if name not in NUMBERS]
# Noise does not move these points: it changes their targets.
STILL = ("circle", "quadrant_xor", "plane", "hills", "sine")


def made(name, examples=500, noise=0.0, seed=0):
    return DATASETS[name].make(DataRequest(examples, 1, 1, noise), stream(seed))


def rows(data):
    return [(*x, y) for x, (y,) in zip(data.inputs.tolist(), data.targets.tolist(), strict=True)]


@pytest.mark.parametrize("noise", [0.0, 0.3, 0.5])
@pytest.mark.parametrize("examples", [1, 2, 3, 500])
@pytest.mark.parametrize("name", NOISY)
def test_the_number_of_points_is_the_number_requested(name, examples, noise):
    data = made(name, examples, noise)
    assert len(data) == examples
    if name in CLASSES:
        assert set(data.targets.flatten().tolist()) <= {0.0, 1.0}


@pytest.mark.parametrize("name", NOISY)
def test_the_noise_does_not_change_what_is_drawn_next(name):
    drawn = []
    for noise in (0.0, 0.5):
        generator = stream(3)
        DATASETS[name].make(DataRequest(30, 1, 1, noise), generator)
        drawn.append(torch.randn(5, generator=generator))
    assert torch.equal(*drawn)


@pytest.mark.parametrize("name", NOISY)
def test_noise_changes_either_the_points_or_their_targets(name):
    clear, noisy = made(name), made(name, noise=0.4)
    still = torch.equal(clear.inputs, noisy.inputs)
    assert torch.equal(clear.targets, noisy.targets) != still
    assert still or name not in STILL


@pytest.mark.parametrize("name", ["circle", "gaussians", "spiral", "moons"])
def test_without_noise_the_classes_alternate(name):
    assert made(name, 7).targets.flatten().tolist() == [1, 0, 1, 0, 1, 0, 1]


def test_another_seed_draws_other_points_except_where_only_the_noise_is_random():
    for name in NOISY:
        alike = torch.equal(made(name, seed=1).inputs, made(name, seed=2).inputs)
        assert alike == (name in ("spiral", "moons"))


def test_the_circle_is_a_disc_in_a_ring_with_points_all_over_both():
    radii = [(math.hypot(x, y), inside) for x, y, inside in rows(made("circle", 2000))]
    disc, ring = [r for r, inside in radii if inside], [r for r, inside in radii if not inside]
    assert 0 <= min(disc) < 0.1 < 2.4 < max(disc) <= 2.5
    assert 3.5 <= min(ring) < 3.6 < 4.9 < max(ring) <= 5.00001


def test_noise_changes_only_classes_near_the_border_of_the_circle():
    clear, noisy = made("circle", 2000), made("circle", 2000, 0.1)
    turned = (clear.targets != noisy.targets).flatten()
    radii = clear.inputs.norm(dim=1)[turned]
    assert len(radii) > 20
    assert ((radii - 2.5).abs() < math.hypot(0.5, 0.5)).all()


def test_quadrants_are_1_where_the_signs_are_equal_and_keep_away_from_the_axes():
    for x, y, same in rows(made("quadrant_xor", 2000)):
        assert same == (x * y > 0)
        assert 0.3 <= min(abs(x), abs(y)) <= max(abs(x), abs(y)) <= 5.30001


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.25, 2.25), (0.5, 4.0)])
def test_each_gaussian_has_its_centre_and_variance(noise, variance):
    data = made("gaussians", 40_000, noise)
    for answer, centre in ((1.0, 2.0), (0.0, -2.0)):
        points = data.inputs[data.targets[:, 0] == answer]
        assert (points.mean(dim=0) - centre).abs().max() < 4 * math.sqrt(variance / 20_000)
        assert (points.var(dim=0) / variance - 1).abs().max() < 4 * math.sqrt(2 / 20_000)


def test_the_spiral_is_that_of_the_playground():
    expected = []
    for i in range(250):
        radius, turn = i / 250 * 5, 1.75 * i / 250 * 2 * math.pi
        for start, answer in ((0, 1), (math.pi, 0)):
            expected.append(
                (radius * math.sin(turn + start), radius * math.cos(turn + start), answer)
            )
    torch.testing.assert_close(torch.tensor(rows(made("spiral"))), torch.tensor(expected).float())
    moved = made("spiral", noise=0.5).inputs - made("spiral").inputs
    assert 0.49 < moved.max() <= 0.5 + 1e-6
    assert -0.5 - 1e-6 <= moved.min() < -0.49


@pytest.mark.parametrize("examples", [4, 7, 500])
def test_the_moons_are_those_of_scikit_learn(examples):
    points, classes = make_moons(examples, shuffle=False)
    data = made("moons", examples)
    for answer in (0, 1):
        mine = data.inputs[data.targets[:, 0] == answer]
        expected = torch.from_numpy(points[classes == answer]).float()
        torch.testing.assert_close(mine, expected, rtol=0, atol=1e-6)
    moved = made("moons", 20_000, 0.2).inputs - made("moons", 20_000).inputs
    assert (moved.std(dim=0) / 0.2 - 1).abs().max() < 0.03


def test_the_plane_rises_by_a_tenth_per_unit():
    for x, y, height in rows(made("plane")):
        assert max(abs(x), abs(y)) <= 6
        assert height == pytest.approx((x + y) / 10, abs=1e-6)


def test_the_height_is_that_of_the_nearest_hill_or_hollow():
    for x, y, height in rows(made("hills", 2000)):
        felt = [sign * max(0.0, 1 - math.hypot(x - right, y - up) / 2) for right, up, sign in HILLS]
        assert height == pytest.approx(max(felt, key=abs), abs=1e-5)
    assert [sign for _, _, sign in HILLS].count(1) == 3


def test_the_wave_is_a_sine_over_two_periods_with_noise_on_its_height():
    clear, noisy = made("sine", 20_000), made("sine", 20_000, 0.2)
    assert torch.equal(clear.targets, clear.inputs.sin())
    assert 2 * math.pi - 0.01 < clear.inputs.abs().max() <= 2 * math.pi + 1e-5
    assert (noisy.targets - clear.targets).std() == pytest.approx(0.2, rel=0.03)
