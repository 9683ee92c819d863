"""Stepping: phase by phase, forward and back; the result of a click is computed before it."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nets import Config, Epochs, LearningRate, advance, replay, start
from nets.explain.phases import Walkthrough, phases
from nets.page.visitor.session import Session
from nets.page.visitor.undo import redo, undo
from nets.training.recipe import apply

SHUFFLED = Config(sizes=(2, 3, 1), examples=3, batch_size=2, bias_rule="gradient", seed=4)


def same(run, other):
    pairs = (
        (run.network.parameters, other.network.parameters),
        (run.history.loss, other.history.loss),
    )
    return run.history.rates == other.history.rates and all(torch.equal(a, b) for a, b in pairs)


def place(session):
    """Return the position of a session: its epoch, then the phases shown and in which epoch."""
    walk = session.walk
    return session.run.epoch, walk and (walk.start.epoch, walk.shown)


def test_stepping_by_phase_shows_one_phase_after_another_and_ends_as_the_epoch_does():
    session = Session.of(Config())
    for epoch in (0, 1):
        for number, phase in enumerate(every := phases(2), start=1):
            session.step_phase()
            assert session.now.phase == phase
            assert session.run.epoch == session.recipe.epoch == epoch + (number == len(every))
    assert same(session.run, advance(start(Config()), 2))


def test_a_learning_rate_set_after_an_epoch_stays_after_pausing_before_it():
    session = Session.of(Config())
    for event in (Epochs(3), LearningRate(0.7)):
        session.do(event)
    session.pause(2)
    assert session.run.epoch == 2
    assert session.run.learning_rate == 0.7
    session.step_epoch()
    assert same(session.run, apply(replay(session.recipe.until(2)), Epochs(1)))
    expected = apply(apply(advance(start(Config()), 2), LearningRate(0.7)), Epochs(1))
    assert same(session.run, expected)


def test_pausing_at_an_earlier_epoch_ends_the_walk_through_the_present_one():
    session = Session.of(Config())
    session.do(Epochs(2))
    session.step_phase()
    session.pause(2)
    assert session.now.phase == phases(2)[0]
    session.pause(1)
    assert session.walk is None
    session.step_phase()
    assert session.walk.start is session.run
    assert same(session.run, advance(start(Config()), 1))


def test_a_learning_rate_set_inside_an_epoch_is_used_for_the_rest_of_it():
    session = Session.of(Config())
    for _ in phases(2)[:3]:
        session.step_phase()
    before = session.now.phase
    session.do(LearningRate(0.7))
    assert session.now.phase == before
    while session.run.epoch == 0:
        session.step_phase()
    assert same(session.run, advance(apply(start(Config()), LearningRate(0.7)), 1))


def test_a_click_leads_to_the_precomputed_snapshot():
    session = Session.of(Config())
    for button in ["step_epoch", *["step_phase"] * 8, "step_epoch"]:
        foreseen = session.ahead(button)
        assert session.ahead(button) is foreseen
        getattr(session, button)()
        assert session.unshown[-1] is foreseen
        assert session.run is foreseen.run
        assert session.walk is foreseen.walk


@pytest.mark.parametrize(
    "happens",
    [
        lambda session: session.do(LearningRate(0.7)),
        lambda session: session.do(Epochs(1)),
        undo,
        lambda session: session.pause(1),
        lambda session: session.begin(Config(seed=9)),
    ],
    ids=["learning rate", "epoch", "undo", "pause", "begin"],
)
@pytest.mark.parametrize("button", ["step_epoch", "step_phase"])
def test_every_action_drops_what_was_precomputed(happens, button):
    session = Session.of(Config())
    session.do(Epochs(2))
    session.step_phase()
    foreseen = session.ahead(button)
    happens(session)
    again = session.ahead(button)
    assert again is not foreseen
    walk = session.walk or Walkthrough(session.run)
    expected = apply(session.run, Epochs(1)) if button == "step_epoch" else walk.next_phase().run
    assert same(again.run, expected)


DEEDS = {
    "step epoch": Session.step_epoch,
    "step phase": Session.step_phase,
    "foresee": lambda session: (session.ahead("step_epoch"), session.ahead("step_phase")),
}
deeds = st.one_of(
    st.sampled_from(list(DEEDS)),
    st.sampled_from(["undo", "undo", "redo"]),
    st.builds(LearningRate, st.sampled_from([0.1, 0.5, 2.0])),
    st.builds(Epochs, st.integers(1, 3)),
    st.tuples(st.just("pause"), st.none() | st.integers(0, 4)),
)


@settings(max_examples=200)
@given(st.sampled_from([Config(sizes=(2, 1)), SHUFFLED]), st.lists(deeds, min_size=3, max_size=20))
def test_after_any_actions_the_recipe_replays_to_the_run(config, deeds):
    session = Session.of(config)
    for deed in deeds:
        rate, epoch = session.run.learning_rate, session.run.epoch
        match deed:
            case "undo" | "redo":
                {"undo": undo, "redo": redo}[deed](session)
                rate = session.run.learning_rate
            case str():
                DEEDS[deed](session)
            case "pause", shown:
                session.pause(shown)
                assert session.run.epoch == (epoch if shown is None else min(shown, epoch))
            case event:
                session.do(event)
                rate = event.value if isinstance(event, LearningRate) else rate
        assert session.run.learning_rate == rate
        assert session.run.epoch == session.recipe.epoch
        assert session.walk is None or same(session.walk.run, session.run)
    assert same(session.run, replay(session.recipe))
