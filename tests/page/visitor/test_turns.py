"""Turns: scripts run one after the other, but nobody waits long for one that takes long."""

import threading
import time

import pytest

from nets.page.visitor.turns import Queue, Slices

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


def took(slices):
    """Ask for a slice, without waiting for it; return whether there was one."""
    with slices.one(lambda: True) as waited:
        return waited is not None


def test_a_script_that_has_work_to_do_takes_a_core_from_training():
    queue = Queue()
    slices = Slices(2, lambda: queue.is_busy)
    with slices.one(lambda: True):
        assert took(slices)
        with queue.turn():
            assert not took(slices)
        assert took(slices)


def test_slices_are_given_in_the_order_in_which_they_are_asked_for():
    slices, happened = Slices(1, lambda: False), []

    def work(number):
        with slices.one(lambda: False):
            happened.append(number)

    with slices.one(lambda: False):
        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for number, thread in enumerate(threads, 1):
            thread.start()
            while slices.waiting < number:
                time.sleep(0.001)
    for thread in threads:
        thread.join(20)
    assert happened == [0, 1, 2, 3]


def test_a_slice_that_fails_or_is_no_longer_wanted_is_given_to_others():
    slices = Slices(1, lambda: False)
    with slices.one(lambda: False):
        assert not took(slices)
    assert slices.waiting == 0
    with pytest.raises(ValueError, match="in the middle"), slices.one(lambda: False):
        raise ValueError("in the middle")
    assert took(slices)


def test_while_more_want_to_train_than_there_are_cores_one_core_is_left_for_scripts():
    slices, ended = Slices(2, lambda: False), threading.Event()

    def wait():
        with slices.one(ended.is_set):
            pass

    threads = [threading.Thread(target=wait) for _ in range(2)]
    with slices.one(lambda: True):
        with slices.one(lambda: True):
            for number, thread in enumerate(threads, 1):
                thread.start()
                while slices.waiting < number:
                    time.sleep(0.001)
        assert slices.waiting == 2
        ended.set()
        for thread in threads:
            thread.join(20)
    assert took(slices)
