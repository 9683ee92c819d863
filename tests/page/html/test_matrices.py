"""Matrices: who computes the equations as they are written, and rounds, gets each result.

The text is read as a person reads it, and computed by mpmath.
"""

import itertools
import random
import re
from dataclasses import replace

import mpmath
import pytest
from random_networks import config_of, data_of
from visiting import text_of
from written_numbers import compute, rounds_to

from nets import ACTIVATIONS, Config, start
from nets.explain.equations import MOST, equations_of
from nets.explain.phases import Walkthrough, phases
from nets.page.html.matrices import equations_as_html

NETWORKS = 200


def read_number(text):
    return mpmath.mpf(text.replace("−", "-"))


class Written:
    """A matrix as it is written: its name, its shape, and the texts that are shown of it."""

    def __init__(self, html):
        caption = text_of(re.search(r"<caption>(.*?)</caption>", html)[1])
        self.name, rows, columns = re.match(r"(.*) \((\d+), (\d+)\)", caption).groups()
        self.shape = int(rows), int(columns)
        body = html.partition("<tbody>")[2]
        rows = [re.findall("<td>(.*?)</td>", row) for row in body.split("<tr>")[1:]]
        self.texts = [[text_of(cell) for cell in row] for row in rows]
        assert caption.endswith("×") or len(rows) == min(self.shape[0], MOST)

    def numbers(self):
        return [[read_number(text) for text in row] for row in self.texts]


def read(html):
    """List the matrices and the signs of each equation, in the order in which they are written."""
    for equation in html.split('<div class="side-by-side equation">')[1:]:
        parts = re.split('<div class="matrix">|<span class="operator">', equation)[1:]
        yield [Written(part) if "<table" in part else text_of(part) for part in parts]


def each(function, left, right):
    """Apply a function number by number; a single row or column is used for every one."""
    rows, columns = max(len(left), len(right)), max(len(left[0]), len(right[0]))
    return [
        [
            function(*(m[min(i, len(m) - 1)][min(k, len(m[0]) - 1)] for m in (left, right)))
            for k in range(columns)
        ]
        for i in range(rows)
    ]


def matmul(left, right):
    return [
        [
            sum(x * w for x, w in zip(row, column, strict=True))
            for column in zip(*right, strict=True)
        ]
        for row in left
    ]


SIGNS = {
    "·": matmul,
    "⊙": lambda left, right: each(lambda x, y: x * y, left, right),
    "+": lambda left, right: each(lambda x, y: x + y, left, right),
    "−": lambda left, right: each(lambda x, y: x - y, left, right),
}


def is_cut(parts):
    """Whether a sum has more terms than are shown."""
    for sign, right in itertools.pairwise(parts):
        if sign == "·" and right.shape[0] > MOST:
            return True
    return parts[0] == "sums of the rows of" and parts[1].shape[1] > MOST


def left_side(parts):
    """Compute what is left of the equals sign, from left to right."""
    value, sign, share = None, None, 1
    for part in parts:
        if isinstance(part, Written):
            numbers = [[share * number for number in row] for row in part.numbers()]
            value, share = numbers if value is None else SIGNS[sign](value, numbers), 1
        elif part.startswith("÷"):
            value = [[number / int(part[1:]) for number in row] for row in value]
        elif re.match(r"\+ .+ ·", part):
            sign, share = "+", read_number(part[2:-2])
        elif part != "sums of the rows of":
            sign = part.strip("() ")
    return [[sum(row)] for row in value] if parts[0] == "sums of the rows of" else value


def activate(numbers, activation):
    """Compute f(z)."""
    if activation == "softmax":
        powers = [[mpmath.exp(z - max(row)) for z in row] for row in numbers]
        return [[power / sum(row) for power in row] for row in powers]
    formula = ACTIVATIONS[activation].formula
    return [[compute(formula.replace("{x}", f"({z})")) for z in row] for row in numbers]


def apply(words, matrix, activation):
    """Compute what an equation in words makes of a matrix; None if numbers are cut off."""
    numbers = matrix.numbers()
    if words.startswith("f("):
        is_cut = activation == "softmax" and matrix.shape[1] > MOST
        return None if is_cut else activate(numbers, activation)
    if matrix.shape[0] > MOST or (words.startswith("sum of all") and matrix.shape[1] > MOST):
        return None
    sums = [sum(column) for column in zip(*numbers, strict=True)]
    return [[sum(sums)]] if words.startswith("sum of all") else [sums]


def expected(parts, known, activation):
    """Compute the result of an equation from what is written; None if numbers are cut off."""
    if len(parts) == 2:
        name = re.search(r"f\((.*)\)|of (\S+) =", parts[0])
        return apply(parts[0], known[name[1] or name[2]], activation)
    return None if is_cut(parts[:-2]) else left_side(parts[:-2])


def is_written(matrix, written, digits):
    """Whether the numbers of a matrix are written, with these digits or with more."""
    return (written.name, written.shape) == (matrix.name, tuple(matrix.values.shape)) and all(
        abs(read_number(text) - number) <= 0.51 * 10 ** (1 - digits) * abs(number) + 1e-12
        for texts, numbers in zip(written.texts, matrix.shown, strict=True)
        for text, number in zip(texts, numbers, strict=True)
    )


def check(equations, digits, activation):
    """Check every number that is written, and return how many results there are."""
    known, checked = {}, 0
    for equation, parts in zip(equations, read(equations_as_html(equations, digits)), strict=True):
        for part, written in zip(equation.parts, parts, strict=True):
            assert isinstance(part, str) or is_written(part, written, digits), (part, written.texts)
        known |= {part.name: part for part in parts if isinstance(part, Written)}
        assert all(known[p.name].texts == p.texts for p in parts if isinstance(p, Written))
        numbers = expected(parts, known, activation)
        for row, texts in zip(numbers or [], parts[-1].texts, strict=False):
            for number, text in zip(row, texts, strict=False):
                assert rounds_to(number, text), (parts[-1].name, number, text)
                checked += 1
    return checked


@pytest.mark.parametrize("part", range(5))
def test_every_result_follows_from_the_numbers_as_they_are_written(part):
    checked = 0
    with mpmath.workdps(100):
        for seed in range(part, NETWORKS, 5):
            draw = random.Random(seed)
            config = replace(config_of(seed, draw), examples=draw.choice([1, 4, 12]))
            run, last = start(config, data=data_of(config)), len(config.sizes) - 1
            for shown, phase in enumerate(phases(last), start=1):
                equations = equations_of(Walkthrough(run, shown).trace, phase)
                hidden = phase.layer < last
                activation = config.hidden_activation if hidden else config.output_activation
                checked += check(equations, 2 + seed % 5, activation)
    assert checked > 50 * NETWORKS / 5


def test_names_and_signs_are_written_in_order():
    equations = equations_of(Walkthrough(start(Config()), 1).trace, phases(2)[0])
    (first, _) = read(equations_as_html(equations, 3))
    names = [part if isinstance(part, str) else part.name for part in first]
    assert names == ["x", "·", "w¹", "+", "b¹", "=", "z¹"]
