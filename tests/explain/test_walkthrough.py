"""Walkthrough: all phases of an epoch give what `advance` gives, and each can be undone."""

import gc
from dataclasses import replace

import pytest
import torch
from hypothesis import assume, given, settings
from independent import networks

from nets import Config, advance, start
from nets.explain.phases import Walkthrough, phases, updates_per_epoch
from nets.training.loop import TrainingLoop

PLAIN = Config(seed=2)
SHUFFLED = Config(
    sizes=(3, 4, 2), examples=9, batch_size=4, bias_rule="gradient", learning_rate=0.3, seed=5
)
RUNAWAY = Config(output_activation="linear", learning_rate=1e6)


REMEMBERING = replace(SHUFFLED, optimizer="Adam", l1=0.01, learning_rate=0.05)


@pytest.fixture(params=[PLAIN, SHUFFLED, REMEMBERING], ids=["plain", "shuffled", "remembering"])
def config(request):
    return request.param


def same(run, other):
    pairs = (
        (run.network.parameters, other.network.parameters),
        (run.optimizer_state, other.optimizer_state),
        (run.history.loss, other.history.loss),
    )
    return run.history.rates == other.history.rates and all(torch.equal(a, b) for a, b in pairs)


def same_place(walk, other):
    steps = (walk.trace, other.trace) if walk.phase and other.phase else ()
    return (
        walk.phase == other.phase
        and same(walk.run, other.run)
        and len({step.rows for step in steps}) <= 1
        and len({step.after.parameters.numpy().tobytes() for step in steps}) <= 1
    )


def walk_on(walk, times):
    """Return every position on the way, the first included."""
    places = [walk]
    for _ in range(times):
        places.append(places[-1].next_phase())
    return places


@settings(max_examples=50)
@given(networks)
def test_all_phases_of_an_epoch_give_the_same_bits_as_advance(config):
    walk = Walkthrough(start(config))
    at_once = advance(walk.start, 1)
    assume(at_once.divergence is None)
    *before, end = walk_on(walk, walk.phase_count)
    assert same(end.run, at_once)
    assert all(place.run is walk.start for place in before)


def test_all_phases_of_several_epochs_give_the_same_bits_as_advance(config):
    walk = Walkthrough(start(config))
    places = walk_on(walk, 4 * walk.phase_count)
    for epoch in range(1, 5):
        assert same(places[epoch * walk.phase_count].run, advance(walk.start, epoch))


def test_a_walk_shows_each_phase_of_each_update_in_order(config):
    walk = Walkthrough(start(config))
    every, updates = phases(len(config.sizes) - 1), updates_per_epoch(walk.start)
    assert walk.phase_count == len(every) * updates
    assert walk.phase is None
    expected = [(batch, phase) for batch in range(updates) for phase in every]
    first, second = (
        walk_on(walk, 2 * walk.phase_count)[1:][part]
        for part in (slice(walk.phase_count), slice(walk.phase_count, None))
    )
    for places in (first, second):
        assert [(place.batch, place.phase) for place in places] == expected
        assert all(place.trace.batch == place.batch for place in places)


def test_a_diverging_run_stays_finite_when_it_is_stepped_on():
    walk = Walkthrough(start(RUNAWAY))
    while walk.run.divergence is None:
        walk = walk.next_phase()
    stopped = walk.run
    assert same(stopped, advance(start(RUNAWAY), 100))
    for place in walk_on(walk, 3 * walk.phase_count):
        assert place.run.epoch == stopped.epoch
        assert torch.equal(place.run.network.parameters, stopped.network.parameters)
        assert place.trace.network.parameters.isfinite().all()


def test_all_phases_of_an_update_share_its_numbers(config):
    walk = Walkthrough(start(config)).next_phase()
    for _ in range(walk.phase_count - 1):
        numbers, following = walk.trace, walk.next_phase()
        assert (following.trace is numbers) == (following.batch == walk.batch)
        walk = following
    numbers = walk.trace
    assert walk.next_phase().trace is not numbers


def test_the_numbers_of_an_update_keep_no_training_loop_alive(config):
    walk = Walkthrough(start(config), 1)
    gc.collect()
    gc.disable()
    try:
        before = count_loops()
        assert walk.trace
        assert count_loops() == before
    finally:
        gc.enable()


def count_loops():
    return sum(type(one) is TrainingLoop for one in gc.get_objects())
