"""Lines on the page: who computes what is written, and rounds, gets the result as it is written.

The text is read as a person reads it, and computed by mpmath with 200 digits.
"""

import random
import re
from decimal import Decimal

import mpmath
import pytest
from random_networks import config_of, data_of
from visiting import text_of
from written_numbers import compute, rounds_to

from nets import start
from nets.explain.arithmetic import Factor, Line, Term, format_line
from nets.explain.derivation import Question, check_answer, derive
from nets.explain.phases import Phase, phases, trace_update
from nets.explain.quantities import Quantities
from nets.page.html.lines import line_to_compute, lines_as_html

NETWORKS = 1000


def read_lines(html):
    """List the name, the computation and the result of each line that has a computation."""
    for line in html.split('<div class="line" ')[1:]:
        name = re.match('data-line="([^"]*)"', line)[1]
        parts = re.split("<span>= ", line.partition("</div>")[0])
        texts = [text_of(part) for part in parts[1:]]
        if len(texts) == 3:
            yield name, texts[1], texts[2]


def lines_of(seed):
    """Derive some lines of every phase of an update of a random network."""
    draw = random.Random(seed)
    config = config_of(seed, draw)
    step = trace_update(start(config, data=data_of(config)))
    factors = Quantities(step, draw.randrange(config.examples))
    last = len(config.sizes) - 1
    for phase in [*phases(last)[:-1], Phase("update", draw.randint(1, last))]:
        layer = phase.layer or last
        source = draw.choice([None, draw.randrange(config.sizes[layer - 1])])
        yield from derive(factors, phase, draw.randrange(config.sizes[layer]), source)


@pytest.mark.parametrize("part", range(10))
def test_every_line_computed_as_it_is_written_gives_its_result(part):
    read = 0
    with mpmath.workdps(200):
        for seed in range(part, NETWORKS, 10):
            digits, lines = 2 + seed % 5, list(lines_of(seed))
            for name, computation, result in read_lines(lines_as_html(lines, digits, opened=False)):
                assert rounds_to(compute(computation), result), (seed, name, computation, result)
                read += 1
    assert read > 5 * NETWORKS / 10


def test_what_follows_from_the_written_line_is_a_right_answer():
    for seed in range(0, NETWORKS, 20):
        digits = 2 + seed % 5
        for line in lines_of(seed):
            _, *parts = line_to_compute(line, digits).split("<span>= ")
            if len(parts) < 3:
                continue
            result = format_line(line, digits).result.replace("−", "-")
            unit = mpmath.mpf(f"1e{Decimal(result).as_tuple().exponent}")
            question = Question(0, 0, Phase("loss"), (line,))
            with mpmath.workdps(200):
                exact = compute(text_of(parts[1]))
                rounded = float(mpmath.nint(exact / unit) * unit)
                assert check_answer(question, float(exact), digits), (seed, line.name)
                assert check_answer(question, rounded, digits), (seed, line.name)
                assert not check_answer(question, rounded + 12 * float(unit), digits), (seed, line)


@pytest.mark.parametrize(("value", "colour"), [(-0.25, "below"), (0.0, "zero"), (0.25, "above")])
def test_a_number_has_the_colour_of_its_sign_and_0_has_none(value, colour):
    line = Line("z", value, (Term((Factor("w", value),)),))
    classes = re.findall(r'class="(below|zero|above)"', lines_as_html([line], 3))
    assert classes == [colour, colour]
