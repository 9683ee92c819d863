"""The player at full speed: a picture is as many epochs as can be trained in its time."""

import time

import pytest

from nets import Config
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
