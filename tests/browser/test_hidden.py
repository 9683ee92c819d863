"""Nothing is lost in a hidden tab, on a sleeping laptop, in another window or theme."""

import time

import pytest
from disturbances import DROPPED, Line, asleep, epochs_seen, hidable, hidden, watch_epochs

from nets import Config, advance, start
from nets.figures.colours import DARK, LIGHT

INK = "() => document.querySelector('.st-key-diagram').layout.font.color"


@pytest.fixture
def line():
    return Line()


def pause_and_check(visitor):
    """Pause; then everything on the page must be of the run at the epoch on show."""
    visitor.click("play")
    visitor.page.locator(".st-key-play", has_text="Play").wait_for()
    visitor.settle()
    run = advance(start(Config()), visitor.epoch)
    assert visitor.loss == f"{run.loss:#.6g}"
    assert visitor.loss_line()[-1][0] == visitor.epoch
    visitor.show_panel("Weights and biases")
    weights = run.network.layers[0].weights[0].tolist()
    assert visitor.table(0)[0] == [f"{weight:.4f}".replace("-", "−") for weight in weights]


def come_to_rest(visitor, line):
    """Wait until the last answer has come; return the epoch then, and the number of questions.

    A question without an answer is asked again after 3 seconds.
    """
    deadline = time.monotonic() + 60
    while True:
        before = visitor.epoch, len(line.questions)
        visitor.page.wait_for_timeout(3500)
        if (visitor.epoch, len(line.questions)) == before:
            return before
        assert time.monotonic() < deadline, "The hidden page goes on asking."


def one_by_one(epochs):
    return list(range(epochs[0], epochs[-1] + 1))


@pytest.mark.parametrize("speed", ["25 epochs", "fastest"])
def test_a_hidden_tab_asks_for_nothing_and_continues_when_it_is_shown(visit, line, speed):
    visitor = visit(prepare=lambda page: (hidable(page), line.lay(page)))
    visitor.choose("speed", speed)
    visitor.click("play")
    visitor.wait_for_epoch(20)
    with hidden(visitor.page):
        left_at, asked = come_to_rest(visitor, line)
        visitor.page.wait_for_timeout(3500)
        assert (visitor.epoch, len(line.questions)) == (left_at, asked)
    visitor.wait_for_epoch(left_at + 40)
    while len(line.questions) == asked:
        visitor.page.wait_for_timeout(20)
    pause_and_check(visitor)


def test_no_epoch_is_left_out_when_a_hidden_tab_is_shown_again(visit):
    visitor = visit(prepare=hidable)
    visitor.click("play")
    visitor.wait_for_epoch(20)
    watch_epochs(visitor.page)
    with hidden(visitor.page):
        visitor.page.wait_for_timeout(3000)
    visitor.wait_for_epoch(visitor.epoch + 40)
    pause_and_check(visitor)
    epochs = epochs_seen(visitor.page)
    assert epochs == one_by_one(epochs)


def test_train_finishes_in_a_hidden_tab_too(visit):
    visitor = visit(prepare=hidable)
    visitor.train(20_000)
    with hidden(visitor.page):
        while visitor.epoch < 20_000:
            visitor.page.wait_for_timeout(100)


@pytest.mark.parametrize("playing", [True, False], ids=["playing", "at rest"])
def test_a_laptop_that_slept_finds_the_same_run_again(visit, line, playing):
    visitor = visit(prepare=line.lay)
    if playing:
        visitor.click("play")
        visitor.wait_for_epoch(20)
    else:
        visitor.step(3)
        visitor.settle()  # the picture comes before the server has heard of the click
    epoch = visitor.epoch
    line.drop()
    with asleep(visitor.page):
        time.sleep(3)
    line.wait_for(visitor.page, 2)
    if playing:
        visitor.wait_for_epoch(epoch + 60)
        pause_and_check(visitor)
    visitor.settle()
    if not playing:
        assert visitor.epoch == epoch
    visitor.step()
    assert [epoch for epoch, _ in visitor.loss_line()] == list(range(visitor.epoch + 1))
    assert all(DROPPED in fault for fault in visitor.faults)
    visitor.faults.clear()


def look_at_the_loss_on_a_logarithmic_axis(page):
    page.locator(".st-key-view button").first.click()
    page.get_by_text("Logarithmic loss").click()
    page.keyboard.press("Escape")  # the box lies over the panel


CHANGES = {
    "size": lambda page: page.set_viewport_size({"width": 1920, "height": 1080}),
    "theme": lambda page: page.emulate_media(color_scheme="dark"),
    "axis": look_at_the_loss_on_a_logarithmic_axis,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_picture_that_is_redrawn_while_playing_leaves_no_epoch_out(visit, change):
    visitor = visit()
    visitor.click("play")
    visitor.wait_for_epoch(20)
    watch_epochs(visitor.page)
    change(visitor.page)
    visitor.wait_for_epoch(visitor.epoch + 60)
    pause_and_check(visitor)
    epochs = epochs_seen(visitor.page)
    assert epochs == one_by_one(epochs)


def test_the_theme_is_followed_while_playing_and_at_rest(visit):
    visitor = visit()
    visitor.click("play")
    visitor.wait_for_epoch(10)
    for scheme, ink in (("dark", DARK.ink), ("light", LIGHT.ink)):
        visitor.page.emulate_media(color_scheme=scheme)
        visitor.page.wait_for_function(f"ink => ({INK})() === ink", arg=ink)
        if scheme == "dark":
            pause_and_check(visitor)
