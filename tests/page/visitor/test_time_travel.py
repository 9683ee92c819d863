"""An earlier epoch is shown exactly, and becomes the run only when somebody changes it."""

import pytest

from nets import Epochs, LearningRate, Parameter, replay, rewind
from nets.page.visitor.session import Session
from nets.page.visitor.time_travel import show_epoch
from nets.page.visitor.undo import undo
from nets.presets import PRESETS


@pytest.fixture
def session():
    session = Session.of(PRESETS["xor"])
    for event in (Epochs(10), LearningRate(0.25), Epochs(5), Parameter("w1[0, 1]", 2.0), Epochs(5)):
        session.do(event)
    return session


@pytest.mark.parametrize("epoch", [0, 3, 10, 12, 15, 19])
def test_an_earlier_epoch_is_shown_bit_for_bit_with_a_recipe_that_repeats_it(session, epoch):
    whole = session.run
    show_epoch(session, epoch)
    assert session.run.epoch == epoch
    assert session.run.network.parameters.equal(rewind(whole, epoch).network.parameters)
    again = replay(session.recipe)
    assert again.network.parameters.equal(session.run.network.parameters)
    assert again.learning_rate == session.run.learning_rate


def test_the_last_epoch_is_the_run_itself(session):
    whole = session.run
    for epoch in (7, 2, 20, 7, 1000):
        show_epoch(session, epoch)
    assert session.run is whole
    assert session.latest is None


def test_training_from_the_past_makes_that_the_run_and_can_be_undone(session):
    whole = session.run
    show_epoch(session, 4)
    session.step_epoch()
    assert (session.run.epoch, session.latest) == (5, None)
    undo(session)
    assert session.run.epoch == 4
    show_epoch(session, 20)
    assert session.run.network.parameters.equal(whole.network.parameters)


def test_while_it_plays_no_other_epoch_is_shown(session):
    session.playing = True
    show_epoch(session, 3)
    assert session.run.epoch == 20
