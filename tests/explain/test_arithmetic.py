"""Arithmetic: written lines add up, for all numbers.

Here written numbers are fractions, without any rounding. A line's own value is computed in float64,
as a calculator would; rounding may move it by 2⁻⁵³ of each product for every operation in it.
"""

import math
import sys
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from nets.explain.arithmetic import (
    Factor,
    Function,
    Line,
    Term,
    format_exact,
    format_line,
    format_number,
    last_digit_unit,
    parse_number,
)

MINUS = "−"
ROUNDING = Fraction(1, 2**53)

digits = st.integers(2, 6)
finite = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.one_of(
    st.just(0.0),
    st.floats(-10, 10),
    st.floats(-1e30, 1e30).filter(lambda x: abs(x) > 1e-30),
    st.builds(lambda m, e: m * 10.0**e, st.floats(-9.9, 9.9), st.integers(-30, 30)),
).filter(lambda x: x == 0 or 1e-31 < abs(x) < 1e31)
factors = st.builds(
    Factor, st.just("s"), numbers, exact=st.booleans(), power=st.sampled_from([1, 1, 1, 2])
)
terms = st.builds(Term, st.lists(factors, min_size=1, max_size=3).map(tuple), st.booleans())


def line_of(terms, function=None):
    values = [tuple(f.value for f in term.factors) for term in terms]
    line = Line("n", 0.0, tuple(terms), function)
    return Line("n", line.compute(values), tuple(terms), function)


@st.composite
def cancelling(draw):
    """Draw a sum whose terms almost cancel."""
    value, share = draw(st.floats(0.1, 1e6)), draw(st.floats(1e-14, 1e-2))
    parts = [Term((Factor("s", value),)), Term((Factor("s", value * (1 - share)),), negative=True)]
    return line_of(draw(st.permutations([*parts, *draw(st.lists(terms, max_size=1))])))


lines = st.lists(terms, min_size=1, max_size=6).map(line_of) | cancelling()


def exactly(text):
    return Fraction(text.replace(MINUS, "-"))


def last_place(text):
    """One unit of the last digit, found by counting digits after the point."""
    mantissa, _, exponent = text.replace(MINUS, "-").partition("e")
    return Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def products(line, texts):
    for term, one in zip(line.terms, texts, strict=True):
        product = math.prod(
            exactly(text) ** f.power for text, f in zip(one, term.factors, strict=True)
        )
        yield -product if term.negative else product


def rounding_of(line, each):
    operations = max(sum(f.power for f in term.factors) for term in line.terms) + 1
    return operations * ROUNDING * sum(map(abs, each))


@given(lines, digits)
def test_a_written_line_adds_up_within_one_unit_of_its_last_digit(line, digits):
    shown = format_line(line, digits)
    each = list(products(line, shown.factors))
    missed = abs(sum(each) - exactly(shown.result))
    assert missed <= last_place(shown.result) * (1 + Fraction(1, 10**9)) + rounding_of(line, each)


@given(lines, digits)
def test_a_line_shows_its_own_value_with_the_digits_asked_for(line, digits):
    assert format_line(line, digits).result == format_number(line.value, digits)


@given(lines, digits)
def test_a_factor_has_at_least_the_digits_of_its_result_and_a_chosen_number_has_all(line, d):
    for term, texts in zip(line.terms, format_line(line, d).factors, strict=True):
        for factor, text in zip(term.factors, texts, strict=True):
            unit = 0 if factor.exact else last_place(text) / 2
            assert abs(exactly(text) - Fraction(factor.value)) <= max(
                unit, abs(Fraction(factor.value)) * ROUNDING
            )
            assert factor.exact or len(significant(text)) >= len(
                significant(format_number(factor.value, d))
            )


