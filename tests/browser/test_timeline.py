"""The slider under the loss chart shows earlier epochs."""

import pytest
from playground import opened

from tests.browser.test_first_minute import PHONE

PLACE = """(epoch) => {
    const chart = document.querySelector('.st-key-loss_chart');
    const { xaxis } = chart._fullLayout, { left, top, height } = chart.getBoundingClientRect();
    return [left + xaxis._offset + xaxis.c2p(epoch), top + height / 2];
}"""
LINE = "document.querySelector('.st-key-loss_chart').data.find(({name}) => name === 'loss').x"

SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"


ENDS = """() => {
    const { left, right } = document.querySelector('.st-key-time input').getBoundingClientRect();
    return [left + 8, right - 8];  // the thumb is 16 px wide
}"""


def move_to(visitor, epoch):
    visitor.page.locator(".st-key-time input").fill(str(epoch))
    visitor.wait_for_text("epoch", str(epoch))
    visitor.settle()


def test_the_slider_shows_an_earlier_epoch_and_training_from_there_makes_it_the_run(visit):
    visitor = visit("?data=xor")
    visitor.step(6)
    losses = {6: visitor.element("loss", "output").inner_text()}
    move_to(visitor, 2)
    assert visitor.page.evaluate(LINE) == [*range(7)]
    assert visitor.element("loss", "output").inner_text() != losses[6]

    visitor.element("time", "button").click()
    visitor.wait_for_text("epoch", "6")
    visitor.settle()
    assert visitor.element("loss", "output").inner_text() == losses[6]

    move_to(visitor, 2)
    visitor.click("step_epoch")
    visitor.wait_for_text("epoch", "3")
    visitor.settle()
    assert visitor.page.evaluate(LINE) == [*range(4)]


def test_the_slider_begins_below_epoch_0_of_the_axis_and_ends_below_the_last_epoch(visit):
    visitor = visit("?data=xor&steps=4")
    visitor.wait_for_text("epoch", "4")
    visitor.step()
    for width in (1280, 1920, 390):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        visitor.page.wait_for_function(
            "() => { const chart = document.querySelector('.st-key-loss_chart');"
            " return chart.clientWidth === chart.layout.width; }"
        )
        visitor.settle()
        places = [visitor.page.evaluate(PLACE, epoch)[0] for epoch in (0, visitor.epoch)]
        assert visitor.page.evaluate(ENDS) == pytest.approx(places, abs=1), width


def test_a_drag_on_the_chart_shows_the_epochs_on_its_way(visit):
    visitor = visit("?data=xor&steps=40")
    visitor.wait_for_text("epoch", "40")
    mouse = visitor.page.mouse
    mouse.move(*visitor.page.evaluate(PLACE, 30))
    mouse.down()
    for epoch in range(29, 9, -1):
        mouse.move(*visitor.page.evaluate(PLACE, epoch))
    visitor.page.locator(".st-key-epoch output", has_text="10").wait_for()
    assert visitor.page.locator(".st-key-time button").is_visible()
    mouse.move(*visitor.page.evaluate(PLACE, 20))
    mouse.up()
    visitor.wait_for_text("epoch", "20")
    mouse.click(*visitor.page.evaluate(PLACE, 5))
    visitor.wait_for_text("epoch", "5")
    assert visitor.page.evaluate(LINE) == [*range(41)]


def test_a_finger_on_the_chart_shows_earlier_epochs_and_up_and_down_moves_the_page(
    chromium, address
):
    context = chromium.browser.new_context(**PHONE)
    with opened(context, address) as open_page:
        visitor = open_page("?data=xor&steps=40", width=390, height=844)
        visitor.wait_for_text("epoch", "40")
        page = visitor.page
        page.locator(".st-key-loss_chart").scroll_into_view_if_needed()
        touches = context.new_cdp_session(page)

        def touch(kind, *points):
            told = {"type": kind, "touchPoints": points}
            touches.send("Input.dispatchTouchEvent", told)

        def drag(*places):
            for number, (x, y) in enumerate(places):
                touch("touchMove" if number else "touchStart", {"x": x, "y": y})
            touch("touchEnd")

        before = page.evaluate(SCROLLED)
        drag(*[page.evaluate(PLACE, epoch) for epoch in range(35, 9, -5)])
        visitor.wait_for_text("epoch", "10")
        assert page.evaluate(SCROLLED) == before
        assert page.evaluate(LINE) == [*range(41)]

        x, y = page.evaluate(PLACE, 10)
        drag(*[(x, y - 20 * step) for step in range(12)])
        page.wait_for_function(f"before => {SCROLLED} > before + 50", arg=before)
        visitor.settle()
        assert visitor.epoch == 10
    context.close()
