"""The player at full speed: a picture is as many epochs as can be trained in its time."""

import time

import pytest
from visiting import arrive, visitor

from nets import Config, Epochs
from nets.page.stage import player
from nets.page.visitor.session import Session


@pytest.mark.parametrize("done", [1, 3])
def test_training_that_is_cut_short_does_not_make_pictures_longer(monkeypatch, done):
    session = Session.of(Config())
    session.playing, session.epochs_per_picture = True, 1000
    monkeypatch.setattr(player, "speed", lambda: None)
    monkeypatch.setattr(session, "do", lambda *_: time.sleep(0.001) or done)
    for _ in range(20):
        player.train_ahead(session)
    assert session.epochs_per_picture <= done * player.FRAME_TIME / 0.001


def test_steps_beyond_the_goal_of_a_training_do_not_break_its_progress():
    page = arrive(data="xor")
    session = visitor(page)
    session.do(Epochs(23))
    session.pending, session.progress = [Epochs(5)], (0, 10)
    page.run()
    assert not page.exception
    assert "epoch 23 of 23" in page.get("progress")[0].proto.text
