"""A sweep trains networks that differ in one setting, each as if it trained alone."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from nets import Config, Data, advance, start
from nets.analysis.sweep import MOST, SETTINGS, Sweep, best_of
from nets.presets import PRESETS, SHOWN_HIDDEN

MOONS = replace(PRESETS["moons"], examples=60)


@pytest.mark.parametrize("setting", SETTINGS)
def test_each_network_ends_where_it_would_alone(setting):
    trials = Sweep.of(MOONS, setting, epochs=3).train()
    assert 3 <= len(trials) <= MOST
    for trial in trials:
        alone = advance(start(trial.config), 3)
        torch.testing.assert_close(trial.loss, alone.history.loss, rtol=1e-3, atol=1e-5)
        torch.testing.assert_close(trial.test_loss, alone.history.test_loss, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_configs_differ_in_one_field_and_one_of_them_is_the_present_one(setting):
    configs = Sweep.of(MOONS, setting, epochs=1).configs.values()
    field = SETTINGS[setting].field
    same = {replace(config, **{field: getattr(MOONS, field)}) for config in configs}
    assert same == {MOONS}
    assert MOONS in configs
    assert len({*configs}) == len(configs)


def test_learning_rates_are_spaced_by_one_ratio():
    rates = [*Sweep.of(Config(), "Learning rate", epochs=1).configs]
    assert len(rates) == MOST
    for lower, higher in pairwise(rates):
        assert higher / lower == pytest.approx(10**0.25, rel=0.01)


def test_hidden_sizes_stay_within_what_the_page_shows():
    sizes = [*Sweep.of(replace(MOONS, sizes=(2, 7, 1)), "Hidden neurons", epochs=1).configs]
    assert 7 in sizes
    assert len(sizes) == MOST
    assert max(sizes) <= SHOWN_HIDDEN


def test_a_network_without_hidden_layer_has_no_hidden_sizes_to_try():
    with pytest.raises(ValueError, match="no hidden layer"):
        Sweep.of(replace(MOONS, sizes=(2, 1)), "Hidden neurons", epochs=1)


@pytest.mark.parametrize("epochs", [0, -1, 1.5, "x", 100_001])
def test_an_impossible_number_of_epochs_is_named(epochs):
    with pytest.raises(ValueError, match="number of epochs"):
        Sweep.of(MOONS, "Seed", epochs)


def test_a_network_that_diverges_is_never_the_best():
    linear = Config(
        sizes=(2, 3, 1),
        hidden_activation="relu",
        output_activation="linear",
        data="plane",
        examples=50,
        learning_rate=0.03,
        bias_rule="gradient",
    )
    trials = Sweep.of(linear, "Learning rate", epochs=200).train()
    diverged = [trial for trial in trials if trial.diverged]
    assert diverged
    assert all(trial.loss.isfinite().all() for trial in trials)
    best = best_of(trials)
    assert best is not None
    assert best not in diverged
    assert best.result == min(trial.result for trial in trials if not trial.diverged)
    assert best_of(diverged) is None


def test_a_sweep_that_is_stopped_ends_before_its_epochs():
    sweep = Sweep.of(MOONS, "Learning rate", epochs=50_000)
    sweep.stopped = True
    assert {trial.epoch for trial in sweep.train()} == {0}


def test_the_share_that_is_done_ends_at_one():
    sweep = Sweep.of(MOONS, "Batch size", epochs=7)
    assert sweep.share == 0
    sweep.train()
    assert math.isclose(sweep.share, 1)


def test_own_data_are_those_that_are_trained_on():
    own = Data(torch.tensor([[0.0], [1.0]]), torch.tensor([[1.0], [0.0]]))
    config = Config(sizes=(1, 2, 1), data="own", examples=2, bias_rule="gradient")
    (trial, *_) = Sweep.of(config, "Seed", 5, own).train()
    alone = advance(start(trial.config, data=own), 5)
    torch.testing.assert_close(trial.loss, alone.history.loss)
