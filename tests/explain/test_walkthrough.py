"""Walkthrough: all phases of an epoch give what `advance` gives, and each can be undone."""

from dataclasses import replace

import pytest
import torch
from hypothesis import assume, given, settings
from independent import networks

from nets import Config, advance, rewind, start, with_learning_rate
from nets.explain.phases import Walkthrough, phases, updates_per_epoch
from nets.training import history

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


def test_previous_phase_undoes_next_phase_at_every_position_down_to_epoch_0(config):
    first = Walkthrough(start(config))
    there = walk_on(first, 3 * first.phase_count)
    back = [there[-1]]
    for _ in there[1:]:
        back.append(back[-1].previous_phase())
    for expected, place, onward in zip(there, reversed(back), [*there[1:], None], strict=True):
        assert same_place(place, expected)
        if onward is not None:
            assert same_place(place.next_phase(), onward)
            assert same_place(onward.previous_phase(), expected)
    assert back[-1].phase is None
    assert same_place(back[-1].previous_phase(), first)


def test_stepping_back_to_the_end_of_an_epoch_keeps_the_learning_rate_set_there(config):
    changed = with_learning_rate(advance(start(config), 2), 0.7)
    beyond = Walkthrough(changed).next_phase()
    assert same(beyond.previous_phase().run, changed)
    assert same_place(beyond.previous_phase().next_phase(), beyond)
    assert beyond.previous_phase().previous_phase().run.learning_rate == config.learning_rate


def test_stepping_back_from_the_end_of_an_epoch_undoes_its_last_update(config):
    run = advance(start(config), 3)
    place = Walkthrough(run).previous_phase()
    assert same(place.start, rewind(run, 2))
    assert place.shown == place.phase_count - 1
    assert same(place.next_phase().run, run)


@pytest.mark.parametrize("room", [200, 1], ids=["thinned", "hardly any kept"])
def test_stepping_back_is_exact_with_a_thinned_history(config, room, monkeypatch):
    epochs = 23
    by_epoch = [start(config)]
    for _ in range(epochs):
        by_epoch.append(advance(by_epoch[-1], 1))
    monkeypatch.setattr(history, "KEPT_NUMBERS", room)
    run = advance(start(config), epochs)
    assert run.history.stride > 1
    walk = Walkthrough(run).next_phase().next_phase()
    length, seen = walk.phase_count, []
    for _ in range(3 * length):
        walk = walk.previous_phase()
        seen.append(walk)
        assert same(walk.run, by_epoch[walk.run.epoch])
        assert same(walk.start, by_epoch[walk.start.epoch])
    assert seen[-1].start.epoch == epochs - 3
    for expected in reversed(seen[:-1]):
        walk = walk.next_phase()
        assert same_place(walk, expected)


def test_a_diverging_run_stays_finite_and_can_be_stepped_both_ways():
    walk = Walkthrough(start(RUNAWAY))
    while walk.run.divergence is None:
        walk = walk.next_phase()
    stopped = walk.run
    assert same(stopped, advance(start(RUNAWAY), 100))
    for place in walk_on(walk, 3 * walk.phase_count):
        assert place.run.epoch == stopped.epoch
        assert torch.equal(place.run.network.parameters, stopped.network.parameters)
        assert place.trace.network.parameters.isfinite().all()
    while walk.shown or walk.start.epoch:
        before, walk = walk, walk.previous_phase()
        assert (walk.start.epoch, walk.shown) != (before.start.epoch, before.shown)
    assert same(walk.run, start(RUNAWAY))
