"""AppendOnly: what one holder adds, no other holder sees."""

import copy
import threading

import torch

from nets.training.history import AppendOnly


def rows(*values):
    return torch.tensor(values, dtype=torch.float32)


def test_rows_are_those_given_and_those_added():
    grown = AppendOnly(rows(1, 2)).with_more(2, rows(3)).with_more(3, rows(4, 5))
    assert torch.equal(grown.first(5), rows(1, 2, 3, 4, 5))
    assert torch.equal(grown.first(2), rows(1, 2))


def test_two_holders_that_add_to_the_same_rows_get_separate_rows():
    base = AppendOnly(rows(1)).with_more(1, rows(2))
    one, other = base.with_more(2, rows(3)), base.with_more(2, rows(4))
    earlier = base.with_more(1, rows(5))
    assert torch.equal(one.first(3), rows(1, 2, 3))
    assert torch.equal(other.first(3), rows(1, 2, 4))
    assert torch.equal(earlier.first(2), rows(1, 5))
    assert torch.equal(base.first(2), rows(1, 2))


def test_adding_one_by_one_seldom_copies():
    grown, places = AppendOnly(rows(0)), set()
    for length in range(1, 2000):
        grown = grown.with_more(length, rows(length))
        places.add(id(grown))
    assert torch.equal(grown.first(2000), torch.arange(2000.0))
    assert len(places) < 40


def test_the_first_rows_are_copied():
    mine = rows(1, 2)
    grown = AppendOnly(mine)
    mine.fill_(9)
    assert torch.equal(grown.first(2), rows(1, 2))


def test_a_copy_is_independent():
    base = AppendOnly(rows(1)).with_more(1, rows(2))
    other = copy.deepcopy(base).with_more(2, rows(3))
    base.with_more(2, rows(4))
    assert torch.equal(other.first(3), rows(1, 2, 3))


def test_threads_that_add_to_the_same_rows_get_separate_rows():
    base, results = AppendOnly(rows(0), room=1000), {}

    def add(value):
        grown = base
        for length in range(1, 300):
            grown = grown.with_more(length, rows(value))
        results[value] = grown.first(300)

    threads = [threading.Thread(target=add, args=(value,)) for value in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all((results[value][1:] == value).all() for value in range(1, 9))
