"""Undo and redo: every change of a run can be undone and done again, exactly."""

import gc
from dataclasses import replace

import pytest
import torch
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from nets import Config, Epochs, LearningRate, replay, start
from nets.page.visitor import moments
from nets.page.visitor.arrival import rest, wake
from nets.page.visitor.pending import continue_events, start_events
from nets.page.visitor.session import Session
from nets.page.visitor.undo import can_undo, redo, undo
from nets.presets import PRESETS
from nets.training.loop import TrainingLoop

SHUFFLED = Config(sizes=(2, 3, 1), examples=3, batch_size=2, bias_rule="gradient", seed=4)
CONFIGS = [Config(), SHUFFLED, PRESETS["xor"]]


def finish(session):
    while session.pending:
        continue_events(session)


def state(session):
    """Return all that a visitor has made: the recipe, and how much of an epoch is shown."""
    walk = session.walk
    return session.recipe, walk and (walk.start.epoch, walk.shown), session.latest is None


def play(session, epochs, pause):
    session.note()
    session.playing = True
    session.do(Epochs(epochs))
    session.pause(pause)


def test_an_epoch_is_undone_after_an_epoch_and_a_phase_after_a_phase():
    session = Session.of(Config())
    places = [state(session)]
    for step in [Session.step_epoch, *[Session.step_phase] * 8, Session.step_epoch]:
        step(session)
        places.append(state(session))
    for way, expected in ((undo, places[-2::-1]), (redo, places[1:])):
        for place in expected:
            way(session)
            assert state(session) == place
            assert torch.equal(
                session.run.network.parameters, replay(session.recipe).network.parameters
            )
    undo(session)
    session.do(LearningRate(0.7))
    redo(session)
    assert session.run.learning_rate == 0.7


def test_choosing_other_data_after_many_epochs_can_be_undone():
    session = Session.of(PRESETS["xor"])
    start_events(session, [Epochs(3000)])
    finish(session)
    run, scale = session.run, session.scale
    session.begin(PRESETS["iris"])
    session.step_epoch()
    undo(session)
    undo(session)
    assert session.run is run
    assert session.scale == scale
    redo(session)
    assert session.run.config == PRESETS["iris"]


def test_a_run_that_came_by_a_link_goes_back_by_one_epoch():
    session = Session.of(Config())
    start_events(session, [Epochs(5)])
    session.moments = moments.Moments()
    undo(session)
    assert session.recipe.events == (Epochs(4),)
    redo(session)
    assert session.recipe.events == (Epochs(5),)
    for _ in range(5):
        assert can_undo(session)
        undo(session)
    assert not can_undo(session)


def test_a_stretch_of_playing_is_one_change_and_one_that_trained_nothing_is_none():
    session = Session.of(Config())
    session.step_epoch()
    play(session, 50, 31)
    play(session, 20, 31)
    undo(session)
    assert session.recipe.events == (Epochs(1),)
    redo(session)
    assert session.recipe.events == (Epochs(31),)


def test_older_changes_are_repeated_from_their_recipes():
    session = Session.of(Config())
    for _ in range(moments.INSTANT + 5):
        session.step_epoch()
    kept = [moment.run is not None for moment in session.moments.before]
    assert kept == [False] * 5 + [True] * moments.INSTANT
    for epoch in range(moments.INSTANT + 4, -1, -1):
        undo(session)
        finish(session)
        assert session.run.epoch == epoch
        assert torch.equal(
            session.run.network.parameters, replay(session.recipe).network.parameters
        )
    redo(session)
    assert session.run.epoch == 1


def test_what_is_kept_has_a_bound(monkeypatch):
    session = Session.of(Config(sizes=(64, 64, 64, 16)))
    sizes = []
    for seed in range(30):
        session.begin(Config(sizes=(64, 64, 64, 16), seed=seed))
        session.do(Epochs(200))
        known = {}
        for moment in session.moments.before:
            known.update(moment.parts.items())
        sizes.append(sum(known.values()))
    assert max(sizes) <= moments.MOST_BYTES
    assert sizes[-1] > moments.MOST_BYTES / 4
    monkeypatch.setattr(moments, "MOST_BYTES", 0)
    session.step_epoch()
    assert session.moments.before == []


def test_runs_that_can_be_returned_to_hold_no_training_loops():
    def count_loops():
        gc.collect()
        return sum(isinstance(one, TrainingLoop) for one in gc.get_objects())

    session = Session.of(PRESETS["moons"])
    counts = []
    for seed in range(6):
        session.do(Epochs(2))
        counts.append(count_loops())
        session.begin(replace(session.settings, seed=100 + seed))
    assert len(session.moments.before) == 6
    assert counts[-1] <= counts[0]


def test_a_visitor_who_has_left_and_returned_has_nothing_to_undo_but_epochs():
    session = Session.of(Config())
    for _ in range(3):
        session.step_epoch()
    rest(session)
    assert session.moments.before == []
    wake(session)
    undo(session)
    assert session.recipe.events == (Epochs(2),)


class Changes(RuleBasedStateMachine):
    """Any changes, and the states that undoing and redoing them must go through."""

    @initialize(config=st.sampled_from(CONFIGS))
    def begin(self, config):
        self.session = Session.of(config)
        self.states, self.at = [state(self.session)], 0

    def noted(self):
        now = state(self.session)
        if now != self.states[self.at]:
            self.states[self.at + 1 :] = [now]
            self.at += 1
        else:
            del self.states[self.at + 1 :]

    @rule(step=st.sampled_from([Session.step_epoch, Session.step_phase, Session.reset]))
    def step(self, step):
        step(self.session)
        self.noted()

    @rule(event=st.sampled_from([LearningRate(0.5), LearningRate(0.01)]))
    def change_rate(self, event):
        self.session.do(event)
        self.noted()

    @rule(epochs=st.integers(1, 30))
    def train(self, epochs):
        start_events(self.session, [Epochs(epochs)])
        finish(self.session)
        self.noted()

    @rule(epochs=st.integers(1, 30), back=st.integers(0, 10))
    def play(self, epochs, back):
        begun = self.session.run.epoch
        play(self.session, epochs, begun + max(0, epochs - back))
        self.noted()

    @rule(config=st.sampled_from(CONFIGS))
    def choose(self, config):
        self.session.begin(config)
        self.noted()

    @rule()
    def undo(self):
        if self.at:
            undo(self.session)
            self.at -= 1

    @rule()
    def redo(self):
        redo(self.session)
        self.at = min(self.at + 1, len(self.states) - 1)

    @invariant()
    def is_where_it_should_be(self):
        finish(self.session)
        assert state(self.session) == self.states[self.at]


TestChanges = pytest.mark.filterwarnings("default")(Changes.TestCase)
TestChanges.settings = settings(max_examples=15, stateful_step_count=25)


def test_undo_at_the_very_beginning_does_nothing():
    session = Session.of(Config())
    undo(session)
    redo(session)
    assert session.recipe == Session.of(Config()).recipe
    assert torch.equal(session.run.network.parameters, start(Config()).network.parameters)
