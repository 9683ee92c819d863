"""The connection: when it drops, the run is still there."""

import pytest
from disturbances import DROPPED, WATCH_REMOVALS, Line

from nets import Config, advance, start


@pytest.fixture
def line():
    return Line()


def test_a_dropped_connection_comes_back_to_the_same_epoch(visit, line):
    visitor = visit("?sizes=4-6-2", prepare=line.lay)
    visitor.step(3)
    loss, edges = visitor.loss, visitor.edges()
    line.cut(visitor.page)
    visitor.page.wait_for_timeout(1000)
    visitor.settle()
    assert (visitor.epoch, visitor.loss, visitor.edges()) == (3, loss, edges)
    visitor.step()
    assert [epoch for epoch, _ in visitor.loss_line()] == [0, 1, 2, 3, 4]


def test_playing_continues_after_the_connection_dropped(visit, line):
    visitor = visit(prepare=line.lay)
    visitor.click("play")
    visitor.wait_for_epoch(20)
    line.cut(visitor.page)
    dropped_at = visitor.epoch
    visitor.wait_for_epoch(dropped_at + 60)
    visitor.click("play")
    visitor.settle()
    epochs = [epoch for epoch, _ in visitor.loss_line()]
    assert epochs == list(range(visitor.epoch + 1))
    forgive(visitor)


def test_a_pause_that_was_lost_with_the_connection_is_sent_again(visit, line):
    visitor = visit(prepare=line.lay)
    visitor.click("play")
    visitor.wait_for_epoch(20)
    with line.losing(visitor.page):
        visitor.click("play")
    epoch = visitor.epoch
    line.cut(visitor.page)
    visitor.page.locator(".st-key-play", has_text="Play").wait_for()
    visitor.settle()
    assert visitor.epoch == epoch
    visitor.step()
    assert [epoch for epoch, _ in visitor.loss_line()] == list(range(epoch + 2))
    forgive(visitor)


def test_a_step_that_was_lost_with_the_connection_is_taken_back(visit, line):
    visitor = visit(prepare=line.lay)
    visitor.step(2)
    visitor.settle()
    with line.losing(visitor.page):
        visitor.step()
    line.cut(visitor.page)
    visitor.wait_for_text("epoch", "2")
    visitor.step()
    assert visitor.loss == f"{advance(start(Config()), 3).loss:#.6g}"
    assert [epoch for epoch, _ in visitor.loss_line()] == [0, 1, 2, 3]
    forgive(visitor)


def test_messages_that_arrive_together_do_not_remove_the_picture(visit, line):
    visitor = visit(prepare=line.lay)
    visitor.choose("speed", "fastest")
    visitor.page.evaluate(WATCH_REMOVALS)
    for _ in range(3):
        visitor.click("play")
        visitor.wait_for_epoch(visitor.epoch + 20)
        with line.kept_back():
            visitor.page.wait_for_timeout(500)
            visitor.click("play")
            epoch = visitor.epoch
            visitor.page.wait_for_timeout(1000)
        visitor.page.locator(".st-key-play", has_text="Play").wait_for()
        visitor.settle()
        assert visitor.epoch == epoch
    assert visitor.page.evaluate("window.removals") == 0


def forgive(visitor):
    """Check that all errors are about the missing connection, and forget them."""
    assert all(DROPPED in fault for fault in visitor.faults)
    visitor.faults.clear()
