"""Walking: through an epoch phase by phase is through it at once; back undoes forth."""

from dataclasses import replace

import pytest
import torch
from hypothesis import assume, given, settings
from independent import networks

from nets import Config, advance, rewind, start, with_learning_rate
from nets.explain.phases import phases, updates_an_epoch
from nets.explain.walkthrough import Walkthrough
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
        (run.memory, other.memory),
        (run.history.loss, other.history.loss),
    )
    return run.history.rates == other.history.rates and all(torch.equal(a, b) for a, b in pairs)


def same_place(walk, other):
    steps = (walk.step, other.step) if walk.phase and other.phase else ()
    return (
        walk.phase == other.phase
        and same(walk.run, other.run)
        and len({step.rows for step in steps}) <= 1
        and len({step.after.parameters.numpy().tobytes() for step in steps}) <= 1
    )


def forth(walk, times):
    """Every place on the way, the first one too."""
    places = [walk]
    for _ in range(times):
        places.append(places[-1].forth())
    return places


@settings(max_examples=50)
@given(networks)
def test_an_epoch_phase_by_phase_is_the_epoch_at_once_bit_for_bit(config):
    walk = Walkthrough(start(config))
    at_once = advance(walk.start, 1)
    assume(at_once.divergence is None)
    *before, end = forth(walk, walk.length)
    assert same(end.run, at_once)
    assert all(place.run is walk.start for place in before)


def test_many_epochs_phase_by_phase_are_those_epochs_at_once(config):
    walk = Walkthrough(start(config))
    places = forth(walk, 4 * walk.length)
    for epoch in range(1, 5):
        assert same(places[epoch * walk.length].run, advance(walk.start, epoch))


def test_a_walk_reveals_each_phase_of_each_update_in_turn(config):
    walk = Walkthrough(start(config))
    every, updates = phases(len(config.sizes) - 1), updates_an_epoch(walk.start)
    assert walk.length == len(every) * updates
    assert walk.phase is None
    expected = [(batch, phase) for batch in range(updates) for phase in every]
    first, second = (
        forth(walk, 2 * walk.length)[1:][part]
        for part in (slice(walk.length), slice(walk.length, None))
    )
    for places in (first, second):
        assert [(place.batch, place.phase) for place in places] == expected
        assert all(place.step.batch == place.batch for place in places)


def test_going_back_undoes_going_forth_at_every_place_down_to_epoch_0(config):
    first = Walkthrough(start(config))
    there = forth(first, 3 * first.length)
    back = [there[-1]]
    for _ in there[1:]:
        back.append(back[-1].back())
    for expected, place, onward in zip(there, reversed(back), [*there[1:], None], strict=True):
        assert same_place(place, expected)
        if onward is not None:
            assert same_place(place.forth(), onward)
            assert same_place(onward.back(), expected)
    assert back[-1].phase is None
    assert same_place(back[-1].back(), first)


def test_a_learning_rate_set_at_the_end_of_an_epoch_is_still_set_when_one_comes_back_to_it(config):
    changed = with_learning_rate(advance(start(config), 2), 0.7)
    beyond = Walkthrough(changed).forth()
    assert same(beyond.back().run, changed)
    assert same_place(beyond.back().forth(), beyond)
    assert beyond.back().back().run.learning_rate == config.learning_rate


def test_back_from_rest_takes_the_update_back_that_led_there(config):
    run = advance(start(config), 3)
    place = Walkthrough(run).back()
    assert same(place.start, rewind(run, 2))
    assert place.revealed == place.length - 1
    assert same(place.forth().run, run)


@pytest.mark.parametrize("room", [200, 1], ids=["thinned", "hardly any kept"])
def test_from_the_middle_of_a_long_run_with_a_thinned_history_a_walk_goes_back_exactly(
    config, room, monkeypatch
):
    epochs = 23
    by_epoch = [start(config)]
    for _ in range(epochs):
        by_epoch.append(advance(by_epoch[-1], 1))
    monkeypatch.setattr(history, "KEPT_NUMBERS", room)
    run = advance(start(config), epochs)
    assert run.history.stride > 1
    walk = Walkthrough(run).forth().forth()
    length, seen = walk.length, []
    for _ in range(3 * length):
        walk = walk.back()
        seen.append(walk)
        assert same(walk.run, by_epoch[walk.run.epoch])
        assert same(walk.start, by_epoch[walk.start.epoch])
    assert seen[-1].start.epoch == epochs - 3
    for expected in reversed(seen[:-1]):
        walk = walk.forth()
        assert same_place(walk, expected)


def test_a_run_that_runs_away_stays_finite_and_can_be_walked_on_and_back():
    walk = Walkthrough(start(RUNAWAY))
    while walk.run.divergence is None:
        walk = walk.forth()
    stopped = walk.run
    assert same(stopped, advance(start(RUNAWAY), 100))
    for place in forth(walk, 3 * walk.length):
        assert place.run.epoch == stopped.epoch
        assert torch.equal(place.run.network.parameters, stopped.network.parameters)
        assert place.step.network.parameters.isfinite().all()
    while walk.revealed or walk.start.epoch:
        before, walk = walk, walk.back()
        assert (walk.start.epoch, walk.revealed) != (before.start.epoch, before.revealed)
    assert same(walk.run, start(RUNAWAY))
