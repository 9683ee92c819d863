"""The panel Download: which epochs an animated picture shows, and how files are named."""

import pytest

from nets import Config, advance, start
from nets.page.panels.film import choose_epochs, list_frames
from nets.page.stage.messages import style_of
from nets.page.visitor.session import Session
from nets.presets import PRESETS
from nets.sharing.caption import caption, file_name


@pytest.fixture(scope="module")
def long_run():
    return advance(start(Config(sizes=(64, 64, 16), bias_rule="gradient")), 1000)


@pytest.mark.parametrize("epochs", [0, 1, 99, 100, 101, 5000])
def test_a_film_shows_at_most_100_epochs_from_the_first_to_the_last(epochs):
    chosen = choose_epochs(advance(start(Config()), epochs), 100)
    assert len(chosen) <= 100
    assert (chosen[0], chosen[-1]) == (0, epochs)
    assert [*chosen] == sorted({*chosen})


def test_a_film_of_a_large_network_shows_epochs_that_need_no_training(long_run):
    assert long_run.history.stride > 1
    *earlier, last = choose_epochs(long_run, 100)
    assert all(epoch % long_run.history.stride == 0 for epoch in earlier)
    assert last == 1000


def test_each_frame_of_a_film_says_its_epoch():
    session = Session.of(PRESETS["xor"])
    run = advance(session.run, 12)
    captions = [frame["caption"] for frame in list_frames(run, style_of(session))]
    assert len(captions) == 13
    for epoch, words in enumerate(captions):
        assert f"epoch {epoch} " in words


def test_a_caption_names_the_settings_and_a_file_name_is_plain():
    run = advance(start(PRESETS["quadrant_xor"]), 3)
    assert "network 2-6-1" in caption(run)
    assert f"loss {run.loss:.6g}" in caption(run)
    assert file_name(run, "script.py") == "nets-quadrant-xor-2-6-1-epoch-3-script.py"
