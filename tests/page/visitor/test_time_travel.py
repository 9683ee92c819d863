"""An earlier epoch is shown exactly, and becomes the run only when somebody changes it."""

from urllib.parse import urlencode

import pytest

from nets import Epochs, LearningRate, Parameter, replay, rewind
from nets.page.panels.panels import about_left_epochs
from nets.page.stage.address import address_of
from nets.page.visitor.arrival import rest, wake
from nets.page.visitor.pending import continue_events
from nets.page.visitor.session import Session
from nets.page.visitor.time_travel import show_epoch
from nets.page.visitor.undo import undo
from nets.presets import PRESETS
from tests.visiting import open_link


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


def test_the_page_says_which_epochs_a_step_from_the_past_leaves_out(session):
    assert about_left_epochs(session) == ""
    show_epoch(session, 4)
    assert about_left_epochs(session) == ""
    session.step_epoch()
    assert "former epochs 5 to 20 are left out; **Undo**" in about_left_epochs(session)
    session.step_epoch()
    assert about_left_epochs(session) == ""
    for _ in range(2):
        undo(session)
    assert about_left_epochs(session) == ""
    show_epoch(session, 19)
    session.step_phase()
    assert "former epoch 20 is left out" in about_left_epochs(session)


def test_while_it_plays_no_other_epoch_is_shown(session):
    session.playing = True
    show_epoch(session, 3)
    assert session.run.epoch == 20


def open_again(session):
    return open_link(address_of(session, {}).query)


@pytest.mark.parametrize("epoch", [0, 7, 19])
def test_a_link_to_an_earlier_epoch_has_the_later_ones_too(session, epoch):
    show_epoch(session, epoch)
    again = open_again(session)
    assert again.run.epoch == epoch
    show_epoch(again, 20)
    assert again.latest is None
    assert again.run.history.loss.equal(session.latest.run.history.loss)


@pytest.mark.parametrize("phases", [1, 4, 5, 6])
def test_a_link_to_a_phase_shows_this_phase(session, phases):
    for _ in range(phases):
        session.step_phase()
    again = open_again(session)
    assert (again.run.epoch, again.walk.shown) == (session.run.epoch, session.walk.shown)
    assert again.walk.phase == session.walk.phase
    again.step_phase()
    session.step_phase()
    assert again.walk.trace.activity.output.equal(session.walk.trace.activity.output)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"at": "21"}, "at must be a whole number from 0 to 20; got 21"),
        ({"at": "-1"}, "at must be a whole number"),
        ({"at": "two"}, "at must be a whole number"),
        ({"phase": "0"}, "phase must be a whole number"),
        ({"phase": "7"}, "phase must be a whole number from 1 to 6; got 7"),
        ({"phase": "1e9"}, "phase must be a whole number"),
    ],
)
def test_a_link_to_an_impossible_epoch_or_phase_says_so_and_shows_the_last_epoch(words, sentence):
    session = open_link(urlencode({"data": "xor", "steps": "20"} | words))
    assert sentence in session.errors["address"]
    assert (session.run.epoch, session.latest, session.walk) == (20, None, None)


def test_a_visitor_who_was_away_finds_the_earlier_epoch_and_the_later_ones(session):
    show_epoch(session, 12)
    rest(session)
    wake(session)
    while session.pending:
        continue_events(session)
    assert session.run.epoch == 12
    show_epoch(session, 20)
    assert session.run.epoch == 20
