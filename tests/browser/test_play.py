"""Playing: the picture moves in place, and pausing leaves it where it is."""

import pytest
from disturbances import WATCH_REMOVALS, epochs_seen, watch_epochs

from nets import Config, advance, start


def play(visitor, until):
    visitor.click("play")
    visitor.wait_for_epoch(until)


def pause(visitor):
    visitor.click("play")
    visitor.settle()


def test_playing_shows_every_epoch_in_order_and_never_removes_the_picture(visit):
    visitor = visit()
    watch_epochs(visitor.page)
    visitor.page.evaluate(WATCH_REMOVALS)
    play(visitor, until=60)
    assert visitor.label_of_play == "Pause"
    pause(visitor)
    epochs = epochs_seen(visitor.page)
    assert epochs == list(range(epochs[0], epochs[-1] + 1))
    assert visitor.page.evaluate("window.removals") == 0


def test_pause_leaves_everything_at_the_picture_shown(visit):
    visitor = visit()
    play(visitor, until=20)
    pause(visitor)
    epoch = visitor.epoch
    assert visitor.label_of_play == "Play"
    run = advance(start(Config()), epoch)
    assert visitor.loss == f"{run.loss:#.6g}"
    assert visitor.loss_line()[-1][0] == epoch
    visitor.show_panel("Weights and biases")
    shown = visitor.table(0)[0]
    assert shown == [
        f"{weight:.4f}".replace("-", "−") for weight in run.network.layers[0].weights[0].tolist()
    ]
    visitor.page.wait_for_timeout(500)
    assert visitor.epoch == epoch
    visitor.step()
    assert visitor.epoch == epoch + 1
    assert visitor.loss == f"{advance(run).loss:#.6g}"


LOOK = """
() => [...document.querySelectorAll('.stage .main-svg')].map((part) => part.outerHTML).join()
"""
# How the pictures look as soon as a click has been dealt with.
NOTE_CLICKS = f"""
window.addEventListener('click', () => setTimeout(() => window.clicked = ({LOOK})()), true);
"""


@pytest.mark.parametrize("query", ["", "?sizes=32-64-16"])
def test_after_a_pause_nothing_in_the_pictures_changes_any_more(visit, query):
    visitor = visit(query, prepare=lambda page: page.add_init_script(NOTE_CLICKS))
    visitor.choose("speed", "fastest")
    for _ in range(3):
        play(visitor, until=visitor.epoch + 10)
        visitor.page.wait_for_timeout(700)
        pause(visitor)
        assert visitor.page.evaluate("window.clicked") == visitor.page.evaluate(LOOK)


def test_at_full_speed_pictures_are_skipped_but_no_epoch(visit):
    visitor = visit()
    visitor.choose("speed", "fastest")
    play(visitor, until=1000)
    pause(visitor)
    assert visitor.loss == f"{advance(start(Config()), visitor.epoch).loss:#.6g}"


def test_the_keyboard_plays_pauses_steps_and_resets(visit):
    visitor = visit()
    visitor.page.keyboard.press("ArrowRight")
    visitor.wait_for_epoch(1)
    visitor.page.keyboard.press("Space")
    visitor.wait_for_epoch(10)
    visitor.page.keyboard.press("Space")
    visitor.settle()
    assert visitor.label_of_play == "Play"
    visitor.page.keyboard.press("0")
    visitor.settle()
    assert visitor.epoch == 0


def test_training_many_epochs_can_be_stopped_and_loses_nothing(visit):
    visitor = visit()
    visitor.train(5_000_000)
    visitor.page.locator("[data-testid=stProgress]").wait_for()
    visitor.page.wait_for_timeout(1000)
    visitor.click("stop")
    visitor.settle()
    assert 100 < visitor.epoch < 5_000_000
    assert visitor.loss_line()[-1][0] == visitor.epoch
    assert visitor.loss == f"{advance(start(Config()), visitor.epoch).loss:#.6g}"


def test_the_box_of_training_closes_and_keeps_its_number(visit):
    visitor = visit()
    for epoch in (30, 60):
        visitor.train(30)
        visitor.wait_for_epoch(epoch)
        visitor.settle()
        assert visitor.page.locator(".st-key-train_epochs").count() == 0
    visitor.open_train_box()
    visitor.element("train_epochs", "input").wait_for()
    visitor.settle()
    assert visitor.element("train_epochs", "input").input_value() == "30"


def test_zoom_stays_after_steps(visit):
    visitor = visit()
    chart = "document.querySelector('.st-key-loss_chart')"
    visitor.step(2)
    visitor.page.evaluate(f"() => Plotly.relayout({chart}, {{'xaxis.range': [0.5, 1.5]}})")
    visitor.step(2)
    assert visitor.page.evaluate(f"() => {chart}._fullLayout.xaxis.range") == [0.5, 1.5]


AS_DRAWN = """
() => {
  const plot = document.querySelector('.st-key-diagram');
  const rounded = (path) => (path.match(/-?[\\d.]+/g) ?? []).map((n) => Math.round(n));
  const lines = [...plot.querySelectorAll('.shapelayer path')]
    .filter((path) => /[LC]/.test(path.getAttribute('d')))
    .map(({ style, attributes }) => [
      style.stroke, style.strokeWidth, style.strokeDasharray, rounded(attributes.d.value)]);
  const marks = [...plot.querySelectorAll('.scatterlayer .points path')].map((m) => m.style.fill);
  const texts = [...plot.querySelectorAll('.scatterlayer .text text')]
    .map((text) => [text.textContent, text.style.fill]);
  return { lines, marks, texts };
}
"""


@pytest.mark.parametrize("query", ["", "?sizes=4-5-5-3&data=iris", "?sizes=32-64-16"])
def test_what_is_painted_in_place_is_what_plotly_draws_itself(visit, query):
    visitor = visit(query)
    before = visitor.page.evaluate(AS_DRAWN)
    visitor.step(3)
    visitor.settle()
    painted = visitor.page.evaluate(AS_DRAWN)
    assert painted != before
    visitor.page.evaluate(
        """async () => {
            const plot = document.querySelector('.st-key-diagram');
            plot.dispatchEvent(new PointerEvent('pointermove'));
            await Plotly.redraw(plot);
        }"""
    )
    assert visitor.page.evaluate(AS_DRAWN) == painted
