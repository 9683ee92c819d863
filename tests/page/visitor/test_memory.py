"""Heavy work of all visitors goes through one gate, in turn, within a budget of bytes."""

import threading

import pytest

from nets.page.visitor.memory import Busy, Gate

SECONDS = 10  # after which a thread that does not end is a fault


@pytest.fixture
def gate():
    return Gate(100, light=10)


def start(*works):
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    return threads


def end(threads):
    for thread in threads:
        thread.join(SECONDS)
        assert not thread.is_alive()


def wait_until(condition):
    given = threading.Event()
    for _ in range(1000 * SECONDS):
        if condition():
            return
        given.wait(0.001)
    raise AssertionError


@pytest.mark.parametrize("size", [30, 60, 100, 1000])
def test_what_is_inside_never_exceeds_the_budget_unless_it_is_one_alone(gate, size):
    seen = []

    def work():
        for _ in range(20):
            with gate.through(size):
                seen.append((gate.in_use, gate.in_use // size))

    end(start(*[work] * 8))
    assert len(seen) == 160
    assert all(in_use <= 100 or alone == 1 for in_use, alone in seen)
    assert gate.in_use == gate.queue == 0


def test_work_goes_in_the_order_in_which_it_came(gate):
    done, threads = [], []
    with gate.through(100):
        for number in range(5):

            def work(number=number):
                with gate.through(60):
                    done.append(number)

            threads += start(work)
            wait_until(lambda number=number: gate.queue == number + 1)
        assert done == []
    end(threads)
    assert done == [0, 1, 2, 3, 4]


def test_who_waits_is_told_every_place_in_the_queue(gate):
    told = [[], []]
    with gate.through(100):
        threads = []
        for number in (0, 1):

            def work(number=number):
                with gate.through(60, told[number].append):
                    pass

            threads += start(work)
            wait_until(lambda number=number: told[number])
        assert told == [[1], [2]]
    end(threads)
    assert told in ([[1], [2]], [[1], [2, 1]])  # if the first has left already, both go at once


def test_light_work_does_not_wait(gate):
    with gate.through(100):
        done = []

        def work():
            with gate.through(10):
                done.append(gate.in_use)

        end(start(work))
    assert done == [100]


def test_work_inside_other_work_is_a_part_of_it(gate):
    with gate.through(100), gate.through(100):
        assert gate.in_use == 100
    assert gate.in_use == 0


def test_work_that_fails_makes_room(gate):
    def fail():
        raise ValueError

    with pytest.raises(ValueError), gate.through(80):  # noqa: PT011
        fail()
    with gate.through(80):
        assert gate.in_use == 80


def test_work_that_waits_for_long_enough_gives_up_and_lets_the_others_go(gate):
    with gate.through(100):
        raised = []

        def work():
            with pytest.raises(Busy) as error, gate.through(60, seconds=0.01):
                pass
            raised.append(error)

        end(start(work))
        assert len(raised) == 1
        assert not gate.has_room(60)
        assert gate.queue == 0
    assert gate.has_room(60)