@given(
    st.floats(-30, 30),
    digits,
    st.sampled_from([math.tanh, lambda a: 1 - a * a, lambda z: 1 / (1 + math.exp(-z))]),
)
def test_a_function_of_the_written_number_gives_the_written_result(x, digits, of):
    shown = format_line(line_of([Term((Factor("z", x),))], Function("f({x})", of)), digits)
    ((text,),) = shown.factors
    missed = abs(Fraction(of(float(exactly(text)))) - exactly(shown.result))
    assert missed <= last_place(shown.result) * (1 + Fraction(1, 10**9))


def significant(text):
    mantissa = text.replace(MINUS, "").partition("e")[0].replace(".", "")
    return mantissa.lstrip("0") or mantissa


@given(finite | numbers, digits)
@example(9.9999996, 6)
@example(0.00001, 2)
@example(999999.96, 6)
def test_a_number_is_written_with_just_the_digits_asked_for_unless_its_whole_part_has_more(x, d):
    text = format_number(x, d)
    if "." not in text and "e" not in text and len(text.lstrip(MINUS)) > d:
        assert int(exactly(text)) == round(Fraction(x))
    else:
        assert len(significant(text)) == d


@given(finite | numbers, digits)
def test_a_written_number_is_within_half_a_unit_and_can_be_read_back(x, digits):
    text = format_number(x, digits)
    assert abs(exactly(text) - Fraction(x)) <= last_place(text) / 2
    assume(abs(exactly(text)) <= Fraction(sys.float_info.max))
    assert parse_number(text) == float(exactly(text))
    assume(last_place(text) >= Fraction(sys.float_info.min))
    assert last_digit_unit(text) == float(last_place(text))


@given(finite)
def test_a_chosen_number_is_written_as_it_is(x):
    assert parse_number(format_exact(x)) == x


@given(lines, st.integers(1, 4), digits)
def test_gathered_terms_keep_the_line_s_value_and_still_add_up(line, most, digits):
    gathered = line.shorten(most)
    assert gathered.value == line.value
    assert len(gathered.terms) == min(most, len(line.terms))
    assert gathered.terms[: most - 1] == line.terms[: most - 1]
    values = [tuple(format_exact(f.value) for f in term.factors) for term in gathered.terms]
    before = [tuple(format_exact(f.value) for f in term.factors) for term in line.terms]
    each = list(products(line, before))
    missed = abs(sum(products(gathered, values)) - sum(each))
    assert missed <= rounding_of(line, each)
    shown = format_line(gathered, digits)
    missed = abs(sum(products(gathered, shown.factors)) - exactly(shown.result))
    assert missed <= last_place(shown.result) * (1 + Fraction(1, 10**9)) + rounding_of(line, each)


anything = st.floats() | st.sampled_from([1e308, -1e308, 1e200, math.inf, -math.inf, math.nan])
wild = st.builds(Factor, st.just("s"), anything, exact=st.booleans(), power=st.integers(1, 2))
wild_terms = st.builds(Term, st.lists(wild, min_size=1, max_size=3).map(tuple), st.booleans())


@given(st.lists(wild_terms, max_size=4), anything, st.integers(1, 3), digits)
@example([Term((Factor("s", 1e200, power=2),))], math.inf, 2, 3)
@example([Term((Factor("s", 1e308),))] * 3, math.inf, 2, 3)
@example([Term((Factor("s", s),)) for s in (math.inf, -math.inf)], math.nan, 2, 3)
def test_infinite_and_very_large_numbers_can_be_written(terms, x, most, digits):
    line = Line("n", x, tuple(terms)).shorten(most)
    shown = format_line(line, digits)
    texts = [shown.result, *(text for one in shown.factors for text in one)]
    values = [line.value, *(f.value for term in line.terms for f in term.factors)]
    for text, value in zip(texts, values, strict=True):
        same = parse_number(text) == value or (math.isnan(parse_number(text)) and math.isnan(value))
        assert math.isfinite(value) or same


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_a_sum_with_an_infinite_part_equals_that_of_float64(value):
    parts = value, -math.inf, 1.0
    line = line_of([Term((Factor("s", part),)) for part in parts])
    assert str(line.value) == str(sum(parts))
