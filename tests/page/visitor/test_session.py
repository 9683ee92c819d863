"""A visitor's session: events, pausing in the past, and stopping long work."""

import pytest
import torch

from nets import Config, Epochs, LearningRate, advance, replay, start
from nets.page.visitor.session import Session


def test_pausing_at_an_epoch_shown_takes_run_and_recipe_back_to_it():
    session = Session.of(Config())
    session.playing = True
    for event in (Epochs(10), LearningRate(0.5), Epochs(20)):
        session.do(event)
    session.pause(17)
    assert not session.playing
    assert session.run.epoch == session.recipe.epoch == 17
    assert session.reading is session.run
    assert torch.equal(session.run.network.parameters, replay(session.recipe).network.parameters)


@pytest.mark.parametrize("nonsense", [None, "7", -1, 10**9, 2.5, [3], {}])
def test_pausing_at_nonsense_stays_where_the_run_is(nonsense):
    session = Session.of(Config())
    session.do(Epochs(5))
    session.pause(nonsense)
    assert session.run.epoch == session.recipe.epoch == 5


def test_work_done_in_slices_equals_work_done_at_once():
    session = Session.of(Config())
    session.undertake([Epochs(700), LearningRate(0.02), Epochs(300)], seconds=0.001)
    slices = 1
    while session.pending:
        session.work(0.001)
        slices += 1
    at_once = replay(session.recipe)
    assert slices > 1
    assert session.run.epoch == 1000
    assert torch.equal(session.run.network.parameters, at_once.network.parameters)


def test_stopping_between_slices_keeps_what_was_trained():
    session = Session.of(Config())
    session.undertake([Epochs(1_000_000)], seconds=0.01)
    session.pending.clear()
    trained = session.run.epoch
    assert 0 < trained == session.recipe.epoch
    expected = advance(start(Config()), trained).network.parameters
    assert torch.equal(session.run.network.parameters, expected)


def test_a_run_that_diverges_stops_playing_and_working():
    config = Config(
        sizes=(4, 5, 3), data="iris", hidden_activation="relu", output_activation="linear",
        bias_rule="gradient", learning_rate=1e6,
    )  # fmt: skip
    session = Session.of(config)
    session.undertake([Epochs(100)], seconds=10)
    assert session.run.divergence is not None
    assert not session.playing
    assert session.pending == []
    assert session.recipe.epoch == session.run.epoch
