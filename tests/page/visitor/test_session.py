"""A visitor's session: events, pausing in the past, and stopping long work."""

import threading
from dataclasses import replace

import pytest
import torch

from nets import Config, Epochs, LearningRate, advance, replay, start
from nets.page.visitor.events import parse_epoch
from nets.page.visitor.pending import continue_events, start_events
from nets.page.visitor.session import Session
from nets.presets import PRESETS


def test_pausing_at_an_epoch_shown_takes_run_and_recipe_back_to_it():
    session = Session.of(Config())
    session.playing = True
    for event in (Epochs(10), LearningRate(0.5), Epochs(20)):
        session.do(event)
    session.pause(17)
    assert not session.playing
    assert session.run.epoch == session.recipe.epoch == 17
    assert session.displayed is session.run
    assert torch.equal(session.run.network.parameters, replay(session.recipe).network.parameters)


@pytest.mark.parametrize("nonsense", [None, "7", -1, 10**9, 2.5, [3], {}])
def test_pausing_at_nonsense_stays_where_the_run_is(nonsense):
    session = Session.of(Config())
    session.do(Epochs(5))
    session.pause(parse_epoch(nonsense))
    assert session.run.epoch == session.recipe.epoch == 5


def test_work_done_in_slices_equals_work_done_at_once():
    session = Session.of(Config())
    start_events(session, [Epochs(700), LearningRate(0.02), Epochs(300)], seconds=0.001)
    slices = 1
    while session.pending:
        continue_events(session, 0.001)
        slices += 1
    at_once = replay(session.recipe)
    assert slices > 1
    assert session.run.epoch == 1000
    assert torch.equal(session.run.network.parameters, at_once.network.parameters)


def test_stopping_between_slices_keeps_what_was_trained():
    session = Session.of(Config())
    start_events(session, [Epochs(1_000_000)], seconds=0.01)
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
    start_events(session, [Epochs(100)], seconds=10)
    assert session.run.divergence is not None
    assert not session.playing
    assert session.pending == []
    assert session.recipe.epoch == session.run.epoch


def train_in_a_thread(session, epochs):
    """Begin to train in another thread, and return it as soon as it has done some epochs."""
    thread = threading.Thread(target=session.do, args=(Epochs(epochs),))
    begun = threading.Event()
    real = session.trainer.train
    session.trainer.train = lambda *args: begun.set() or real(*args)
    thread.start()
    begun.wait()
    return thread


def test_a_choice_made_while_another_thread_trains_is_never_lost():
    session = Session.of(PRESETS["digits"])
    training = train_in_a_thread(session, 400)
    session.begin(PRESETS["xor"])
    training.join()
    assert session.run.config == session.recipe.config == PRESETS["xor"]
    assert session.run.epoch == session.recipe.epoch == 0


def test_training_that_gives_way_keeps_whole_epochs_and_continues_the_unfinished_one():
    config = replace(PRESETS["digits"], batch_size=1)  # an epoch takes longer than a part
    session = Session.of(config)
    training = train_in_a_thread(session, 50)
    with session.in_order():
        given_way = session.run.epoch
    training.join()
    assert given_way == session.run.epoch < 50
    while session.run.epoch < 1:
        session.do(Epochs(1), seconds=0.01)
    expected = advance(start(config), session.run.epoch)
    assert torch.equal(session.run.network.parameters, expected.network.parameters)
