"""Turns: scripts run one after the other, but nobody waits long for one that takes long."""

import threading
import time

import pytest

from nets.page.visitor.turns import Queue

SHORT = 0.05  # seconds


def in_threads(*works):
    """Begin these works one after the other, each in a thread of its own, and wait for all."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
        time.sleep(SHORT)  # so that they queue in this order
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def test_nobody_begins_while_another_has_a_short_turn_and_all_come_in_order():
    queue, happened = Queue(patience=60), []

    def work(number):
        with queue.turn():
            happened.append(("begins", number))
            time.sleep(3 * SHORT)
            happened.append(("ends", number))

    in_threads(*(lambda number=number: work(number) for number in range(4)))
    assert happened == [(what, number) for number in range(4) for what in ("begins", "ends")]


def test_a_turn_that_takes_long_is_overtaken():
    queue, passed = Queue(patience=SHORT), threading.Event()

    def long():
        with queue.turn():
            assert passed.wait(20)

    def short():
        with queue.turn():
            passed.set()

    in_threads(long, short)


def test_a_turn_within_a_turn_is_the_same_one():
    queue, happened = Queue(patience=60), []

    def work():
        with queue.turn():
            with queue.turn():
                happened.append("inner")
            time.sleep(SHORT)
            happened.append("outer")

    def after():
        with queue.turn():
            happened.append("after")

    in_threads(work, after)
    assert happened == ["inner", "outer", "after"]


def test_a_turn_that_fails_ends():
    queue, happened = Queue(patience=60), []

    def after():
        with queue.turn():
            happened.append("after")

    with pytest.raises(ValueError, match="in the middle"), queue.turn():
        raise ValueError("in the middle")
    in_threads(after)
    assert happened == ["after"]


def test_a_function_may_have_a_turn_each_time_it_is_called():
    queue, calls = Queue(), []

    @queue.turn()
    def work(number):
        calls.append(number)

    work(1)
    work(2)
    assert calls == [1, 2]
